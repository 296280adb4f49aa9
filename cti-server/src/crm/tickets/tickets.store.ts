import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';
import type { z } from 'zod';
import type { Ticket, ticketQuery } from '../../contracts/index.ts';
import { tickets } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import type { SearchWord } from '../search-words.ts';
import { matches, mostMatchesToSort } from '../text-search.store.ts';

export type TicketRow = typeof tickets.$inferSelect;

interface JoinedRow extends Record<string, unknown> {
  id: string;
  number: string | number;
  opened_at: Date | string;
  updated_at: Date | string;
  closed_at: Date | string | null;
  ticket: Omit<Ticket, 'id' | 'number' | 'openedAt' | 'updatedAt' | 'closedAt'>;
}

const columns = sql`t.id, t.number, t.opened_at, t.updated_at, t.closed_at, json_build_object(
  'subject', t.subject, 'description', t.description, 'kind', t.kind, 'status', t.status, 'priority', t.priority,
  'customerId', t.customer_id, 'customerName', c.name, 'callId', t.call_id, 'assigneeId', t.assignee_id, 'assigneeName', a.name,
  'createdByName', b.name, 'version', t.version) as ticket`;
const joins = sql`left join customers c on c.id = t.customer_id left join users a on a.id = t.assignee_id left join users b on b.id = t.created_by_id`;

function toTicket(row: JoinedRow): Ticket {
  const instantOf = (value: Date | string): string => new Date(value).toISOString();
  return {
    ...row.ticket,
    id: row.id,
    number: Number(row.number),
    openedAt: instantOf(row.opened_at),
    updatedAt: instantOf(row.updated_at),
    closedAt: row.closed_at === null ? null : instantOf(row.closed_at),
  };
}

export interface TicketFilter extends Omit<z.output<typeof ticketQuery>, 'cursor' | 'limit' | 'search'> {
  search?: { number: number | null; words: readonly SearchWord[] } | undefined;
}

/** The newest first, of those that nobody has the oldest; behind `after` (an instant and an id). */
export async function listTickets(connection: Connection, filter: TicketFilter, after: readonly [string, string] | undefined, limit: number): Promise<Ticket[]> {
  const [direction, beyond, nulls] = filter.unassigned ? [sql`asc`, sql`>`, sql``] : [sql`desc`, sql`<`, sql`nulls last`];
  const page = (from: SQL, condition: SQL): SQL => sql`
    select ${columns} from (
      select t.* from ${from} where ${condition} and ${after === undefined ? sql`true` : sql`(t.opened_at, t.id) ${beyond} (${after[0]}::timestamptz, ${after[1]}::uuid)`}
      order by t.opened_at ${direction} ${nulls}, t.id ${direction} ${nulls} limit ${limit}) as t ${joins}
    order by t.opened_at ${direction}, t.id ${direction}`;
  if (filter.search === undefined) return read(connection, page(sql`tickets t`, fits(filter)));

  const few = await connection.execute<JoinedRow & { many: boolean }>(sql`
    with f as materialized (select t.* from tickets t where ${fits(filter)} and ${isLookedFor(filter.search, false)} limit ${mostMatchesToSort + 1})
    select counted.many, page.* from (select count(*) > ${mostMatchesToSort} as many from f) as counted
    left join lateral (${page(sql`f as t`, sql`true`)}) as page on not counted.many
    order by page.opened_at ${direction}, page.id ${direction}`);
  if (!few.rows[0]?.many) return few.rows.filter((row) => row.id !== null).map(toTicket);
  return read(connection, page(sql`tickets t`, sql`${fits(filter)} and ${isLookedFor(filter.search, true)}`));
}

async function read(connection: Connection, query: SQL): Promise<Ticket[]> {
  return (await connection.execute<JoinedRow>(query)).rows.map(toTicket);
}

function fits(filter: TicketFilter): SQL {
  const conditions = [sql`t.deleted_at is null`];
  if (filter.status !== undefined) conditions.push(sql`t.status = ${filter.status}`);
  if (filter.open !== undefined) conditions.push(filter.open ? sql`t.closed_at is null` : sql`t.closed_at is not null`);
  if (filter.customerId !== undefined) conditions.push(sql`t.customer_id = ${filter.customerId}::uuid`);
  if (filter.assigneeId !== undefined) conditions.push(sql`t.assignee_id = ${filter.assigneeId}::uuid`);
  if (filter.unassigned) conditions.push(sql`t.assignee_id is null and t.closed_at is null`);
  return sql.join(conditions, sql` and `);
}

function isLookedFor(search: NonNullable<TicketFilter['search']>, walked: boolean): SQL {
  const byNumber = search.number === null ? [] : [sql`t.number = ${search.number}::bigint`];
  const bySubject = search.words.length === 0 ? [] : [sql`(${matches(sql`fold_text(t.subject)`, search.words, { walked })})`];
  return sql`(${sql.join([sql`false`, ...byNumber, ...bySubject], sql` or `)})`;
}

export async function findTicket(connection: Connection, id: string): Promise<Ticket | undefined> {
  return (await read(connection, sql`select ${columns} from tickets t ${joins} where t.id = ${id}::uuid and t.deleted_at is null`))[0];
}

/** Takes the ticket's row until the transaction ends. */
export async function lockTicket(tx: Transaction, id: string): Promise<TicketRow | undefined> {
  const [found] = await tx.select().from(tickets).where(and(eq(tickets.id, id), isNull(tickets.deletedAt))).for('update');
  return found;
}

/** The row as it is, deleted or not. */
export async function findTicketRow(tx: Transaction, id: string): Promise<TicketRow | undefined> {
  const [found] = await tx.select().from(tickets).where(eq(tickets.id, id));
  return found;
}

/** Which field a broken foreign key means. */
export const fieldsOfReferences = {
  tickets_customer_id_customers_id_fk: 'customerId',
  tickets_assignee_id_users_id_fk: 'assigneeId',
} as const;
