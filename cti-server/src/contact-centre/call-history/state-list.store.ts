/** What agents were, when, and for how long: spans of time, folded from the ledger. */
import { sql } from 'drizzle-orm';
import { type ListDeclaration, withinPeople } from '../../crm/lists/index.ts';
import { readReasonCodes } from './call-list.store.ts';
import { labels, stateOptions } from './list-words.ts';

export const stateList: ListDeclaration = {
  name: 'agentState',
  label: labels('Estado', 'State', '状态', '狀態'),
  plural: labels('Estados de agentes', 'Agent states', '坐席状态', '客服狀態'),
  icon: 'history',
  table: sql`agent_spans`,
  idType: 'bigint',
  fields: {
    agentId: { kind: 'user', label: labels('Agente', 'Agent', '坐席', '客服人員'), filled: true },
    state: { kind: 'pick', label: labels('Estado', 'State', '状态', '狀態'), options: stateOptions, filled: true },
    reasonCodeId: { kind: 'pick', sqlType: 'uuid', label: labels('Motivo', 'Reason', '原因', '原因'), readOptions: readReasonCodes },
    fromAt: { kind: 'instant', label: labels('Desde', 'From', '开始', '開始'), filled: true, sortable: true },
    untilAt: { kind: 'instant', filterable: false, label: labels('Hasta', 'To', '结束', '結束') },
    seconds: { kind: 'number', unit: 'seconds', sqlType: 'numeric', label: labels('Duración', 'Duration', '时长', '時長'), expression: sql`round(extract(epoch from t.until_at - t.from_at))`, sortable: true },
    callId: { kind: 'text', label: labels('Llamada', 'Call', '通话', '通話'), filterable: false },
  },
  atField: 'fromAt',
  titleField: 'agentId',
  listFields: ['agentId', 'state', 'reasonCodeId', 'fromAt', 'untilAt', 'seconds'],
  order: '-fromAt',
  led: ['reasonCodeId', 'agentId'],
  access: ['floor.read', 'floor.manage'],
  reach: ({ userIds }) => Promise.resolve(withinPeople('agent_id', userIds)),
};
