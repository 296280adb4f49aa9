import { sql, type SQL } from 'drizzle-orm';
import type { RecordFilter } from '../../contracts/index.ts';
import { type Connection, type Transaction } from '../database.store.ts';
import type { SearchWord } from '../search-words.ts';
import { matches } from '../text-search.store.ts';
import { comparable, type ColumnField, fromColumn, parameter, selected } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import { filterCondition, orderOf, partsInOrder, type Place } from './filters.store.ts';
import { reachParts, withinReach } from './reach.store.ts';
import type { LiveField, LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

/** A record as its row has it, fields in the API's terms. */
export interface RecordRow {
  id: string;
  fields: Record<string, unknown>;
  ownerId: string | null;
  ownerName: string | null;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  version: number;
  importId: string | null;
}

export interface Reader {
  userId: string;
}

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

const iso = (value: unknown): string => (value instanceof Date ? value : new Date(String(value))).toISOString();

function columnsOf(type: LiveType, keys?: readonly string[]): { fields: LiveField[]; columns: SQL } {
  const fields = [...type.fields.values()].filter((field) => !keys || keys.includes(field.key) || field.key === type.declaration.titleField);
  const base = baseColumns(type.declaration);
  const named = (column: string, as: string): SQL => sql`t.${sql.identifier(column)} as ${sql.identifier(as)}`;
  const columns = sql.join(
    [
      ...[sql`t.id`, sql`t.version`, sql`t.tags`, sql`t.import_id`, sql`t.deleted_at`],
      ...[named(base.ownerId, 'owner_id'), named(base.createdAt, 'created_at'), named(base.updatedAt, 'updated_at')],
      ...fields.map((field, at) => sql`${selected(field)} as ${sql.identifier(`f${String(at)}`)}`),
    ],
    sql`, `,
  );
  return { fields, columns };
}

function toRow(row: Record<string, unknown>, fields: readonly LiveField[], cipher: FieldCipher): RecordRow {
  return {
    id: String(row['id']),
    fields: Object.fromEntries(fields.map((field, at) => [field.key, fromColumn(field, row[`f${String(at)}`], cipher)])),
    ownerId: row['owner_id'] as string | null,
    ownerName: (row['owner_name'] as string | null | undefined) ?? null,
    tags: row['tags'] as string[],
    createdAt: iso(row['created_at']),
    updatedAt: iso(row['updated_at']),
    deletedAt: row['deleted_at'] === null ? null : iso(row['deleted_at']),
    version: row['version'] as number,
    importId: row['import_id'] as string | null,
  };
}

const tableOf = (type: LiveType): SQL => sql.identifier(type.declaration.table) as unknown as SQL;
const ownerColumn = (type: LiveType): SQL => sql`t.${sql.identifier(baseColumns(type.declaration).ownerId)}`;

function found(type: LiveType, words: readonly SearchWord[], digits: string | null): SQL {
  if (words.length === 0 && digits === null) return sql`true`;
  const text = words.length === 0 ? sql`false` : matches(sql`t.${sql.identifier(baseColumns(type.declaration).findText)}`, words, { walked: false });
  const phones = [...type.fields.values()].filter((field) => field.kind === 'phone' && !field.encrypted);
  if (digits === null || phones.length === 0) return text;
  const end = `${[...digits].reverse().join('')}%`;
  const numbers = phones.map((field) => sql`reverse(t.${sql.identifier(field.column)}) collate "C" like ${end}`);
  return sql`(${sql.join([text, ...numbers], sql` or `)})`;
}

/** A page of records in order, as far as the reader's reach goes. One more than the limit tells that there are more. */
export async function listRows(connection: Connection, type: LiveType, reader: Reader, userIds: readonly string[] | null, question: ListQuestion, cipher: FieldCipher): Promise<{ row: RecordRow; place: Place }[]> {
  const { fields, columns } = columnsOf(type, question.keys);
  const order = orderOf(type, question.sort);
  const alive = question.trash ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`;
  const conditions = sql`${alive} and ${filterCondition(type, question.filters, cipher)} and ${found(type, question.words, question.digits)}`;
  const rows: { row: RecordRow; place: Place }[] = [];
  for (const part of partsInOrder(order, question.after)) {
    const left = question.limit - rows.length;
    if (left <= 0) break;
    const reaches = reachParts(type, reader, userIds).map(
      (reach) => sql`(select t.id, ${comparable(order.field)} as place from ${tableOf(type)} t where ${conditions} and ${reach} and ${part.condition} order by ${part.order} limit ${left})`,
    );
    const direction = sql.raw(order.descending ? 'desc' : 'asc');
    const { rows: read } = await connection.execute<Record<string, unknown>>(sql`
      with place as materialized (
        select id, place from (${sql.join(reaches, sql` union all `)}) as reached order by place ${direction} ${sql.raw(order.descending ? 'nulls last' : 'nulls last')}, id ${direction} limit ${left})
      select p.place::text as place, o.name as owner_name, ${columns} from place p join ${tableOf(type)} t on t.id = p.id left join users o on o.id = ${ownerColumn(type)}
      order by p.place ${direction} nulls last, p.id ${direction}`);
    for (const one of read) rows.push({ row: toRow(one, fields, cipher), place: [one['place'] as string | null, String(one['id'])] });
  }
  return rows;
}

/** How many there are, counted no further than `most`. */
export async function countRows(connection: Connection, type: LiveType, reader: Reader, userIds: readonly string[] | null, question: Pick<ListQuestion, 'filters' | 'words' | 'digits' | 'trash'>, most: number, cipher: FieldCipher): Promise<number> {
  const alive = question.trash ? sql`t.deleted_at is not null` : sql`t.deleted_at is null`;
  const { rows } = await connection.execute<{ count: string }>(sql`
    select count(*) from (select from ${tableOf(type)} t where ${alive} and ${filterCondition(type, question.filters, cipher)}
      and ${found(type, question.words, question.digits)} and ${withinReach(type, reader, userIds)} limit ${most}) as counted`);
  return Number(rows[0]?.count ?? 0);
}

/** One record within reach, alive or deleted; undefined when there is none that the reader may see. */
export async function findRow(connection: Connection, type: LiveType, id: string, cipher: FieldCipher, reach: SQL = sql`true`, lock = false): Promise<RecordRow | undefined> {
  const { fields, columns } = columnsOf(type);
  const { rows } = await connection.execute<Record<string, unknown>>(sql`
    select ${columns}, o.name as owner_name from ${tableOf(type)} t left join users o on o.id = ${ownerColumn(type)}
    where t.id = ${id}::uuid and ${reach} ${lock ? sql`for update of t` : sql``}`);
  return rows[0] && toRow(rows[0], fields, cipher);
}

/** Which of these somebody reaches. */
export async function withinReachOf(connection: Connection, type: LiveType, ids: readonly string[], reader: Reader, userIds: readonly string[] | null): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await connection.execute<{ id: string }>(sql`select t.id from ${tableOf(type)} t where t.id = any (${sql.param([...ids])}::uuid[]) and ${withinReach(type, reader, userIds)}`);
  return new Set(rows.map((row) => row.id));
}

export interface NewRow {
  id: string;
  fields: Record<string, unknown>;
  ownerId: string | null;
  tags: readonly string[];
  createdById: string | null;
  importId: string | null;
  nowMs: number;
}

/** Writes new rows, all with the same fields given. Throws Postgres' unique violation. */
export async function insertRows(tx: Transaction, type: LiveType, rows: readonly NewRow[], cipher: FieldCipher): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const base = baseColumns(type.declaration);
  const keys = Object.keys(first.fields);
  const fields = keys.map((key) => fieldNamed(type, key));
  const printed = fields.filter((field) => field.encrypted && field.searchable);
  const names = [
    ...['id', 'created_by_id', 'tags', 'import_id', base.ownerId, base.createdAt, base.updatedAt],
    ...(type.declaration.columns?.findText ? [] : [base.findText]),
    ...fields.map((field) => field.column),
    ...printed.map((field) => `${field.column}_print`),
  ];
  const tuples = rows.map((row) => {
    const at = sql`${new Date(row.nowMs).toISOString()}::timestamptz`;
    const values: SQL[] = [
      ...[sql`${row.id}::uuid`, sql`${row.createdById}::uuid`, sql`${sql.param([...row.tags])}::text[]`, sql`${row.importId}::uuid`, sql`${row.ownerId}::uuid`, at, at],
      ...(type.declaration.columns?.findText ? [] : [findText(type, row.fields)]),
      ...fields.map((field) => parameter(field, row.fields[field.key], cipher)),
      ...printed.map((field) => print(field, row.fields[field.key], cipher)),
    ];
    return sql`(${sql.join(values, sql`, `)})`;
  });
  await tx.execute(sql`insert into ${tableOf(type)} (${sql.join(names.map((name) => sql.identifier(name)), sql`, `)}) values ${sql.join(tuples, sql`, `)}`);
}

export interface RowChange {
  /** Only those that change. */
  fields: Record<string, unknown>;
  /** All of them, as they are afterwards: what the record is found by comes from there. */
  allFields: Record<string, unknown>;
  ownerId?: string | null;
  tags?: readonly string[];
  deletedAtMs?: number | null;
  nowMs: number;
}

export async function updateRow(tx: Transaction, type: LiveType, id: string, change: RowChange, cipher: FieldCipher): Promise<void> {
  const base = baseColumns(type.declaration);
  const sets: SQL[] = [sql`version = version + 1`, sql`${sql.identifier(base.updatedAt)} = ${new Date(change.nowMs).toISOString()}::timestamptz`];
  for (const [key, value] of Object.entries(change.fields)) {
    const field = fieldNamed(type, key);
    sets.push(sql`${sql.identifier(field.column)} = ${parameter(field, value, cipher)}`);
    if (field.encrypted && field.searchable) sets.push(sql`${sql.identifier(`${field.column}_print`)} = ${print(field, value, cipher)}`);
  }
  if (change.ownerId !== undefined) sets.push(sql`${sql.identifier(base.ownerId)} = ${change.ownerId}::uuid`);
  if (change.tags !== undefined) sets.push(sql`tags = ${sql.param([...change.tags])}::text[]`);
  if (change.deletedAtMs !== undefined) sets.push(sql`deleted_at = ${change.deletedAtMs === null ? null : new Date(change.deletedAtMs).toISOString()}::timestamptz`);
  if (!type.declaration.columns?.findText) sets.push(sql`${sql.identifier(base.findText)} = ${findText(type, change.allFields)}`);
  await tx.execute(sql`update ${tableOf(type)} t set ${sql.join(sets, sql`, `)} where t.id = ${id}::uuid`);
}

function fieldNamed(type: LiveType, key: string): LiveField {
  const field = type.fields.get(key);
  if (!field) throw new Error(`${type.declaration.name} has no field ${key}.`);
  return field;
}

const print = (field: ColumnField, value: unknown, cipher: FieldCipher): SQL => (value === null || value === undefined ? sql`null` : sql`${cipher.fingerprint(String(value))}`);

/** All that the record is found by, folded. */
function findText(type: LiveType, values: Readonly<Record<string, unknown>>): SQL {
  const texts = [...type.fields.values()].filter((field) => field.searchable && !field.encrypted).flatMap((field) => textOf(values[field.key]));
  return sql`fold_text(${texts.join(' ').normalize('NFC').slice(0, 20_000)})`;
}
const textOf = (value: unknown): string[] => (value === null || value === undefined ? [] : Array.isArray(value) ? value.map(String) : typeof value === 'object' ? [] : [String(value)]);

/** The names of users and of linked records, for people to read. */
export async function namesOf(connection: Connection, types: ReadonlyMap<string, LiveType>, type: LiveType, rows: readonly RecordRow[]): Promise<Map<string, string>> {
  const wanted = new Map<string, Set<string>>();
  for (const field of type.fields.values()) {
    const from = field.kind === 'user' ? 'users' : field.kind === 'link' ? field.linkTo : null;
    if (from === null || field.encrypted) continue;
    for (const row of rows) {
      const value = row.fields[field.key];
      if (typeof value === 'string') wanted.set(from, (wanted.get(from) ?? new Set()).add(value));
    }
  }
  const names = new Map<string, string>();
  for (const [from, ids] of wanted) {
    const linked = types.get(from);
    const title = linked?.fields.get(linked.declaration.titleField);
    if (from !== 'users' && (!linked || !title)) continue;
    const table = sql.identifier(linked?.declaration.table ?? 'users');
    const { rows: read } = await connection.execute<{ id: string; name: string }>(sql`select id, ${sql.identifier(title?.column ?? 'name')} as name from ${table} where id = any (${sql.param([...ids])}::uuid[])`);
    for (const { id, name } of read) names.set(id, name);
  }
  return names;
}
