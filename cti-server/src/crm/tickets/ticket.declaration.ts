import type { Labels, PickOption, TicketRules } from '../../contracts/index.ts';
import { Refusal } from '../../platform/errors.ts';
import type { RecordDeclaration, StoredValues } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import type { Timeline } from '../timeline/index.ts';
import { chooseByRoutes, type UsersWithSkills } from './ticket-assignment.ts';
import { firstTicketRules, refusalOfMove } from './ticket-flow-rules.ts';
import { closedAtAfter, type TicketStatus } from './ticket-rules.ts';
import { readTicketRules } from './ticket-rules.store.ts';
import { findTicketRow } from './tickets.store.ts';
import { tellTimeline } from './tickets.service.ts';

const words = (es: string, en: string, zhCn: string, zhTw: string): Labels => ({ es, en, 'zh-CN': zhCn, 'zh-TW': zhTw });
const option = (value: string, ...label: Parameters<typeof words>): PickOption => ({ value, label: words(...label), retired: false });

/** What somebody has to do something about. Its assignee is the record's owner: nobody's tickets may be taken by anybody who takes tickets. */
export const ticketDeclaration = (parts: { timeline: Pick<Timeline, 'recordTicket' | 'noteContact'>; usersWithSkills?: UsersWithSkills }): RecordDeclaration => ({
  name: 'ticket',
  table: 'tickets',
  columns: { ownerId: 'assignee_id', createdAt: 'opened_at' },
  label: words('Ticket', 'Ticket', '工单', '工單'),
  plural: words('Tickets', 'Tickets', '工单', '工單'),
  icon: 'ticket',
  titleField: 'subject',
  stageField: 'status',
  listFields: ['number', 'subject', 'status', 'priority', 'kind', 'customerId'],
  ownedByMaker: false,
  unownedIsForAll: true,
  picks: async (connection) => ({ kind: picksOf(await readTicketRules(connection)) }),
  fields: {
    number: { kind: 'number', readOnly: true, label: words('Número', 'Number', '编号', '編號') },
    subject: { kind: 'text', required: true, max: 200, searchable: true, label: words('Asunto', 'Subject', '主题', '主旨') },
    description: { kind: 'longText', emptyText: true, searchable: true, label: words('Descripción', 'Description', '描述', '描述') },
    kind: {
      kind: 'pick',
      required: true,
      initial: 'question',
      indexed: true,
      label: words('Tipo', 'Kind', '类型', '類型'),
      // the company's own, see `picks`
      options: picksOf(firstTicketRules).options,
    },
    status: {
      kind: 'pick',
      required: true,
      initial: 'open',
      indexed: true,
      label: words('Estado', 'Status', '状态', '狀態'),
      options: [
        option('open', 'Abierto', 'Open', '待处理', '待處理'),
        option('inProgress', 'En curso', 'In progress', '处理中', '處理中'),
        option('waitingForCustomer', 'Espera al cliente', 'Waiting for customer', '等待客户', '等待客戶'),
        option('solved', 'Resuelto', 'Solved', '已解决', '已解決'),
        option('closed', 'Cerrado', 'Closed', '已关闭', '已關閉'),
      ],
    },
    priority: {
      kind: 'pick',
      required: true,
      initial: 'normal',
      indexed: true,
      label: words('Prioridad', 'Priority', '优先级', '優先順序'),
      options: [option('low', 'Baja', 'Low', '低', '低'), option('normal', 'Normal', 'Normal', '普通', '一般'), option('high', 'Alta', 'High', '高', '高'), option('urgent', 'Urgente', 'Urgent', '紧急', '緊急')],
    },
    customerId: { kind: 'link', linkTo: 'customer', label: words('Cliente', 'Customer', '客户', '客戶') },
    /** The call it was opened from. */
    callId: { kind: 'link', linkTo: 'call', readOnly: true, label: words('Llamada', 'Call', '通话', '通話') },
    closedAt: { kind: 'instant', readOnly: true, indexed: true, label: words('Cerrado el', 'Closed at', '关闭时间', '關閉時間') },
  },
  hooks: {
    async beforeSave({ tx, before, after, nowMs }) {
      if (!after) return;
      const rules = await readTicketRules(tx, true);
      refuseMove(rules.kinds, before && placeOf(before), placeOf(after));
      const closedAt = before?.fields['closedAt'];
      const next = closedAtAfter(placeOf(after).status, typeof closedAt === 'string' ? new Date(closedAt) : null, new Date(nowMs));
      after.fields['closedAt'] = next?.toISOString() ?? null;
      if (before === null && after.ownerId === null && next === null && rules.assignAtOpening) {
        const chosen = await chooseByRoutes(tx, rules, after.fields, parts.usersWithSkills ?? (() => Promise.resolve([])));
        if (typeof chosen !== 'string') after.ownerId = chosen.assignee.userId;
      }
    },
    async afterComment({ tx, id, nowMs, toCustomer }) {
      const row = toCustomer ? await findTicketRow(tx, id) : undefined;
      if (row?.customerId) await parts.timeline.noteContact(tx, row.customerId, nowMs);
    },
    async afterSave({ tx, id, after }) {
      const row = await findTicketRow(tx, id);
      if (row) await tellTimeline(parts.timeline, tx, after === null ? { ...row, customerId: null } : row);
    },
  },
});

const placeOf = ({ fields }: StoredValues): { kind: string; status: TicketStatus } => ({ kind: String(fields['kind']), status: fields['status'] as TicketStatus });
const picksOf = (rules: TicketRules): { options: PickOption[]; initial: string } => ({
  options: rules.kinds.map(({ value, label, retired }) => ({ value, label, retired })),
  initial: rules.kinds.find((one) => !one.retired)?.value ?? 'other',
});

/** 400 for a kind that cannot be had, 409 `ticketFlow` with the ways there are. */
function refuseMove(kinds: TicketRules['kinds'], before: ReturnType<typeof placeOf> | null, after: ReturnType<typeof placeOf>): void {
  const refusal = refusalOfMove(kinds, before, after);
  if (refusal === null) return;
  if (refusal.reason !== 'notInFlow') throw wrongField('fields.kind', refusal.reason === 'unknownKind' ? 'there is no such kind' : 'this kind is no longer used');
  const from = before?.status ?? null;
  throw new Refusal(409, 'ticketFlow', `A ticket of this kind does not become ${after.status} from ${from ?? 'nothing'}.`, { field: 'fields.status', details: { from, to: after.status, allowed: refusal.allowed } });
}
