import type { Labels, PickOption } from '../../contracts/index.ts';
import type { RecordDeclaration } from '../records/index.ts';
import type { Timeline } from '../timeline/index.ts';
import { closedAtAfter, type TicketStatus } from './ticket-rules.ts';
import { findTicketRow } from './tickets.store.ts';
import { tellTimeline } from './tickets.service.ts';

const words = (es: string, en: string, zhCn: string, zhTw: string): Labels => ({ es, en, 'zh-CN': zhCn, 'zh-TW': zhTw });
const option = (value: string, ...label: Parameters<typeof words>): PickOption => ({ value, label: words(...label), retired: false });

/** What somebody has to do something about. Its assignee is the record's owner: nobody's tickets may be taken by anybody who takes tickets. */
export const ticketDeclaration = (parts: { timeline: Pick<Timeline, 'recordTicket'> }): RecordDeclaration => ({
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
      options: [
        option('question', 'Consulta', 'Question', '咨询', '諮詢'),
        option('complaint', 'Reclamación', 'Complaint', '投诉', '客訴'),
        option('repair', 'Reparación', 'Repair', '维修', '維修'),
        option('suggestion', 'Sugerencia', 'Suggestion', '建议', '建議'),
        option('order', 'Pedido', 'Order', '订单', '訂單'),
        option('other', 'Otro', 'Other', '其他', '其他'),
      ],
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
    beforeSave({ before, after, nowMs }) {
      if (after) {
        const closedAt = before?.fields['closedAt'];
        const next = closedAtAfter(after.fields['status'] as TicketStatus, typeof closedAt === 'string' ? new Date(closedAt) : null, new Date(nowMs));
        after.fields['closedAt'] = next?.toISOString() ?? null;
      }
      return Promise.resolve();
    },
    async afterSave({ tx, id, after }) {
      const row = await findTicketRow(tx, id);
      if (row) await tellTimeline(parts.timeline, tx, after === null ? { ...row, customerId: null } : row);
    },
  },
});
