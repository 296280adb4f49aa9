import { sql } from 'drizzle-orm';
import type { TimelineEntry } from '../../contracts/index.ts';
import { type Connection, runPrepared } from '../database.store.ts';

interface EntryRow extends Record<string, unknown> {
  id: string;
  at: Date | string;
  kind: TimelineEntry['kind'];
  summary: string;
  data: Record<string, unknown>;
  ref_id: string | null;
  user_id: string | null;
  user_name: string | null;
}

const toEntry = (row: EntryRow): TimelineEntry => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  kind: row.kind,
  summary: row.summary,
  data: row.data,
  refId: row.ref_id,
  userId: row.user_id,
  userName: row.user_name,
});

export async function customerExists(connection: Connection, customerId: string): Promise<boolean> {
  const { rows } = await connection.execute(sql`select from customers where id = ${customerId}::uuid and deleted_at is null`);
  return rows.length > 0;
}

/** The newest first, behind `after` (an instant and an id). */
export async function listEntries(
  connection: Connection,
  customerId: string,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<TimelineEntry[]> {
  const behind = after === undefined ? sql`true` : sql`(e.at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const { rows } = await connection.execute<EntryRow>(sql`
    select e.id, e.at, e.kind, e.summary, e.data, e.ref_id, e.user_id, u.name as user_name
    from timeline_entries e left join users u on u.id = e.user_id
    where e.customer_id = ${customerId}::uuid and ${behind}
    order by e.at desc nulls last, e.id desc nulls last limit ${limit}`);
  return rows.map(toEntry);
}

export interface NewEntry {
  id: string;
  customerId: string;
  at: Date;
  kind: TimelineEntry['kind'];
  summary: string;
  data: Record<string, unknown>;
  userId: string | null;
}

/** Throws Postgres' foreign key violation when there is no such customer. */
export async function insertEntry(connection: Connection, entry: NewEntry): Promise<TimelineEntry> {
  const { rows } = await connection.execute<EntryRow>(sql`
    with e as (
      insert into timeline_entries (id, customer_id, at, kind, summary, data, user_id)
      values (${entry.id}::uuid, ${entry.customerId}::uuid, ${entry.at.toISOString()}::timestamptz, ${entry.kind}, ${entry.summary},
              ${JSON.stringify(entry.data)}::jsonb, ${entry.userId}::uuid)
      returning *)
    select e.*, u.name as user_name from e left join users u on u.id = e.user_id`);
  const [made] = rows;
  if (!made) throw new Error('The new timeline entry was not returned.');
  return toEntry(made);
}

export interface ReferringEntry extends NewEntry {
  refId: string;
}

/** One entry per ticket: told again, it is changed; with another customer, it moves. */
export async function saveTicketEntry(connection: Connection, entry: ReferringEntry): Promise<void> {
  await connection.execute(sql`
    insert into timeline_entries (id, customer_id, at, kind, summary, data, ref_id, user_id)
    values (${entry.id}::uuid, ${entry.customerId}::uuid, ${entry.at.toISOString()}::timestamptz, 'ticket', ${entry.summary},
            ${JSON.stringify(entry.data)}::jsonb, ${entry.refId}::uuid, ${entry.userId}::uuid)
    on conflict (ref_id, kind) where ref_id is not null
    do update set customer_id = excluded.customer_id, summary = excluded.summary, data = excluded.data`);
}

export async function insertEarlierNote(connection: Connection, entry: ReferringEntry): Promise<void> {
  await connection.execute(sql`
    insert into timeline_entries (id, customer_id, at, kind, summary, data, ref_id, user_id)
    values (${entry.id}::uuid, ${entry.customerId}::uuid, ${entry.at.toISOString()}::timestamptz, 'note', ${entry.summary},
            ${JSON.stringify(entry.data)}::jsonb, ${entry.refId}::uuid, ${entry.userId}::uuid)
    on conflict (ref_id, kind) where ref_id is not null do nothing`);
}

/** Somebody was in touch with the customer, in another way than a call. */
export async function saveContactTime(connection: Connection, customerId: string, at: Date): Promise<void> {
  await connection.execute(sql`update customers set last_contact_at = greatest(last_contact_at, ${at.toISOString()}::timestamptz) where id = ${customerId}::uuid`);
}

export async function removeEarlierNotes(connection: Connection, customerId: string, refIds: readonly string[]): Promise<void> {
  await connection.execute(sql`delete from timeline_entries where customer_id = ${customerId}::uuid and kind = 'note' and ref_id = any (${sql.param([...refIds])}::uuid[])`);
}

export async function removeTicketEntry(connection: Connection, ticketId: string): Promise<void> {
  await connection.execute(sql`delete from timeline_entries where ref_id = ${ticketId}::uuid and kind = 'ticket'`);
}

/** Worded from all that is known, also what an earlier telling said: the disposition, or else the queue, and the beginning of the notes. */
const summaryOf = (data: string): string => `concat_ws(': ',
  nullif(coalesce(nullif(${data}->>'dispositionName', ''), ${data}->>'queueName'), ''),
  nullif(left(regexp_replace(trim(${data}->>'notes'), '\\s+', ' ', 'g'), 200), ''))`;

/** Only who was talked with was contacted: a call that nobody took is none. */
const wasAnswered = (data: string): string => `(${data}->>'outcome' = 'answered' or ${data}->>'talkSeconds' is not null)`;

// Which customers it concerns is put together first: "this one or those" in one condition would read every customer there is.
// A customer who was made one with another while the call went on is that other one.
const saveCall = `
  with before as (select customer_id, data from timeline_entries where ref_id = $5::uuid and kind = 'call'),
  known as (select coalesce((select data from before), '{}') || $4::jsonb as data),
  whose as (select coalesce((select merged_into_id from customers where id = $2::uuid), $2::uuid) as id),
  saved as (
    insert into timeline_entries as t (id, customer_id, at, kind, summary, data, ref_id, user_id)
    select $1::uuid, whose.id, $3::timestamptz, 'call', ${summaryOf('$4::jsonb')}, $4::jsonb, $5::uuid, $6::uuid from whose
    on conflict (ref_id, kind) where ref_id is not null do update set
      customer_id = excluded.customer_id, at = excluded.at, data = t.data || excluded.data,
      summary = ${summaryOf('(t.data || excluded.data)')}, user_id = coalesce(excluded.user_id, t.user_id))
  update customers c set last_contact_at = case
    when c.id = (select id from whose) then greatest(c.last_contact_at, case when (select ${wasAnswered('known.data')} from known) then $3::timestamptz end)
    else (select max(e.at) from timeline_entries e where e.customer_id = c.id and e.kind = 'call' and e.ref_id <> $5::uuid and ${wasAnswered('e.data')}) end
  where c.id = any (array(select id from whose union select customer_id from before))`;

/**
 * One entry per call. What is told later is added to what is known; it moves when the call turns out to be another customer's. The
 * customers' last contact follows, in the same statement.
 */
export async function saveCallEntry(connection: Connection, entry: Omit<ReferringEntry, 'kind' | 'summary'>): Promise<void> {
  const values = [entry.id, entry.customerId, entry.at.toISOString(), JSON.stringify(entry.data), entry.refId, entry.userId];
  await runPrepared(connection, 'save-call-entry', saveCall, values);
}
