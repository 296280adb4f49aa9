import { sql } from 'drizzle-orm';
import { type LeadRules, leadRules } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import { noRules } from './pool-rules.ts';

/** There is one row of rules. */
const onlyRow = 1;

/** The row that changes are counted in; before the company makes rules, none hold. */
export async function ensureRules(connection: Connection): Promise<void> {
  const none = { circulation: noRules, assignAtCapture: false, routes: [] };
  await connection.execute(sql`insert into lead_rules (id, rules, version) values (${onlyRow}, ${JSON.stringify(none)}::jsonb, 0) on conflict (id) do nothing`);
}

/**
 * The company's rules.
 * @param held they stay as they are until the transaction ends, so that nothing is saved by rules that are no longer true
 */
export async function readRules(connection: Connection, held = false): Promise<LeadRules> {
  const { rows } = await connection.execute<{ rules: Record<string, unknown>; version: number }>(sql`
    select rules, version from lead_rules where id = ${onlyRow} ${held ? sql`for share` : sql``}`);
  const [found] = rows;
  return found ? leadRules.parse({ ...found.rules, version: found.version }) : { circulation: noRules, assignAtCapture: false, routes: [], version: 0 };
}

/** False when they are not at `version` any more. */
export async function writeRules(tx: Transaction, rules: LeadRules): Promise<boolean> {
  const { version, ...kept } = rules;
  const { rows } = await tx.execute(sql`
    update lead_rules set rules = ${JSON.stringify(kept)}::jsonb, version = version + 1 where id = ${onlyRow} and version = ${version} returning id`);
  return rows.length > 0;
}

/** Who got the last lead of a route; nobody else hands out by it until the transaction ends. */
export async function lockTurn(tx: Transaction, routeId: string): Promise<string | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('lead route'), hashtext(${routeId}))`);
  const { rows } = await tx.execute<{ user_id: string }>(sql`select user_id from lead_turns where route_id = ${routeId}::uuid`);
  return rows[0]?.user_id ?? null;
}

export async function saveTurn(tx: Transaction, routeId: string, userId: string): Promise<void> {
  await tx.execute(sql`insert into lead_turns (route_id, user_id) values (${routeId}::uuid, ${userId}::uuid) on conflict (route_id) do update set user_id = excluded.user_id`);
}
