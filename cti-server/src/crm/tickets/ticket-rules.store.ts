import { sql } from 'drizzle-orm';
import { type TicketRules, ticketRules } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import { firstTicketRules } from './ticket-flow-rules.ts';
import type { TicketCandidate } from './ticket-route-rules.ts';

/** There is one row of rules. */
const onlyRow = 1;

/**
 * The company's rules, or those that come with the house.
 * @param held they stay as they are until the transaction ends, so that nothing is saved by rules that are no longer true
 */
export async function readTicketRules(connection: Connection, held = false): Promise<TicketRules> {
  const { rows } = await connection.execute<{ rules: Record<string, unknown>; version: number }>(sql`
    select rules, version from ticket_rules where id = ${onlyRow} ${held ? sql`for share` : sql``}`);
  const [found] = rows;
  return found ? ticketRules.parse({ ...found.rules, version: found.version }) : firstTicketRules;
}

/** False when they are not at `version` any more. */
export async function writeTicketRules(tx: Transaction, rules: TicketRules): Promise<boolean> {
  const { version, ...kept } = rules;
  const { rows } = await tx.execute(sql`
    insert into ticket_rules (id, rules, version) select ${onlyRow}, ${JSON.stringify(kept)}::jsonb, 1 where ${version} = 0
    on conflict (id) do nothing returning id`);
  if (rows.length > 0) return true;
  const changed = await tx.execute(sql`
    update ticket_rules set rules = ${JSON.stringify(kept)}::jsonb, version = version + 1 where id = ${onlyRow} and version = ${version} returning id`);
  return changed.rows.length > 0;
}

/** Who got the last ticket of a route; nobody else hands out by it until the transaction ends. */
export async function lockTicketTurn(tx: Transaction, routeId: string): Promise<string | null> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('ticket route'), hashtext(${routeId}))`);
  const { rows } = await tx.execute<{ user_id: string }>(sql`select user_id from ticket_turns where route_id = ${routeId}::uuid`);
  return rows[0]?.user_id ?? null;
}

export async function saveTicketTurn(tx: Transaction, routeId: string, userId: string): Promise<void> {
  await tx.execute(sql`insert into ticket_turns (route_id, user_id) values (${routeId}::uuid, ${userId}::uuid) on conflict (route_id) do update set user_id = excluded.user_id`);
}

/** These people, and those in these teams, who still work here, with the open tickets they have. */
export async function ticketCandidates(connection: Connection, userIds: readonly string[], teamIds: readonly string[]): Promise<TicketCandidate[]> {
  if (userIds.length + teamIds.length === 0) return [];
  const { rows } = await connection.execute<{ id: string; name: string; held: string }>(sql`
    select u.id, u.name, (select count(*) from tickets t where t.assignee_id = u.id and t.closed_at is null and t.deleted_at is null) as held
    from users u where u.active and (u.id = any (${sql.param([...userIds])}::uuid[])
      or exists (select from user_teams m where m.user_id = u.id and m.team_id = any (${sql.param([...teamIds])}::uuid[])))
    order by u.id`);
  return rows.map((row) => ({ userId: row.id, name: row.name, held: Number(row.held) }));
}

/** Of a ticket's customer. */
export async function tierOf(connection: Connection, customerId: string): Promise<string | null> {
  const { rows } = await connection.execute<{ tier: string }>(sql`select tier from customers where id = ${customerId}::uuid`);
  return rows[0]?.tier ?? null;
}

/** The open tickets that wait for somebody for longest. */
export async function oldestUnassigned(connection: Connection, limit: number): Promise<string[]> {
  const { rows } = await connection.execute<{ id: string }>(sql`
    select id from tickets where assignee_id is null and closed_at is null and deleted_at is null order by opened_at, id limit ${limit}`);
  return rows.map((row) => row.id);
}

export async function userNames(connection: Connection, userIds: readonly string[]): Promise<Record<string, string>> {
  if (userIds.length === 0) return {};
  const { rows } = await connection.execute<{ id: string; name: string }>(sql`select id, name from users where id = any (${sql.param([...new Set(userIds)])}::uuid[])`);
  return Object.fromEntries(rows.map((row) => [row.id, row.name]));
}
