import { sql, type SQL } from 'drizzle-orm';
import type { RecordFilter } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';
import type { SearchWord } from '../search-words.ts';
import { matches } from '../text-search.store.ts';
import { comparable } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import { filterCondition, type Order, orderOf, partsInOrder, type Place } from './filters.store.ts';
import { reachParts, withinReach } from './reach.store.ts';
import { columnsOf, ownerColumn, type Reader, type RecordRow, tableOf, toRow } from './record-rows.store.ts';
import type { LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

export interface ListQuestion {
  filters: readonly RecordFilter[];
  sort: string | undefined;
  words: readonly SearchWord[];
  /** Digits that were typed, for numbers in any spelling. */
  digits: string | null;
  trash: boolean;
  after: Place | undefined;
  limit: number;
  /** Only these fields; all when left out. */
  keys?: readonly string[] | undefined;
}

/** So many numbers that end alike are looked at; who types four digits goes on typing. */
const mostByNumber = 2_000;

function textCondition(type: LiveType, words: readonly SearchWord[], digits: string | null): SQL {
  if (words.length === 0 && digits === null) return sql`true`;
  const text = words.length === 0 ? sql`false` : matches(sql`t.${sql.identifier(baseColumns(type.declaration).findText)}`, words, { walked: false });
  const phones = [...type.fields.values()].filter((field) => field.kind === 'phone' && !field.encrypted);
  const others = type.declaration.numbers;
  if (digits === null || (phones.length === 0 && !others)) return text;
  const end = `${[...digits].reverse().join('')}%`;
  const numbers = phones.map((field) => sql`reverse(t.${sql.identifier(field.column)}) collate "C" like ${end}`);
  // as a list of ids that stands before the rows are looked at, so that the index of the ids and those of the texts go together
  if (others) numbers.push(sql`t.id = any (array(select n.${sql.identifier(others.record)} from ${sql.identifier(others.table)} n where reverse(n.${sql.identifier(others.e164)}) collate "C" like ${end} limit ${mostByNumber}))`);
  return sql`(${sql.join([text, ...numbers], sql` or `)})`;
}

/** So many rows are walked in the list's own order before it is tried from the other end. */
const walked = 2_000;
/** Up to so many matches are read whole and put in order. */
const mostToSort = 50_000;

/** What the pages of a list are read from: a table, called `t`, and how far the reader reaches in it. */
export interface PageSource {
  table: SQL;
  idType?: 'uuid' | 'bigint';
  /** What of the table the list holds. */
  alive: SQL;
  /** Conditions that together are what the reader may see, each apart from the others. */
  reaches: readonly SQL[];
  /** The same in conditions that an index answers in the list's order each, where there are such: read when nothing else narrows. */
  inOrder?: readonly SQL[] | undefined;
}
interface PageQuestion {
  order: Order;
  after: Place | undefined;
  /** Filters and search; null when all are wanted. */
  wanted: SQL | null;
  /** One of the filters that an index in the list's order begins with: those that fit it are walked instead of all. */
  led?: SQL | undefined;
  /** Everything may be seen. */
  reachesAll: boolean;
  /** How many rows are walked in order before it is tried from the other end. */
  walked?: number;
  limit: number;
}

interface PageParts extends PageSource, Omit<PageQuestion, 'after' | 'reachesAll'> {
  walked: number;
  part: { condition: SQL; order: SQL };
}
interface Placed extends Record<string, unknown> {
  id: string;
  place: string | null;
}

/**
 * The ids of a page in order, each with its place. One more than the limit tells that there are more.
 *
 * Whether many or few rows fit, and where in the order they lie, no planner knows: fields go together in ways that it cannot. So a few
 * thousand are walked in order, which fills the page where many fit; otherwise all that fit are read by the filters' own indexes and put
 * in order; and only where those are too many, and yet far apart, the order is walked to the end of the page.
 */
export async function pageIds(connection: Connection, source: PageSource, question: PageQuestion): Promise<Placed[]> {
  const { order, after, wanted, led, reachesAll } = question;
  const found: Placed[] = [];
  for (const part of partsInOrder(order, after, source.idType)) {
    const limit = question.limit - found.length;
    if (limit <= 0) break;
    const page: PageParts = { ...source, part, order, wanted, led, limit, walked: question.walked ?? walked };
    const isPlain = wanted === null && (reachesAll || source.inOrder !== undefined);
    found.push(...((isPlain ? null : ((await fromNear(connection, page)) ?? (await fromFilters(connection, page)))) ?? (await inOrder(connection, page))));
  }
  return found;
}

/** A page of records in order, as far as the reader's reach goes. One more than the limit tells that there are more. */
export async function listRows(connection: Connection, type: LiveType, reader: Reader, userIds: readonly string[] | null, question: ListQuestion, cipher: FieldCipher): Promise<{ row: RecordRow; place: Place }[]> {
  const isNarrowed = question.filters.length > 0 || question.words.length > 0 || question.digits !== null;
  const source: PageSource = {
    table: tableOf(type),
    alive: question.trash ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`,
    reaches: reachParts(type, reader, userIds),
  };
  const wanted = isNarrowed ? sql`${filterCondition(type, question.filters, cipher)} and ${textCondition(type, question.words, question.digits)}` : null;
  const found = await pageIds(connection, source, { order: orderOf(type, question.sort), after: question.after, wanted, reachesAll: userIds === null, limit: question.limit });
  return withRows(connection, type, found, question.keys, cipher);
}

const placeOf = ({ order }: PageParts): SQL => sql`${comparable(order.field)} as place`;
/** Of which query: beside a text made of it for the cursor, the place itself is meant. */
const placedOrder = ({ order }: PageParts, of: string): SQL => {
  const direction = sql.raw(order.descending ? 'desc' : 'asc');
  return sql`${sql.identifier(of)}.place ${direction} nulls last, ${sql.identifier(of)}.id ${direction}`;
};

/** From the next rows in order; null when they did not fill the page. */
async function fromNear(connection: Connection, page: PageParts): Promise<Placed[] | null> {
  const { table, alive, wanted, led, reaches, part, limit, walked } = page;
  const reach = sql.join(reaches.map((one) => sql`(${one})`), sql` or `);
  const { rows } = await connection.execute<Placed & { seen: string }>(sql`
    with near as materialized (select t.* from ${table} t where ${alive} and ${led ?? sql`true`} and ${part.condition} order by ${part.order} limit ${walked}),
      hits as (select t.id, ${placeOf(page)} from near t where ${wanted ?? sql`true`} and (${reach}) order by ${part.order} limit ${limit})
    select seen.count as seen, hits.id, hits.place::text as place from (select count(*) as count from near) as seen left join hits on true order by ${placedOrder(page, 'hits')}`);
  const hits = rows.filter((row) => row.id !== null);
  return hits.length === limit || Number(rows[0]?.seen ?? 0) < walked ? hits : null;
}

/** From all that fit, put in order; null when they are too many. */
async function fromFilters(connection: Connection, page: PageParts): Promise<Placed[] | null> {
  const { table, alive, wanted, reaches, part, limit } = page;
  const each = reaches.map((reach) => sql`(select t.id, ${placeOf(page)} from ${table} t where ${alive} and ${wanted ?? sql`true`} and ${reach} and ${part.condition} limit ${mostToSort + 1})`);
  const { rows } = await connection.execute<Placed & { many: boolean }>(sql`
    with fit as materialized (select * from (${sql.join(each, sql` union all `)}) as reached limit ${mostToSort + 1})
    select counted.many, page.id, page.place::text as place from (select count(*) > ${mostToSort} as many from fit) as counted
    left join lateral (select id, place from fit where not counted.many order by ${placedOrder(page, 'fit')} limit ${limit}) as page on true
    order by ${placedOrder(page, 'page')}`);
  return rows[0]?.many ? null : rows.filter((row) => row.id !== null);
}

/** By walking the order until the page is full. */
async function inOrder(connection: Connection, page: PageParts): Promise<Placed[]> {
  const { table, alive, wanted, reaches, part, limit } = page;
  const each = ((wanted === null ? page.inOrder : undefined) ?? reaches).map((reach) => sql`(select t.id, ${placeOf(page)} from ${table} t where ${alive} and ${wanted ?? sql`true`} and ${reach} and ${part.condition} order by ${part.order} limit ${limit})`);
  const { rows } = await connection.execute<Placed>(sql`
    select id, reached.place::text as place from (${sql.join(each, sql` union all `)}) as reached order by ${placedOrder(page, 'reached')} limit ${limit}`);
  return rows;
}

async function withRows(connection: Connection, type: LiveType, found: readonly Placed[], keys: readonly string[] | undefined, cipher: FieldCipher): Promise<{ row: RecordRow; place: Place }[]> {
  if (found.length === 0) return [];
  const { fields, columns } = columnsOf(type, keys);
  const { rows } = await connection.execute<Record<string, unknown>>(sql`
    select o.name as owner_name, ${columns} from ${tableOf(type)} t left join users o on o.id = ${ownerColumn(type)}
    where t.id = any (${sql.param(found.map((one) => one.id))}::uuid[])`);
  const byId = new Map(rows.map((row) => [String(row['id']), toRow(row, fields, cipher)]));
  return found.flatMap(({ id, place }) => {
    const row = byId.get(id);
    return row ? [{ row, place: [place, id] as const }] : []; // taken away for good meanwhile
  });
}

/** How many there are, counted no further than `most`. */
export async function countRows(connection: Connection, type: LiveType, reader: Reader, userIds: readonly string[] | null, question: Pick<ListQuestion, 'filters' | 'words' | 'digits' | 'trash'>, most: number, cipher: FieldCipher): Promise<number> {
  const alive = question.trash ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`;
  const { rows } = await connection.execute<{ count: string }>(sql`
    select count(*) from (select from ${tableOf(type)} t where ${alive} and ${filterCondition(type, question.filters, cipher)}
      and ${textCondition(type, question.words, question.digits)} and ${withinReach(type, reader, userIds)} limit ${most}) as counted`);
  return Number(rows[0]?.count ?? 0);
}
