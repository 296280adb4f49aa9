/** The rules at work on many leads at once. */
import { sql, type SQL } from 'drizzle-orm';
import type { CirculationRules } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import { isOpenStage } from './moves.store.ts';
import type { PooledLead } from './pool-rules.ts';

const instant = (ms: number): SQL => sql`${new Date(ms).toISOString()}::timestamptz`;
const days = (count: number): SQL => sql`make_interval(hours => ${count * 24}::int)`;

/**
 * Leads whose place is not written down: an import puts rows into the table without asking the rules first. The index holds only
 * these, so that looking for them costs nothing.
 */
const unsettled = sql`t.deleted_at is null and case when t.owner_id is null then t.pooled_at else t.held_since end is null`;
export async function ensureUnsettledIndex(connection: Connection): Promise<void> {
  const { rows } = await connection.execute(sql`select from pg_indexes where schemaname = current_schema() and indexname = 'leads_unsettled'`);
  if (rows.length === 0) await connection.execute(sql`create index if not exists leads_unsettled on leads (id) where deleted_at is null and case when owner_id is null then pooled_at else held_since end is null`);
}

/** Writes down the place of up to `limit` leads that came in past the rules; how many there were. */
export async function settleLeads(tx: Transaction, rules: CirculationRules, nowMs: number, limit: number): Promise<number> {
  const now = instant(nowMs);
  const guard = rules.protectedDays > 0 ? sql`${now} + ${days(rules.protectedDays)}` : sql`null`;
  const { rows } = await tx.execute(sql`
    with found as (select t.id from leads t where ${unsettled} order by t.id limit ${limit} for update skip locked)
    update leads t set
      held_since = case when t.owner_id is null then null else coalesce(t.held_since, ${now}) end,
      protected_until = case when t.owner_id is null then null else coalesce(t.protected_until, ${guard}) end,
      pooled_at = case when t.owner_id is null then ${now} end,
      pool_reason = case when t.owner_id is null then coalesce(t.pool_reason, 'unassigned') end
    from found f where t.id = f.id returning t.id`);
  return rows.length;
}

/** The same as fateOf in the pure rules; a test holds both against each other. */
export function poolsAtOf(rules: CirculationRules): SQL {
  const ends: SQL[] = [];
  if (rules.noFollowUpDays !== null) ends.push(sql`greatest(t.held_since, t.last_follow_up_at) + ${days(rules.noFollowUpDays)}`);
  if (rules.convertWithinDays !== null) ends.push(sql`t.held_since + ${days(rules.convertWithinDays)}`);
  if (ends.length === 0) return sql`null::timestamptz`;
  return sql`case when t.owner_id is not null and t.held_since is not null and ${isOpenStage} then greatest(t.protected_until, least(${sql.join(ends, sql`, `)})) end`;
}

/** Works out anew when leads behind `afterId` go to the pool; the last one looked at, or null at the end. The record itself does not change by it: no new version. */
export async function refreshPoolsAt(connection: Connection, rules: CirculationRules, afterId: string | null, limit: number): Promise<{ lastId: string | null; changed: number }> {
  const { rows } = await connection.execute<{ last_id: string | null; changed: string }>(sql`
    with seen as (
      select t.id, ${poolsAtOf(rules)} as pools_at from leads t
      where t.deleted_at is null and ${afterId === null ? sql`true` : sql`t.id > ${afterId}::uuid`} order by t.id limit ${limit}),
    changed as (
      update leads t set pools_at = s.pools_at from seen s where t.id = s.id and t.pools_at is distinct from s.pools_at and t.deleted_at is null returning t.id)
    select (select id from seen order by id desc limit 1) as last_id, (select count(*) from changed) as changed`);
  return { lastId: rows[0]?.last_id ?? null, changed: Number(rows[0]?.changed ?? 0) };
}

export interface DueLead extends PooledLead {
  id: string;
  ownerId: string;
}

/** Leads whose time has come, the longest overdue first, held until the transaction ends. Those that somebody is changing just now come next time. */
export async function lockDueLeads(tx: Transaction, nowMs: number, limit: number): Promise<DueLead[]> {
  const { rows } = await tx.execute<{ id: string; owner_id: string; stage: string; held_since: Date | string | null; last_follow_up_at: Date | string | null; protected_until: Date | string | null }>(sql`
    select t.id, t.owner_id, t.stage, t.held_since, t.last_follow_up_at, t.protected_until from leads t
    where t.pools_at <= ${instant(nowMs)} and t.deleted_at is null and t.owner_id is not null order by t.pools_at, t.id limit ${limit} for update skip locked`);
  const ms = (at: Date | string | null): number | null => (at === null ? null : new Date(at).getTime());
  return rows.map((row) => ({ id: row.id, ownerId: row.owner_id, stage: row.stage, heldSinceMs: ms(row.held_since), lastFollowUpAtMs: ms(row.last_follow_up_at), protectedUntilMs: ms(row.protected_until) }));
}

/** Leads of people who no longer work here. */
export async function lockLeftLeads(tx: Transaction, limit: number): Promise<DueLead[]> {
  const { rows } = await tx.execute<{ id: string; owner_id: string; stage: string }>(sql`
    select t.id, t.owner_id, t.stage from users u join leads t on t.owner_id = u.id
    where not u.active and t.deleted_at is null and ${isOpenStage} order by t.id limit ${limit} for update of t skip locked`);
  return rows.map((row) => ({ id: row.id, ownerId: row.owner_id, stage: row.stage, heldSinceMs: null, lastFollowUpAtMs: null, protectedUntilMs: null }));
}

export interface Pooling {
  id: string;
  ownerId: string;
  reason: string;
  ruleDays: number | null;
}

/** Into the pool, all at once, each with its line in the audit that names the rule. */
export async function poolLeads(tx: Transaction, poolings: readonly Pooling[], nowMs: number): Promise<void> {
  if (poolings.length === 0) return;
  const now = instant(nowMs);
  const ids = sql.param(poolings.map((one) => one.id));
  const owners = sql.param(poolings.map((one) => one.ownerId));
  const reasons = sql.param(poolings.map((one) => one.reason));
  const ruleDays = sql.param(poolings.map((one) => one.ruleDays));
  await tx.execute(sql`
    update leads t set owner_id = null, former_owner_id = v.owner_id, pooled_at = ${now}, pool_reason = v.reason, held_since = null, protected_until = null,
      pools_at = null, version = t.version + 1, updated_at = ${now}
    from unnest(${ids}::uuid[], ${owners}::uuid[], ${reasons}::text[]) as v (id, owner_id, reason) where t.id = v.id`);
  await tx.execute(sql`
    insert into audit_log (at, user_id, user_name, action, record_type, record_id, changes)
    select ${now}, null, '', 'lead.pooled', 'lead', v.id,
      jsonb_build_object('ownerId', jsonb_build_object('old', v.owner_id, 'new', null), 'poolReason', jsonb_build_object('old', null, 'new', v.reason))
        || case when v.days is null then '{}' else jsonb_build_object('ruleDays', jsonb_build_object('old', null, 'new', v.days)) end
    from unnest(${ids}::text[], ${owners}::text[], ${reasons}::text[], ${ruleDays}::int[]) as v (id, owner_id, reason, days)`);
}

/** The rules said otherwise when this was written down. */
export async function correctPoolsAt(tx: Transaction, ids: readonly string[], rules: CirculationRules): Promise<void> {
  if (ids.length > 0) await tx.execute(sql`update leads t set pools_at = ${poolsAtOf(rules)} where t.id = any (${sql.param([...ids])}::uuid[])`);
}
