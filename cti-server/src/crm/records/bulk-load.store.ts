/**
 * Very many records at once: rows are copied into an unlogged table of their own, compared there with what is in the records, and moved
 * over in sets. They must have been checked before; hooks of the type are not asked.
 */
import { once } from 'node:events';
import { sql, type SQL } from 'drizzle-orm';
import { from as copyFrom } from 'pg-copy-streams';
import type { Connection, Database, Transaction } from '../database.store.ts';
import { columnType, fromColumn, isText, parameter, selected } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import type { RecordActor } from './record-type-types.ts';
import type { LiveField, LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

export interface Load {
  importId: string;
  type: LiveType;
  /** Fields that the rows have values for. */
  fields: readonly LiveField[];
  cipher: FieldCipher;
}

const tableNameOf = (load: Pick<Load, 'importId'>): string => `import_rows_${load.importId.replaceAll('-', '')}`;
export const loadTable = (load: Pick<Load, 'importId'>): SQL => sql`${sql.identifier(tableNameOf(load))}`;
export const recordTable = (load: Pick<Load, 'type'>): SQL => sql`${sql.identifier(load.type.declaration.table)}`;
const name = (column: string): SQL => sql`${sql.identifier(column)}`;
export const saidColumn = (field: LiveField): string => `said_${field.column}`;
const printColumn = (field: LiveField): string => `${field.column}_print`;
const isPrinted = (field: LiveField): boolean => field.encrypted && field.searchable;

/** The columns that {@link openCopy} expects, in their order. A link is said in words and found later. */
export function copiedColumns(load: Load): string[] {
  return ['row_no', 'id', ...load.fields.flatMap((field) => (field.kind === 'link' ? [saidColumn(field)] : isPrinted(field) ? [field.column, printColumn(field)] : [field.column])), 'numbers', 'number_ids', 'audit'];
}

/** A fresh, empty table for the rows of this load. */
export async function makeLoadTable(connection: Connection, load: Load): Promise<void> {
  await dropLoadTable(connection, load);
  const columns = load.fields.flatMap((field) => [
    sql`${name(field.column)} ${sql.raw(columnType(field))}`,
    ...(isPrinted(field) ? [sql`${name(printColumn(field))} text`] : []),
    ...(field.kind === 'link' ? [sql`${name(saidColumn(field))} text`] : []),
  ]);
  await connection.execute(sql`
    create unlogged table ${loadTable(load)} (row_no integer, id uuid, ${columns.length > 0 ? sql`${sql.join(columns, sql`, `)},` : sql``}
      numbers text[], number_ids uuid[], audit text, action "char" not null default 'c', dup_id uuid, dup_row integer, code text, field text)
    with (autovacuum_enabled = false)`);
}

export async function dropLoadTable(connection: Connection, load: Pick<Load, 'importId'>): Promise<void> {
  await connection.execute(sql`drop table if exists ${loadTable(load)}`);
}

/** Whether rows are there: a Postgres that fell keeps the table and not what was in it. */
export async function hasLoadedRows(connection: Connection, load: Pick<Load, 'importId'>): Promise<boolean> {
  const { rows } = await connection.execute<{ there: string | null }>(sql`select to_regclass(${tableNameOf(load)})::text as there`);
  if ((rows[0]?.there ?? null) === null) return false;
  return ((await connection.execute(sql`select 1 from ${loadTable(load)} limit 1`)).rowCount ?? 0) > 0;
}

export interface Copying {
  /** Lines in COPY's text format, each ended by a line feed. Waits while Postgres is busy. */
  write(lines: string): Promise<void>;
  /** All rows are there, counted and ready to be compared. */
  finish(): Promise<void>;
  abort(): Promise<void>;
}

/** COPY of the rows on a connection of its own. */
export async function openCopy(database: Database, load: Load): Promise<Copying> {
  const client = await database.$client.connect();
  const columns = copiedColumns(load).map((column) => client.escapeIdentifier(column)).join(', ');
  const stream = client.query(copyFrom(`copy ${client.escapeIdentifier(tableNameOf(load))} (${columns}) from stdin`));
  let failed: unknown = null;
  stream.on('error', (error) => (failed = error));
  const refuseFailure = (): void => {
    if (failed !== null) throw failed instanceof Error ? failed : new Error('The rows could not be copied.');
  };
  return {
    async write(lines) {
      refuseFailure();
      if (!stream.write(lines)) await Promise.race([once(stream, 'drain'), once(stream, 'error')]);
      refuseFailure();
    },
    async finish() {
      try {
        refuseFailure();
        stream.end();
        await once(stream, 'finish');
        await client.query(`create index on ${client.escapeIdentifier(tableNameOf(load))} (row_no)`);
        await client.query(`analyze ${client.escapeIdentifier(tableNameOf(load))}`);
      } finally {
        client.release(failed !== null);
      }
    },
    async abort() {
      stream.destroy();
      await Promise.resolve(client.release(true));
    },
  };
}

export interface LoadHow {
  actor: RecordActor;
  ownerId: string | null;
  nowMs: number;
  /** Rows after the first and up to the second. */
  after: number;
  upTo: number;
}

/** Makes records of the rows that are to be created, with their numbers, each with its line in the audit. Answers how many. */
export async function createLoaded(tx: Transaction, load: Load, how: LoadHow): Promise<number> {
  const { type, cipher } = load;
  const { declaration } = type;
  const base = baseColumns(declaration);
  const at = sql`${new Date(how.nowMs).toISOString()}::timestamptz`;
  const there = new Set(load.fields.map((field) => field.key));
  const columns: [string, SQL][] = [
    ['id', sql`s.id`],
    ['created_by_id', sql`${how.actor.userId}::uuid`],
    ['import_id', sql`${load.importId}::uuid`],
    [base.ownerId, sql`${how.ownerId}::uuid`],
    [base.createdAt, at],
    [base.updatedAt, at],
  ];
  const found: SQL[] = [];
  for (const field of type.fields.values()) {
    const initial = field.initial !== null || field.emptyText ? parameter(field, field.initial, cipher) : null;
    const said = there.has(field.key) ? sql`s.${name(field.column)}` : null;
    const value = said && initial ? sql`coalesce(${said}, ${initial})` : (said ?? initial);
    if (!value) continue;
    columns.push([field.column, value]);
    if (said && isPrinted(field)) columns.push([printColumn(field), sql`s.${name(printColumn(field))}`]);
    if (field.searchable && !field.encrypted) found.push(field.kind === 'multiPick' ? sql`array_to_string(${value}, ' ')` : sql`${value}::text`);
  }
  if (!declaration.columns?.findText) columns.push([base.findText, found.length === 0 ? sql`''` : sql`fold_text(left(concat_ws(' ', ${sql.join(found, sql`, `)}), 20000))`]);
  const chosen = sql`s.row_no > ${how.after} and s.row_no <= ${how.upTo} and s.action = 'c'`;
  const made = await tx.execute(sql`
    insert into ${recordTable(load)} (${sql.join(columns.map(([column]) => name(column)), sql`, `)})
    select ${sql.join(columns.map(([, value]) => value), sql`, `)} from ${loadTable(load)} s where ${chosen} order by s.row_no`);
  const { numbers } = declaration;
  if (numbers) {
    await tx.execute(sql`
      insert into ${name(numbers.table)} (id, ${name(numbers.record)}, ${name(numbers.e164)}, kind, is_main)
      select n.id, s.id, n.e164, 'mobile', n.place = 1 from ${loadTable(load)} s, unnest(s.number_ids, s.numbers) with ordinality as n (id, e164, place)
      where ${chosen} and s.numbers is not null`);
  }
  await tx.execute(sql`
    insert into audit_log (at, user_id, user_name, action, record_type, record_id, changes)
    select ${at}, ${how.actor.userId}::uuid, ${how.actor.name}, ${`${declaration.name}.created`}, ${declaration.name}, s.id::text, s.audit::jsonb
    from ${loadTable(load)} s where ${chosen} order by s.row_no`);
  return made.rowCount ?? 0;
}

export interface LoadedRow {
  row: number;
  id: string;
  /** The record that is there already. */
  recordId: string | null;
  fields: Record<string, unknown>;
  numbers: string[];
}

/** Rows with what is to happen with them: `c` create, `u` update. */
export async function readLoaded(connection: Connection, load: Load, range: Pick<LoadHow, 'after' | 'upTo'>, action: 'c' | 'u'): Promise<LoadedRow[]> {
  const columns = load.fields.map((field, at) => sql`, ${selected(field)} as ${name(`f${String(at)}`)}`);
  const { rows } = await connection.execute<Record<string, unknown>>(sql`
    select t.row_no, t.id, t.dup_id, t.numbers ${sql.join(columns, sql``)} from ${loadTable(load)} t
    where t.row_no > ${range.after} and t.row_no <= ${range.upTo} and t.action = ${action} order by t.row_no`);
  return rows.map((row) => ({
    row: Number(row['row_no']),
    id: String(row['id']),
    recordId: row['dup_id'] as string | null,
    fields: Object.fromEntries(load.fields.map((field, at) => [field.key, fromColumn(field, row[`f${String(at)}`], load.cipher)])),
    numbers: (row['numbers'] as string[] | null) ?? [],
  }));
}

/** Numbers that records do not have yet become theirs. */
export async function addNumbers(tx: Transaction, type: LiveType, recordId: string, numbers: readonly { id: string; e164: string }[]): Promise<void> {
  const own = type.declaration.numbers;
  if (!own || numbers.length === 0) return;
  await tx.execute(sql`
    insert into ${name(own.table)} (id, ${name(own.record)}, ${name(own.e164)}, kind, is_main)
    select n.id, ${recordId}::uuid, n.e164, 'mobile', n.place = 1 and not exists (select from ${name(own.table)} o where o.${name(own.record)} = ${recordId}::uuid)
    from unnest(${sql.param(numbers.map((one) => one.id))}::uuid[], ${sql.param(numbers.map((one) => one.e164))}::text[]) with ordinality as n (id, e164, place)
    on conflict do nothing`);
}

export async function versionOf(connection: Connection, type: LiveType, recordId: string): Promise<number> {
  const { rows } = await connection.execute<{ version: number }>(sql`select version from ${recordTable({ type })} where id = ${recordId}::uuid`);
  return rows[0]?.version ?? -1;
}

/** What a load created and nobody touched since goes into the trash, some thousand at a time. Answers how many; zero when all is done. */
export async function trashLoaded(tx: Transaction, load: Pick<Load, 'importId' | 'type'>, actor: RecordActor, nowMs: number, most: number): Promise<number> {
  const { declaration } = load.type;
  const base = baseColumns(declaration);
  const at = sql`${new Date(nowMs).toISOString()}::timestamptz`;
  const done = await tx.execute(sql`
    with gone as (
      update ${recordTable(load)} t set deleted_at = ${at}, version = t.version + 1, ${name(base.updatedAt)} = ${at}
      where t.id in (select r.id from ${recordTable(load)} r where r.import_id = ${load.importId}::uuid and ${untouched(load)} limit ${most} for update)
      returning t.id)
    insert into audit_log (at, user_id, user_name, action, record_type, record_id, changes)
    select ${at}, ${actor.userId}::uuid, ${actor.name}, ${`${declaration.name}.deleted`}, ${declaration.name}, id::text, '{}'::jsonb from gone`);
  return done.rowCount ?? 0;
}

const untouched = ({ type }: Pick<Load, 'type'>): SQL => {
  const base = baseColumns(type.declaration);
  return sql`r.deleted_at is null and r.version = 0 and r.${name(base.updatedAt)} = r.${name(base.createdAt)}`;
};

/** The ids of what {@link trashLoaded} would take, for types whose hooks must be asked one by one. */
export async function untouchedOf(connection: Connection, load: Pick<Load, 'importId' | 'type'>, most: number): Promise<string[]> {
  const { rows } = await connection.execute<{ id: string }>(sql`select r.id from ${recordTable(load)} r where r.import_id = ${load.importId}::uuid and ${untouched(load)} limit ${most}`);
  return rows.map((row) => row.id);
}

/** What is left of a load's records: changed since, or gone already. */
export async function leftOf(connection: Connection, load: Pick<Load, 'importId' | 'type'>): Promise<{ alive: number; gone: number }> {
  const { rows } = await connection.execute<{ alive: number; gone: number }>(sql`
    select count(*) filter (where deleted_at is null)::int as alive, count(*) filter (where deleted_at is not null)::int as gone
    from ${recordTable(load)} where import_id = ${load.importId}::uuid`);
  return rows[0] ?? { alive: 0, gone: 0 };
}

/** What two texts are compared by: without case and accents. */
export const comparedBy = (field: LiveField, alias: 's' | 't'): SQL => {
  const column = sql`${sql.identifier(alias)}.${name(field.encrypted ? printColumn(field) : field.column)}`;
  return isText(field.kind) && !field.encrypted ? sql`fold_text(${column}) collate "C"` : column;
};
