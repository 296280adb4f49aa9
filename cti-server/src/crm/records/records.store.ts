import { sql, type SQL } from 'drizzle-orm';
import { type Connection, type Transaction } from '../database.store.ts';
import { type ColumnField, parameter } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import { withinReach } from './reach.store.ts';
import { columnsOf, ownerColumn, type Reader, type RecordRow, tableOf, toRow } from './record-rows.store.ts';
import type { LiveField, LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

export type { RecordRow } from './record-rows.store.ts';

/** One record within reach, alive or deleted; undefined when there is none that the reader may see. */
export async function findRow(connection: Connection, type: LiveType, id: string, cipher: FieldCipher, reach: SQL = sql`true`, lock = false): Promise<RecordRow | undefined> {
  const { fields, columns } = columnsOf(type);
  const { rows } = await connection.execute<Record<string, unknown>>(sql`
    select ${columns}, o.name as owner_name from ${tableOf(type)} t left join users o on o.id = ${ownerColumn(type)}
    where t.id = ${id}::uuid and ${reach} ${lock ? sql`for update of t` : sql``}`);
  return rows[0] && toRow(rows[0], fields, cipher);
}

/** Which of these somebody may change. */
export async function withinReachOf(connection: Connection, type: LiveType, ids: readonly string[], reader: Reader, userIds: readonly string[] | null): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await connection.execute<{ id: string }>(sql`select t.id from ${tableOf(type)} t where t.id = any (${sql.param([...ids])}::uuid[]) and ${withinReach(type, reader, userIds, 'change')}`);
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
export async function namesOf(connection: Connection, types: ReadonlyMap<string, LiveType>, type: { fields: ReadonlyMap<string, Pick<LiveField, 'key' | 'kind' | 'linkTo' | 'encrypted'>> }, rows: readonly Pick<RecordRow, 'fields'>[]): Promise<Map<string, string>> {
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
