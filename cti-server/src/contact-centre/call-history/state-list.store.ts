/** What agents were, when, and for how long: the changes of state in the ledger, read as spans of time. */
import { sql } from 'drizzle-orm';
import type { ListDeclaration } from '../../crm/lists/index.ts';
import { readReasonCodes } from './call-list.store.ts';
import { labels, stateOptions } from './list-words.ts';

/** More time for after-call work, for instance, writes the same state again: that is still the same span. */
const sameState = (other: string) => sql.raw(`${other}.state = t.state and ${other}.reason_code_id is not distinct from t.reason_code_id and ${other}.call_id is not distinct from t.call_id`);
const until = sql`(select n.at from agent_events n where n.agent_id = t.agent_id and n.seq > t.seq and not (${sameState('n')}) order by n.seq limit 1)`;
const isBeginning = sql`not exists (select from (select p.* from agent_events p where p.agent_id = t.agent_id and p.seq < t.seq order by p.seq desc limit 1) as p where ${sameState('p')})`;

export const stateList: ListDeclaration = {
  name: 'agentState',
  label: labels('Estado', 'State', '状态', '狀態'),
  plural: labels('Estados de agentes', 'Agent states', '坐席状态', '客服狀態'),
  icon: 'history',
  table: sql`agent_events`,
  idType: 'bigint',
  only: isBeginning,
  fields: {
    agentId: { kind: 'user', label: labels('Agente', 'Agent', '坐席', '客服人員'), filled: true },
    state: { kind: 'pick', label: labels('Estado', 'State', '状态', '狀態'), options: stateOptions, filled: true },
    reasonCodeId: { kind: 'pick', sqlType: 'uuid', label: labels('Motivo', 'Reason', '原因', '原因'), readOptions: readReasonCodes },
    at: { kind: 'instant', label: labels('Desde', 'From', '开始', '開始'), filled: true, sortable: true },
    until: { kind: 'instant', label: labels('Hasta', 'To', '结束', '結束'), expression: until },
    seconds: { kind: 'number', unit: 'seconds', sqlType: 'numeric', label: labels('Duración', 'Duration', '时长', '時長'), expression: sql`round(extract(epoch from ${until} - t.at))` },
    callId: { kind: 'link', linkTo: 'call', label: labels('Llamada', 'Call', '通话', '通話') },
  },
  atField: 'at',
  titleField: 'agentId',
  listFields: ['agentId', 'state', 'reasonCodeId', 'at', 'until', 'seconds'],
  order: '-at',
  led: ['reasonCodeId', 'agentId'],
  access: ['floor.read', 'floor.manage'],
  reach({ userIds }) {
    return [userIds === null ? sql`true` : sql`t.agent_id = any (${sql.param([...userIds])}::uuid[])`];
  },
};
