import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from '../database.store.ts';
import { type FieldCipher, type FilterField, fromColumn, pageIds, type Place, type PageSource, selected, type Order } from '../records/index.ts';

/** What a page of a list is asked for. */
export interface PageOfLines {
  source: PageSource;
  fields: readonly FilterField[];
  order: Order;
  after: Place | undefined;
  /** Filters and search; null when all are wanted. */
  wanted: SQL | null;
  led: SQL | undefined;
  reachesAll: boolean;
  walked: number;
  limit: number;
  cipher: FieldCipher;
}
export interface Line {
  id: string;
  place: Place;
  fields: Record<string, unknown>;
}

/** The lines of a page, in order. */
export async function readLines(connection: Connection, page: PageOfLines): Promise<Line[]> {
  const found = await pageIds(connection, page.source, page);
  const lines = new Map((await readById(connection, page, found.map(({ id }) => String(id)))).map((line) => [line.id, line.fields]));
  return found.flatMap(({ id, place }) => {
    const fields = lines.get(String(id));
    return fields ? [{ id: String(id), place: [place, String(id)] as const, fields }] : []; // taken away meanwhile
  });
}

/** Single lines within reach; those that may not be seen are not among them. */
export const readVisible = (connection: Connection, page: Pick<PageOfLines, 'source' | 'fields' | 'cipher'>, ids: readonly string[]): Promise<{ id: string; fields: Record<string, unknown> }[]> =>
  readById(connection, page, ids, sql`and ${page.source.alive} and (${sql.join(page.source.reaches.map((reach) => sql`(${reach})`), sql` or `)})`);

async function readById(connection: Connection, { source, fields, cipher }: Pick<PageOfLines, 'source' | 'fields' | 'cipher'>, ids: readonly string[], also: SQL = sql``): Promise<{ id: string; fields: Record<string, unknown> }[]> {
  if (ids.length === 0) return [];
  const columns = sql.join(fields.map((field, at) => sql`${selected(field)} as ${sql.identifier(`f${String(at)}`)}`), sql`, `);
  const { rows } = await connection.execute<Record<string, unknown>>(sql`
    select t.id, ${columns} from ${source.table} t where t.id = any (${sql.param([...ids])}::${sql.raw(source.idType ?? 'uuid')}[]) ${also}`);
  return rows.map((row) => ({ id: String(row['id']), fields: Object.fromEntries(fields.map((field, at) => [field.key, fromColumn(field, row[`f${String(at)}`], cipher)])) }));
}

/** How many lines there are, counted no further than `most`. */
export async function countLines(connection: Connection, source: PageSource, wanted: SQL | null, most: number): Promise<number> {
  const each = source.reaches.map((reach) => sql`(select from ${source.table} t where ${source.alive} and ${wanted ?? sql`true`} and ${reach} limit ${most})`);
  const { rows } = await connection.execute<{ count: string }>(sql`select count(*) from (select from (${sql.join(each, sql` union all `)}) as reached limit ${most}) as counted`);
  return Number(rows[0]?.count ?? 0);
}
