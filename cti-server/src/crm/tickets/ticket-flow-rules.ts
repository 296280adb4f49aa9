/** Kinds of tickets and the ways of each: pure decisions. */
import type { Labels, TicketFlow, TicketKindRule, TicketRules } from '../../contracts/index.ts';
import type { TicketStatus } from './ticket-rules.ts';

/** Nothing stands in the way of whoever works on a ticket; what is closed is opened again before it goes on. */
export const openFlow: TicketFlow = {
  open: ['inProgress', 'waitingForCustomer', 'solved', 'closed'],
  inProgress: ['open', 'waitingForCustomer', 'solved', 'closed'],
  waitingForCustomer: ['open', 'inProgress', 'solved', 'closed'],
  solved: ['open', 'inProgress', 'closed'],
  closed: ['open', 'inProgress'],
};

const kind = (value: string, es: string, en: string, zhCn: string, zhTw: string): TicketKindRule => {
  const label: Labels = { es, en, 'zh-CN': zhCn, 'zh-TW': zhTw };
  return { value, label, retired: false, initial: 'open', flow: openFlow };
};

/** What holds until a company makes its own. */
export const firstTicketRules: TicketRules = {
  kinds: [
    kind('question', 'Consulta', 'Question', '咨询', '諮詢'),
    kind('complaint', 'Reclamación', 'Complaint', '投诉', '客訴'),
    kind('repair', 'Reparación', 'Repair', '维修', '維修'),
    kind('suggestion', 'Sugerencia', 'Suggestion', '建议', '建議'),
    kind('order', 'Pedido', 'Order', '订单', '訂單'),
    kind('other', 'Otro', 'Other', '其他', '其他'),
  ],
  routes: [],
  assignAtOpening: false,
  version: 0,
};

export type FlowRefusal = { reason: 'unknownKind' } | { reason: 'retiredKind' } | { reason: 'notInFlow'; allowed: TicketStatus[] };

/**
 * Why a ticket may not become what it would be; null when it may. A ticket keeps a kind that was retired, and a status that its kind no
 * longer has, until one of the two is changed.
 * @param before null for a new ticket, which may begin with any status of its kind
 */
export function refusalOfMove(kinds: readonly TicketKindRule[], before: { kind: string; status: TicketStatus } | null, after: { kind: string; status: TicketStatus }): FlowRefusal | null {
  if (before?.kind === after.kind && before.status === after.status) return null;
  const rule = kinds.find((one) => one.value === after.kind);
  if (!rule) return { reason: 'unknownKind' };
  if (rule.retired && before?.kind !== after.kind) return { reason: 'retiredKind' };
  const known = Object.keys(rule.flow) as TicketStatus[];
  if (before === null || before.status === after.status) return known.includes(after.status) ? null : { reason: 'notInFlow', allowed: known };
  // from a status that the kind does not have, it goes to any that it has
  const allowed = rule.flow[before.status] ?? known;
  return allowed.includes(after.status) && known.includes(after.status) ? null : { reason: 'notInFlow', allowed: allowed.filter((status) => known.includes(status)) };
}

/** What is wrong with rules that somebody wrote, as the field and why; null when they can be used. */
export function faultOfRules(rules: TicketRules, before: TicketRules): { field: string; message: string } | null {
  if (rules.kinds.every((one) => one.retired)) return { field: 'kinds', message: 'at least one kind can be chosen' };
  for (const [at, { value, initial, flow }] of rules.kinds.entries()) {
    const path = `kinds.${String(at)}`;
    if (rules.kinds.findIndex((one) => one.value === value) !== at) return { field: `${path}.value`, message: 'two kinds have this value' };
    if (!(initial in flow)) return { field: `${path}.initial`, message: 'new tickets begin with a status of the kind' };
    for (const [from, to] of Object.entries(flow)) if (to.some((status) => !(status in flow) || status === from)) return { field: `${path}.flow.${from}`, message: 'leads to a status that the kind does not have' };
  }
  // tickets keep their kind for ever: one that is there is retired, never taken away
  const lost = before.kinds.find((one) => !rules.kinds.some(({ value }) => value === one.value));
  return lost === undefined ? null : { field: 'kinds', message: `${lost.value} can be retired, not removed` };
}
