import { sql, type SQL } from 'drizzle-orm';
import type { AttemptOutcome, Callback, CallbackKind, CallbackTab } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../setup/index.ts';
import { type CallbackFacts, overdueAfterMs, type Reach } from './callback-rules.ts';

/** A callback as it is kept, with the names that lists show. */
export interface StoredCallback extends CallbackFacts {
  id: string;
  number: string;
  customerId: string | null;
  contactName: string;
  timeZone: string;
  note: string;
  sourceCallId: string | null;
  queuedAtMs: number | null;
  priority: number;
  createdBy: string | null;
  createdAtMs: number;
  version: number;
  names: { customer: string | null; queue: string | null; agent: string | null; claimedBy: string | null; createdBy: string | null };
}

interface Row extends Record<string, unknown> {
  id: string;
  kind: CallbackKind;
  number: string;
  customer_id: string | null;
  contact_name: string;
  queue_id: string | null;
  agent_id: string | null;
  due_at: Date | string;
  remind_at: Date | string;
  time_zone: string;
  note: string;
  state: StoredCallback['state'];
  tries: number;
  last_outcome: AttemptOutcome | null;
  claimed_by: string | null;
  claimed_until: Date | string | null;
  call_id: string | null;
  source_call_id: string | null;
  queued_at: Date | string | null;
  priority: number;
  created_by: string | null;
  created_at: Date | string;
  ended_at: Date | string | null;
  version: number;
  names: StoredCallback['names'];
}

const ms = (at: Date | string): number => new Date(at).getTime();
const msOrNull = (at: Date | string | null): number | null => (at === null ? null : ms(at));
const instant = (atMs: number | null): SQL => sql`${atMs === null ? null : new Date(atMs).toISOString()}::timestamptz`;
const uuids = (ids: Iterable<string>): SQL => sql`${sql.param([...ids])}::uuid[]`;

const read = (row: Row): StoredCallback => ({
  ...{ id: row.id, kind: row.kind, number: row.number, customerId: row.customer_id, contactName: row.contact_name, queueId: row.queue_id, agentId: row.agent_id },
  ...{ dueAtMs: ms(row.due_at), remindAtMs: ms(row.remind_at), timeZone: row.time_zone, note: row.note, state: row.state, tries: row.tries, lastOutcome: row.last_outcome },
  ...{ claimedBy: row.claimed_by, claimedUntilMs: msOrNull(row.claimed_until), callId: row.call_id, sourceCallId: row.source_call_id, queuedAtMs: msOrNull(row.queued_at) },
  ...{ priority: row.priority, createdBy: row.created_by, createdAtMs: ms(row.created_at), endedAtMs: msOrNull(row.ended_at), version: row.version, names: row.names },
});

const columns = sql`c.*, jsonb_build_object(
    'customer', (select cu.name from customers cu where cu.id = c.customer_id), 'queue', (select q.name from queues q where q.id = c.queue_id),
    'agent', (select u.name from users u where u.id = c.agent_id), 'claimedBy', (select u.name from users u where u.id = c.claimed_by),
    'createdBy', (select u.name from users u where u.id = c.created_by)) as names`;

async function rowsOf(connection: Connection, query: SQL): Promise<StoredCallback[]> {
  return (await connection.execute<Row>(query)).rows.map(read);
}

/** What somebody may see: what is or was theirs, what they made, what is free in their queues, and what those they look after have. */
const visible = (reach: Reach): SQL => {
  if (reach.others === null) return sql`true`;
  const queueIds = new Set([...reach.queueIds, ...reach.others.queueIds]);
  const agentIds = new Set([reach.userId, ...reach.others.agentIds]);
  return sql`(c.agent_id = any (${uuids(agentIds)}) or c.claimed_by = any (${uuids(agentIds)}) or c.created_by = any (${uuids(agentIds)})
    or (c.agent_id is null and c.queue_id = any (${uuids(queueIds)})))`;
};

export interface CallbackFilter {
  tab: CallbackTab;
  customerId?: string | undefined;
  queueId?: string | undefined;
  /** The last one of the page before: of ended ones when they ended, of others when they are due. */
  after?: { atMs: number; id: string } | undefined;
  limit: number;
  nowMs: number;
}

/** Ended ones the newest first, others those due first. */
export function listCallbacks(connection: Connection, reach: Reach, filter: CallbackFilter): Promise<StoredCallback[]> {
  const { tab, after, nowMs } = filter;
  const isEnded = tab === 'ended';
  const where = [
    isEnded ? sql`c.ended_at is not null` : sql`c.ended_at is null`,
    ...(tab === 'mine' ? [sql`(c.agent_id = ${reach.userId}::uuid or c.claimed_by = ${reach.userId}::uuid)`] : [visible(reach)]),
    ...(tab === 'queue' ? [sql`c.agent_id is null and c.queue_id = any (${uuids(reach.queueIds)})`] : []),
    ...(tab === 'overdue' ? [sql`c.due_at <= ${instant(nowMs - overdueAfterMs)} and c.state <> 'calling'`] : []),
    ...(filter.customerId === undefined ? [] : [sql`c.customer_id = ${filter.customerId}::uuid`]),
    ...(filter.queueId === undefined ? [] : [sql`c.queue_id = ${filter.queueId}::uuid`]),
    ...(after === undefined ? [] : [isEnded ? sql`(c.ended_at, c.id) < (${instant(after.atMs)}, ${after.id}::uuid)` : sql`(c.due_at, c.id) > (${instant(after.atMs)}, ${after.id}::uuid)`]),
  ];
  const order = isEnded ? sql`c.ended_at desc nulls last, c.id desc nulls last` : sql`c.due_at, c.id`;
  return rowsOf(connection, sql`select ${columns} from callbacks c where ${sql.join(where, sql` and `)} order by ${order} limit ${filter.limit}`);
}

/** Null: there is none, or the reach does not go there. Without a reach: whoever's it is. */
export async function findCallback(connection: Connection, id: string, reach?: Reach): Promise<StoredCallback | null> {
  const [found] = await rowsOf(connection, sql`select ${columns} from callbacks c where c.id = ${id}::uuid and ${reach ? visible(reach) : sql`true`}`);
  return found ?? null;
}

/** Takes it until the transaction ends. */
export async function lockCallback(tx: Transaction, id: string): Promise<StoredCallback | null> {
  await tx.execute(sql`select 1 from callbacks where id = ${id}::uuid for update`);
  return findCallback(tx, id);
}

export type NewCallback = Omit<StoredCallback, 'names' | 'version' | 'state' | 'tries' | 'lastOutcome' | 'claimedBy' | 'claimedUntilMs' | 'callId' | 'endedAtMs' | 'remindAtMs'>;

/** False when there is one already: of the same call, or of the same number in the same queue. Only places can clash so. */
export async function insertCallback(tx: Connection, one: NewCallback): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    insert into callbacks (id, kind, number, customer_id, contact_name, queue_id, agent_id, due_at, remind_at, time_zone, note, state, source_call_id, queued_at, priority, created_by, created_at)
    values (${one.id}::uuid, ${one.kind}, ${one.number}, ${one.customerId}::uuid, ${one.contactName}, ${one.queueId}::uuid, ${one.agentId}::uuid, ${instant(one.dueAtMs)}, ${instant(one.dueAtMs)},
      ${one.timeZone}, ${one.note}, 'open', ${one.sourceCallId}::uuid, ${instant(one.queuedAtMs)}, ${one.priority}, ${one.createdBy}::uuid, ${instant(one.createdAtMs)})
    on conflict do nothing returning id`);
  return rows.length > 0;
}

/** To be used with the row locked. */
export async function saveCallback(tx: Transaction, one: StoredCallback): Promise<void> {
  await tx.execute(sql`
    update callbacks set state = ${one.state}, queue_id = ${one.queueId}::uuid, agent_id = ${one.agentId}::uuid, due_at = ${instant(one.dueAtMs)}, remind_at = ${instant(one.remindAtMs)},
      time_zone = ${one.timeZone}, note = ${one.note}, contact_name = ${one.contactName}, customer_id = ${one.customerId}::uuid, tries = ${one.tries}, last_outcome = ${one.lastOutcome},
      claimed_by = ${one.claimedBy}::uuid, claimed_until = ${instant(one.claimedUntilMs)}, call_id = ${one.callId}::uuid, ended_at = ${instant(one.endedAtMs)}, version = version + 1
    where id = ${one.id}::uuid`);
}

/** False when this call was told already. */
export async function insertAttempt(tx: Transaction, attempt: { callbackId: string; callId: string; atMs: number; agentId: string | null; outcome: AttemptOutcome }): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    insert into callback_attempts (callback_id, call_id, at, agent_id, outcome)
    values (${attempt.callbackId}::uuid, ${attempt.callId}::uuid, ${instant(attempt.atMs)}, ${attempt.agentId}::uuid, ${attempt.outcome}) on conflict do nothing returning call_id`);
  return rows.length > 0;
}

export async function listAttempts(connection: Connection, callbackId: string): Promise<{ callId: string; at: string; agent: Callback['agent']; outcome: AttemptOutcome }[]> {
  const { rows } = await connection.execute<{ call_id: string; at: Date | string; agent_id: string | null; name: string | null; outcome: AttemptOutcome }>(sql`
    select a.call_id, a.at, a.agent_id, u.name, a.outcome from callback_attempts a left join users u on u.id = a.agent_id where a.callback_id = ${callbackId}::uuid order by a.at, a.call_id`);
  return rows.map((row) => ({ callId: row.call_id, at: new Date(row.at).toISOString(), agent: row.agent_id === null ? null : { id: row.agent_id, name: row.name ?? '' }, outcome: row.outcome }));
}

/** The place that a call, or this number in this queue, has already. */
export async function findPlace(connection: Connection, by: { callId: string; queueId: string; number: string }): Promise<StoredCallback | null> {
  const [found] = await rowsOf(connection, sql`
    select ${columns} from callbacks c where c.kind = 'keptPlace' and (c.source_call_id = ${by.callId}::uuid or (c.ended_at is null and c.queue_id = ${by.queueId}::uuid and c.number = ${by.number}))
    order by c.source_call_id = ${by.callId}::uuid desc limit 1`);
  return found ?? null;
}

export const openPlaces = (connection: Connection): Promise<StoredCallback[]> => rowsOf(connection, sql`select ${columns} from callbacks c where c.kind = 'keptPlace' and c.state = 'open' order by c.due_at, c.id`);

/** Claims whose time is over, and calls that nobody told the end of. */
export async function ranOut(connection: Connection, nowMs: number): Promise<string[]> {
  const { rows } = await connection.execute<{ id: string }>(sql`select id from callbacks where ended_at is null and claimed_until <= ${instant(nowMs)} order by claimed_until limit 500`);
  return rows.map((row) => row.id);
}

/** What is due, counted by whose it is. */
export async function countDue(connection: Connection, nowMs: number): Promise<{ agentId: string | null; queueId: string | null; due: number; overdue: number }[]> {
  const { rows } = await connection.execute<{ agent_id: string | null; queue_id: string | null; due: number; overdue: number }>(sql`
    select agent_id, queue_id, count(*) filter (where state = 'open' or agent_id is not null)::int as due, count(*) filter (where due_at <= ${instant(nowMs - overdueAfterMs)} and state <> 'calling')::int as overdue
    from callbacks where ended_at is null and due_at <= ${instant(nowMs)} group by agent_id, queue_id`);
  return rows.map((row) => ({ agentId: row.agent_id, queueId: row.queue_id, due: row.due, overdue: row.overdue }));
}

/** Of each of these people the first twenty of whose time to be reminded has come. */
export function listReminders(connection: Connection, userIds: Iterable<string>, nowMs: number): Promise<StoredCallback[]> {
  return rowsOf(connection, sql`
    select ${columns} from unnest(${uuids(userIds)}) as wanted(user_id), lateral (
      select * from callbacks o where o.agent_id = wanted.user_id and o.ended_at is null and o.state <> 'calling' and o.remind_at <= ${instant(nowMs)} order by o.due_at, o.id limit 20) c
    order by c.due_at, c.id`);
}

/** When the next one becomes due or is to be reminded of; null when there is none. */
export async function nextChangeAt(connection: Connection, nowMs: number): Promise<number | null> {
  const { rows } = await connection.execute<{ at: Date | string | null }>(sql`
    select least((select min(due_at) from callbacks where ended_at is null and due_at > ${instant(nowMs)}),
                 (select min(remind_at) from callbacks where ended_at is null and agent_id is not null and remind_at > ${instant(nowMs)})) as at`);
  return rows[0]?.at == null ? null : ms(rows[0].at);
}
