/** Who has had which lead, and how much somebody holds. */
import { sql, type SQL } from 'drizzle-orm';
import { openLeadStages, type PoolReason } from '../../contracts/index.ts';
import type { Connection, Database, Transaction } from '../database.store.ts';
import type { Taking } from './pool-rules.ts';

export const isOpenStage: SQL = sql`t.stage in (${sql.join(openLeadStages.map((stage) => sql.raw(`'${stage}'`)), sql`, `)})`;

/** Nobody else gives this person a lead until the transaction ends: two at once would both see room for one. */
export async function lockHolder(tx: Transaction, userId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('lead holder'), hashtext(${userId}))`);
}

export interface Holding {
  held: number;
  grabbedToday: number;
  lostAtMs: number | null;
  dayEndsAtMs: number;
}

/** What the rules ask of a person who might take a lead, which itself is not counted. */
export async function holdingOf(connection: Connection, userId: string, leadId: string | null, nowMs: number, timeZone: string): Promise<Holding> {
  const now = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const dayBegan = sql`date_trunc('day', ${now} at time zone ${timeZone})`;
  const { rows } = await connection.execute<{ held: string; grabbed: string; lost: Date | string | null; ends: Date | string }>(sql`
    select (select count(*) from leads t where t.owner_id = ${userId}::uuid and t.deleted_at is null and ${isOpenStage} and t.id is distinct from ${leadId}::uuid) as held,
      (select count(*) from lead_moves m where m.to_user_id = ${userId}::uuid and m.how = 'grabbed' and m.at >= ${dayBegan} at time zone ${timeZone}) as grabbed,
      (select max(m.at) from lead_moves m where m.from_user_id = ${userId}::uuid and m.lead_id = ${leadId}::uuid and m.to_user_id is null) as lost,
      (${dayBegan} + interval '1 day') at time zone ${timeZone} as ends`);
  const [row] = rows;
  if (!row) throw new Error('The holding was not read.');
  return { held: Number(row.held), grabbedToday: Number(row.grabbed), lostAtMs: row.lost === null ? null : new Date(row.lost).getTime(), dayEndsAtMs: new Date(row.ends).getTime() };
}

/** When a person last lost each of these leads to the pool; those never lost are left out. */
export async function lossesOf(connection: Connection, userId: string, leadIds: readonly string[]): Promise<Map<string, number>> {
  if (leadIds.length === 0) return new Map();
  const { rows } = await connection.execute<{ lead_id: string; at: Date | string }>(sql`
    select lead_id, max(at) as at from lead_moves
    where from_user_id = ${userId}::uuid and to_user_id is null and lead_id = any (${sql.param([...leadIds])}::uuid[]) group by lead_id`);
  return new Map(rows.map((row) => [row.lead_id, new Date(row.at).getTime()]));
}

export interface LeadMove {
  id: string;
  leadId: string;
  atMs: number;
  fromUserId: string | null;
  toUserId: string | null;
  how: Taking | PoolReason;
  actorId: string | null;
}

export async function insertMoves(tx: Transaction, moves: readonly LeadMove[]): Promise<void> {
  if (moves.length === 0) return;
  const tuples = moves.map(
    (move) => sql`(${move.id}::uuid, ${move.leadId}::uuid, ${new Date(move.atMs).toISOString()}::timestamptz, ${move.fromUserId}::uuid, ${move.toUserId}::uuid, ${move.how}, ${move.actorId}::uuid)`,
  );
  await tx.execute(sql`insert into lead_moves (id, lead_id, at, from_user_id, to_user_id, how, actor_id) values ${sql.join(tuples, sql`, `)}`);
}

/** Which of these people hold how many open leads, whether they lost this one, and that they still work here. */
export async function candidatesFor(connection: Connection, leadId: string, userIds: readonly string[]): Promise<{ userId: string; name: string; held: number; lostAtMs: number | null }[]> {
  if (userIds.length === 0) return [];
  const { rows } = await connection.execute<{ id: string; name: string; held: string; lost: Date | string | null }>(sql`
    select u.id, u.name,
      (select count(*) from leads t where t.owner_id = u.id and t.deleted_at is null and ${isOpenStage}) as held,
      (select max(m.at) from lead_moves m where m.from_user_id = u.id and m.lead_id = ${leadId}::uuid and m.to_user_id is null) as lost
    from users u where u.active and u.id = any (${sql.param([...userIds])}::uuid[]) order by u.id`);
  return rows.map((row) => ({ userId: row.id, name: row.name, held: Number(row.held), lostAtMs: row.lost === null ? null : new Date(row.lost).getTime() }));
}

/** The open leads that lie in the pool for longest. */
export async function oldestInPool(connection: Connection, limit: number): Promise<string[]> {
  const { rows } = await connection.execute<{ id: string }>(sql`
    select t.id from leads t where t.owner_id is null and t.deleted_at is null and ${isOpenStage} and t.pooled_at is not null order by t.pooled_at, t.id limit ${limit}`);
  return rows.map((row) => row.id);
}

export async function userNames(connection: Connection, userIds: readonly string[]): Promise<Record<string, string>> {
  if (userIds.length === 0) return {};
  const { rows } = await connection.execute<{ id: string; name: string }>(sql`select id, name from users where id = any (${sql.param([...new Set(userIds)])}::uuid[])`);
  return Object.fromEntries(rows.map((row) => [row.id, row.name]));
}

/** Open leads with exactly this number, those changed last first. Every call asks, so it is read through a prepared statement. */
export async function openLeadsWith(database: Database, e164: string): Promise<{ id: string; name: string; company: string | null; stage: string }[]> {
  const text = `select id, name, company, stage from leads where phone = $1 and deleted_at is null and stage in (${openLeadStages.map((stage) => `'${stage}'`).join(', ')}) order by updated_at desc, id limit 3`;
  const { rows } = await database.$client.query<{ id: string; name: string; company: string | null; stage: string }>({ name: 'leads-with-number', text, values: [e164] });
  return rows;
}
