/** The calls as a list: of an agent, a customer, a queue. */
import { sql } from 'drizzle-orm';
import type { PickOption } from '../../contracts/index.ts';
import type { Database } from '../../db/index.ts';
import { type ListDeclaration, matches, withinPeople } from '../../crm/lists/index.ts';
import { directionOptions, endedByOptions, labels, nameOption, outcomeOptions } from './list-words.ts';

type Reader = Pick<Database, 'execute'>;
const readNames =
  (table: 'queues' | 'dispositions' | 'reason_codes') =>
  async (connection: Reader): Promise<PickOption[]> => {
    const { rows } = await connection.execute<{ id: string; name: string }>(sql`select id, name from ${sql.identifier(table)} order by lower(name) limit 1000`);
    return rows.map(({ id, name }) => nameOption(id, name));
  };
export const readReasonCodes = readNames('reason_codes');

/** A number that called in vain and has not been spoken with since, in either direction: somebody should call back. */
const toReturn = sql`(t.answered_at is null and t.ended_at is not null and t.returned_by_id is null and t.from_e164 is not null and t.direction = 'inbound' and t.outcome <> 'notInService')`;

/** People know a number by its end, and there is an index for that. */
const endsWith = (text: string) => sql`reverse(t.from_e164) collate "C" like ${`${[...text.replaceAll(/[^\d+]/g, '')].reverse().join('')}%`}`;

/** More queues than this are looked up at once rather than one by one. */
const mostQueuesInOrder = 60;

const seconds = { kind: 'number', unit: 'seconds', sqlType: 'numeric' } as const;
const ofItsAgent = sql`w.call_id = t.id and w.agent_id = t.agent_id`;

export const callList: ListDeclaration = {
  name: 'call',
  label: labels('Llamada', 'Call', '通话', '通話'),
  plural: labels('Llamadas', 'Calls', '通话', '通話'),
  icon: 'phone',
  table: sql`calls`,
  idType: 'uuid',
  fields: {
    number: { kind: 'phone', label: labels('Número', 'Number', '号码', '號碼'), expression: sql`t.from_e164`, containing: endsWith },
    customerId: { kind: 'link', linkTo: 'customer', label: labels('Cliente', 'Customer', '客户', '客戶') },
    startedAt: { kind: 'instant', label: labels('Cuándo', 'When', '时间', '時間'), filled: true, sortable: true },
    direction: { kind: 'pick', label: labels('Sentido', 'Direction', '方向', '方向'), options: directionOptions, filled: true },
    outcome: { kind: 'pick', label: labels('Resultado', 'Outcome', '结果', '結果'), options: outcomeOptions },
    queueId: { kind: 'pick', sqlType: 'uuid', label: labels('Cola', 'Queue', '队列', '佇列'), readOptions: readNames('queues') },
    agentId: { kind: 'user', label: labels('Agente', 'Agent', '坐席', '客服人員') },
    waitSeconds: { ...seconds, sortable: true, label: labels('Espera', 'Wait', '等待', '等待'), expression: sql`round(extract(epoch from coalesce(t.answered_at, t.ended_at) - t.queued_at))` },
    talkSeconds: { ...seconds, sortable: true, label: labels('Conversación', 'Talk', '通话时长', '通話時間'), expression: sql`round(extract(epoch from t.ended_at - t.answered_at))` },
    wrapUpSeconds: { ...seconds, filterable: false, label: labels('Tipificación', 'Wrap-up', '话后处理', '話後處理'), expression: sql`(select round(extract(epoch from w.completed_at - w.started_at)) from wrap_ups w where ${ofItsAgent})` },
    dispositionId: { kind: 'pick', sqlType: 'uuid', label: labels('Tipo de cierre', 'Disposition', '处理结果', '處理結果'), readOptions: readNames('dispositions') },
    endedBy: { kind: 'pick', label: labels('Colgó', 'Ended by', '挂断方', '掛斷方'), options: endedByOptions },
    toReturn: { kind: 'yesNo', label: labels('Por devolver', 'To return', '待回电', '待回電'), expression: toReturn, filled: true },
    notes: { kind: 'longText', filterable: false, label: labels('Notas', 'Notes', '备注', '備註'), expression: sql`(select nullif(w.notes, '') from wrap_ups w where ${ofItsAgent})` },
    dialledNumber: { kind: 'phone', label: labels('Número propio', 'Our number', '我方号码', '我方號碼'), filled: true },
    withheld: { kind: 'yesNo', label: labels('Número oculto', 'Number withheld', '隐藏号码', '隱藏號碼'), expression: sql`(t.from_e164 is null)`, filled: true },
    answeredAt: { kind: 'instant', label: labels('Atendida a las', 'Answered at', '接听时间', '接聽時間') },
    endedAt: { kind: 'instant', label: labels('Terminada a las', 'Ended at', '结束时间', '結束時間') },
  },
  atField: 'startedAt',
  titleField: 'number',
  listFields: ['number', 'customerId', 'startedAt', 'outcome', 'queueId', 'agentId', 'waitSeconds', 'talkSeconds', 'dispositionId'],
  order: '-startedAt',
  led: ['customerId', 'number', 'toReturn', 'withheld', 'agentId', 'dispositionId', 'dialledNumber', 'queueId', 'direction', 'outcome'],
  access: ['calls.read'],
  async reach({ userIds, scope }, connection) {
    const taken = withinPeople('agent_id', userIds);
    if (userIds === null) return taken;
    const { rows } = await connection.execute<{ id: string }>(sql`select distinct queue_id as id from queue_agents where user_id = any (${sql.param([...userIds])}::uuid[])`);
    // what nobody took is for those who serve the queue to return; who leads them sees who waits there as well
    const untaken = scope === 'own' ? sql`t.agent_id is null and t.answered_at is null and t.ended_at is not null` : sql`t.agent_id is null`;
    const lost = sql`${untaken} and t.queue_id = any (${sql.param(rows.map((row) => row.id))}::uuid[])`;
    return { reaches: [...taken.reaches, lost], inOrder: taken.inOrder && rows.length <= mostQueuesInOrder ? [...taken.inOrder, ...rows.map((row) => sql`${untaken} and t.queue_id = ${row.id}::uuid`)] : undefined };
  },
  search(words, digits) {
    const customers = words.length === 0 ? sql`false` : sql`t.customer_id in (select c.id from customers c where ${matches(sql`c.search_text`, words, { walked: false })} limit 2000)`;
    return digits === null ? customers : sql`(${endsWith(digits)} or ${customers})`;
  },
};
