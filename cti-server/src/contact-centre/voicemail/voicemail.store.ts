import { sql, type SQL } from 'drizzle-orm';
import type { Voicemail, VoicemailState } from '../../contracts/index.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Connection, Transaction } from '../setup/index.ts';

export interface StoredVoicemail {
  id: string;
  callId: string;
  lineId: string;
  recordingId: string;
  queueId: string;
  fromRaw: string;
  fromE164: string | null;
  customerId: string | null;
  recordedAtMs: number;
  seconds: number;
  sound: Voicemail['sound'];
  heardBy: string | null;
  heardAtMs: number | null;
  assigneeId: string | null;
  state: VoicemailState;
  transcript: string;
  note: string;
  version: number;
  names: { queue: string; customer: string | null; heardBy: string | null; assignee: string | null };
}

interface Row extends Record<string, unknown> {
  id: string;
  call_id: string;
  line_id: string;
  recording_id: string;
  queue_id: string;
  from_raw: string;
  from_e164: string | null;
  customer_id: string | null;
  recorded_at: Date | string;
  seconds: number;
  sound: Voicemail['sound'];
  heard_by: string | null;
  heard_at: Date | string | null;
  assignee_id: string | null;
  state: VoicemailState;
  transcript: string;
  note: string;
  version: number;
  names: StoredVoicemail['names'];
}

const instant = (atMs: number | null): SQL => sql`${atMs === null ? null : new Date(atMs).toISOString()}::timestamptz`;
const uuids = (ids: Iterable<string>): SQL => sql`${sql.param([...ids])}::uuid[]`;
const read = (row: Row): StoredVoicemail => ({
  ...{ id: row.id, callId: row.call_id, lineId: row.line_id, recordingId: row.recording_id, queueId: row.queue_id, fromRaw: row.from_raw, fromE164: row.from_e164, customerId: row.customer_id },
  ...{ recordedAtMs: new Date(row.recorded_at).getTime(), seconds: row.seconds, sound: row.sound, heardBy: row.heard_by, heardAtMs: row.heard_at === null ? null : new Date(row.heard_at).getTime() },
  ...{ assigneeId: row.assignee_id, state: row.state, transcript: row.transcript, note: row.note, version: row.version, names: row.names },
});

const columns = sql`v.*, jsonb_build_object(
    'queue', (select q.name from queues q where q.id = v.queue_id), 'customer', (select cu.name from customers cu where cu.id = v.customer_id),
    'heardBy', (select u.name from users u where u.id = v.heard_by), 'assignee', (select u.name from users u where u.id = v.assignee_id)) as names`;

export function viewOfVoicemail(one: StoredVoicemail): Voicemail {
  const { names } = one;
  const named = (id: string | null, name: string | null): { id: string; name: string } | null => (id === null ? null : { id, name: name ?? '' });
  return {
    ...{ id: one.id, callId: one.callId, queue: { id: one.queueId, name: names.queue }, customer: named(one.customerId, names.customer) },
    from: { raw: one.fromRaw, e164: one.fromE164, country: one.fromE164 === null ? null : normaliseNumber(one.fromE164, '').country },
    ...{ recordedAt: new Date(one.recordedAtMs).toISOString(), seconds: one.seconds, sound: one.sound, state: one.state, heardBy: named(one.heardBy, names.heardBy) },
    ...{ heardAt: one.heardAtMs === null ? null : new Date(one.heardAtMs).toISOString(), assignee: named(one.assigneeId, names.assignee), transcript: one.transcript, note: one.note, version: one.version },
  };
}

/** Whose voicemail somebody may hear: of these queues, or given to them; undefined: everybody's. */
export interface VoicemailReach {
  userId: string;
  queueIds: ReadonlySet<string>;
}
const visible = (reach: VoicemailReach | undefined): SQL => (reach === undefined ? sql`true` : sql`(v.queue_id = any (${uuids(reach.queueIds)}) or v.assignee_id = ${reach.userId}::uuid)`);

export interface VoicemailFilter {
  state?: VoicemailState | undefined;
  queueId?: string | undefined;
  customerId?: string | undefined;
  after?: { atMs: number; id: string } | undefined;
  limit: number;
}

/** The newest first. */
export async function listVoicemails(connection: Connection, reach: VoicemailReach | undefined, filter: VoicemailFilter): Promise<StoredVoicemail[]> {
  const where = [
    visible(reach),
    ...(filter.state === undefined ? [] : [sql`v.state = ${filter.state}`]),
    ...(filter.queueId === undefined ? [] : [sql`v.queue_id = ${filter.queueId}::uuid`]),
    ...(filter.customerId === undefined ? [] : [sql`v.customer_id = ${filter.customerId}::uuid`]),
    ...(filter.after === undefined ? [] : [sql`(v.recorded_at, v.id) < (${instant(filter.after.atMs)}, ${filter.after.id}::uuid)`]),
  ];
  const { rows } = await connection.execute<Row>(sql`select ${columns} from voicemails v where ${sql.join(where, sql` and `)} order by v.recorded_at desc nulls last, v.id desc nulls last limit ${filter.limit}`);
  return rows.map(read);
}

export async function findVoicemail(connection: Connection, id: string, reach?: VoicemailReach): Promise<StoredVoicemail | null> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from voicemails v where v.id = ${id}::uuid and ${visible(reach)}`);
  return rows[0] ? read(rows[0]) : null;
}

/** Takes it until the transaction ends. */
export async function lockVoicemail(tx: Transaction, id: string, reach: VoicemailReach | undefined): Promise<StoredVoicemail | null> {
  await tx.execute(sql`select 1 from voicemails where id = ${id}::uuid for update`);
  return findVoicemail(tx, id, reach);
}

export async function voicemailOfCall(connection: Connection, callId: string): Promise<StoredVoicemail | null> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from voicemails v where v.call_id = ${callId}::uuid`);
  return rows[0] ? read(rows[0]) : null;
}

/**
 * Does nothing when the call has one already. A customer who was made one with another meanwhile is that other one; the column that says so
 * comes with the records engine.
 */
export async function insertVoicemail(connection: Connection, one: Pick<StoredVoicemail, 'id' | 'callId' | 'lineId' | 'recordingId' | 'queueId' | 'fromRaw' | 'fromE164' | 'customerId' | 'recordedAtMs' | 'seconds'>): Promise<void> {
  await connection.execute(sql`
    insert into voicemails (id, call_id, line_id, recording_id, queue_id, from_raw, from_e164, customer_id, recorded_at, seconds, sound, state, transcript, note)
    values (${one.id}::uuid, ${one.callId}::uuid, ${one.lineId}, ${one.recordingId}, ${one.queueId}::uuid, ${one.fromRaw}, ${one.fromE164},
      (select coalesce((to_jsonb(c)->>'merged_into_id')::uuid, c.id) from customers c where c.id = ${one.customerId}::uuid), ${instant(one.recordedAtMs)}, ${one.seconds}, 'atSwitch', 'new', '', '')
    on conflict (call_id) do nothing`);
}

/** To be used with the row locked. */
export async function saveVoicemail(tx: Transaction, one: StoredVoicemail, nowMs: number): Promise<void> {
  await tx.execute(sql`
    update voicemails set customer_id = ${one.customerId}::uuid, heard_by = ${one.heardBy}::uuid, heard_at = ${instant(one.heardAtMs)}, assignee_id = ${one.assigneeId}::uuid, state = ${one.state},
      transcript = ${one.transcript}, note = ${one.note}, done_at = case when ${one.state} = 'done' then coalesce(done_at, ${instant(nowMs)}) end, version = version + 1
    where id = ${one.id}::uuid`);
}

/** The sound is here: the switch may drop it. */
export async function keepSound(tx: Transaction, id: string, sound: { mediaType: string; bytes: Uint8Array; seconds: number }): Promise<void> {
  await tx.execute(sql`
    insert into voicemail_sounds (voicemail_id, media_type, bytes, content) values (${id}::uuid, ${sound.mediaType}, ${sound.bytes.length}, ${Buffer.from(sound.bytes)}) on conflict do nothing`);
  await tx.execute(sql`update voicemails set sound = 'kept', seconds = ${Math.round(sound.seconds)}, version = version + 1 where id = ${id}::uuid`);
}

export async function readSound(connection: Connection, id: string): Promise<{ mediaType: string; content: Buffer } | null> {
  const { rows } = await connection.execute<{ media_type: string; content: Buffer }>(sql`select media_type, content from voicemail_sounds where voicemail_id = ${id}::uuid`);
  return rows[0] ? { mediaType: rows[0].media_type, content: rows[0].content } : null;
}

export async function removeVoicemail(connection: Connection, id: string): Promise<void> {
  await connection.execute(sql`delete from voicemails where id = ${id}::uuid`);
}

/** Rows of a line whose sound is still to be fetched. */
export async function unfetched(connection: Connection, lineId: string): Promise<StoredVoicemail[]> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from voicemails v where v.sound = 'atSwitch' and v.line_id = ${lineId} order by v.recorded_at limit 100`);
  return rows.map(read);
}

export async function markLost(connection: Connection, id: string): Promise<void> {
  await connection.execute(sql`update voicemails set sound = 'lost', version = version + 1 where id = ${id}::uuid and sound = 'atSwitch'`);
}

/** What the ledger knows of a call that left a recording; null: no such call. */
export async function callForVoicemail(connection: Connection, callId: string): Promise<{ queueId: string | null; fromRaw: string; fromE164: string | null; customerId: string | null; endedAtMs: number | null } | null> {
  const { rows } = await connection.execute<{ queue_id: string | null; from_raw: string; from_e164: string | null; customer_id: string | null; ended_at: Date | string | null }>(sql`
    select queue_id, from_raw, from_e164, customer_id, ended_at from calls where id = ${callId}::uuid`);
  const [row] = rows;
  return row ? { queueId: row.queue_id, fromRaw: row.from_raw, fromE164: row.from_e164, customerId: row.customer_id, endedAtMs: row.ended_at === null ? null : new Date(row.ended_at).getTime() } : null;
}

/** How many lie in each queue, unheard and open. */
export async function countVoicemails(connection: Connection): Promise<{ queueId: string; new: number; open: number }[]> {
  const { rows } = await connection.execute<{ queue_id: string; new: number; open: number }>(sql`
    select queue_id, count(*) filter (where state = 'new')::int as new, count(*) filter (where state = 'open')::int as open from voicemails where state in ('new', 'open') group by queue_id`);
  return rows.map((row) => ({ queueId: row.queue_id, new: row.new, open: row.open }));
}
