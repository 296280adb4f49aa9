/** Makes the tables of the record types, and completes them: only ever adds, so that nothing is lost and several servers may do it at once. */
import { createHash } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import { type Database, inTransaction, type Transaction } from '../database.store.ts';
import { columnType, foldedColumn } from './field-columns.ts';
import type { LiveField, LiveType } from './registry.ts';

/** Any number, the same in every process: one completes the tables at a time. */
const tablesLock = 7_220_032;
/** A new column waits no longer than this for long transactions on the table: everybody else would wait behind it. */
const lockPatience = '3s';

/** What every record has, and in which column. A type with a table of its own history may name a column otherwise. */
export const baseColumns = (type: LiveType['declaration']) => ({ ownerId: 'owner_id', createdAt: 'created_at', updatedAt: 'updated_at', findText: 'find_text', ...type.columns });

export async function completeTables(database: Database, types: Iterable<LiveType>): Promise<void> {
  const all = [...types];
  const missing = await missingParts(database, all);
  if (missing.length === 0) return;
  await inTransaction(database, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${tablesLock})`);
    await tx.execute(sql.raw(`set local lock_timeout = '${lockPatience}'`));
    for (const statement of await missingParts(tx, all)) await tx.execute(statement);
  });
}

async function missingParts(connection: Database | Transaction, types: readonly LiveType[]): Promise<SQL[]> {
  const tables = types.map((type) => type.declaration.table);
  const { rows: columns } = await connection.execute<{ table: string; name: string }>(sql`
    select table_name as "table", column_name as name from information_schema.columns
    where table_schema = current_schema() and table_name in ${tables}`);
  const { rows: statistics } = await connection.execute<{ name: string }>(sql`select stxname as name from pg_statistic_ext where stxnamespace = current_schema()::regnamespace`);
  const { rows: functions } = await connection.execute<{ name: string; body: string }>(sql`select proname as name, prosrc as body from pg_proc where proname in ${tables.map(foldFunction)} and pronamespace = current_schema()::regnamespace`);
  const { rows: indexes } = await connection.execute<{ name: string }>(sql`select indexname as name from pg_indexes where schemaname = current_schema() and tablename in ${tables}`);
  const has = new Set(columns.map(({ table, name }) => `${table}.${name}`));
  const hasIndex = new Set([...indexes, ...statistics].map(({ name }) => name));
  const bodies = new Map(functions.map(({ name, body }) => [name, body]));
  return types.flatMap((type) => partsOf(type, has, hasIndex, bodies));
}

const foldFunction = (table: string): string => `rec_fold_${table}`;

/** Keeps the folded texts beside their fields, whoever writes the row. */
function foldingOf(type: LiveType, has: ReadonlySet<string>, bodies: ReadonlyMap<string, string>): SQL[] {
  const { table } = type.declaration;
  const t = sql.identifier(table);
  const folded = [...type.fields.values()].filter((field) => field.folded);
  const body = bodies.get(foldFunction(table));
  if (body === foldBody(folded) || (body === undefined && folded.length === 0)) return [];
  const fresh = folded.filter((field) => !has.has(`${table}.${foldedColumn(field)}`) && has.has(`${table}.${field.column}`));
  return [
    ...folding(table, folded),
    // rows that were there before; a field that was just made has none
    ...fresh.map((field) => sql`update ${t} set ${sql.identifier(foldedColumn(field))} = fold_text(${sql.identifier(field.column)}) where ${sql.identifier(field.column)} is not null`),
  ];
}

const foldBody = (folded: readonly LiveField[]): string => `BEGIN ${folded.map((field) => `NEW."${foldedColumn(field)}" := fold_text(NEW."${field.column}");`).join(' ')} RETURN NEW; END`;

function folding(table: string, folded: readonly LiveField[]): SQL[] {
  const [t, name] = [sql.identifier(table), sql.identifier(foldFunction(table))];
  const columns = folded.map((field) => sql.identifier(field.column));
  return [
    sql`create or replace function ${name}() returns trigger language plpgsql as ${sql.raw(`'${foldBody(folded)}'`)}`,
    sql`create or replace trigger ${name} before insert or update ${columns.length === 0 ? sql`` : sql`of ${sql.join(columns, sql`, `)}`} on ${t} for each row execute function ${name}()`,
  ];
}

/** The same without a field that is just taken away: in the same transaction, or the next row could not be written. */
export async function foldWithout(tx: Transaction, type: LiveType, key: string): Promise<void> {
  for (const statement of folding(type.declaration.table, [...type.fields.values()].filter((field) => field.folded && field.key !== key))) await tx.execute(statement);
}

function partsOf(type: LiveType, has: ReadonlySet<string>, hasIndex: ReadonlySet<string>, bodies: ReadonlyMap<string, string>): SQL[] {
  const { declaration } = type;
  const { table } = declaration;
  const base = baseColumns(declaration);
  const statements: SQL[] = [];
  const t = sql.identifier(table);
  if (!has.has(`${table}.id`)) statements.push(sql`create table if not exists ${t} (id uuid primary key)`);
  const column = (name: string, definition: string): void => {
    if (!has.has(`${table}.${name}`)) statements.push(sql`alter table ${t} add column if not exists ${sql.identifier(name)} ${sql.raw(definition)}`);
  };
  const index = (name: string, how: string, isUnique = false): void => {
    // names beyond 63 letters would be cut off and never be found again
    const whole = `${table}_${name}`;
    const known = whole.length <= 60 ? whole : `${whole.slice(0, 50)}_${createHash('sha256').update(whole).digest('hex').slice(0, 9)}`;
    if (!hasIndex.has(known)) statements.push(sql`create ${sql.raw(isUnique ? 'unique ' : '')}index if not exists ${sql.identifier(known)} on ${t} ${sql.raw(how)}`);
  };
  column('version', 'integer not null default 0');
  column(base.ownerId, 'uuid references users (id)');
  column(base.createdAt, 'timestamptz(3) not null default now()');
  column(base.updatedAt, 'timestamptz(3) not null default now()');
  column('deleted_at', 'timestamptz(3)');
  column('created_by_id', 'uuid references users (id)');
  column('tags', `text[] not null default '{}'`);
  column('import_id', 'uuid');
  column('merged_into_id', 'uuid');
  column(base.findText, `text not null default ''`);
  for (const field of type.fields.values()) {
    column(field.column, columnType(field));
    if (field.encrypted && field.searchable) column(`${field.column}_print`, 'text');
    if (field.folded) column(foldedColumn(field), 'text collate "C"');
  }
  statements.push(...foldingOf(type, has, bodies));
  const alive = 'where deleted_at is null';
  index('rec_updated', `("${base.updatedAt}", id) ${alive}`);
  index('rec_created', `("${base.createdAt}", id) ${alive}`);
  index('rec_owner', `("${base.ownerId}", "${base.updatedAt}", id) ${alive}`);
  index('rec_tags', `using gin (tags) where tags <> '{}'`);
  index('rec_import', `(import_id) where import_id is not null`);
  index('rec_trash', `(deleted_at, id) where deleted_at is not null`);
  if (!declaration.columns?.findText) {
    index('rec_find', `using gin ("${base.findText}" gin_trgm_ops)`);
    index('rec_han', `using gin (han_grams("${base.findText}"))`);
  }
  for (const field of type.fields.values()) indexesOf(field, index, alive, declaration.titleField === field.key);
  // Countries and cities, stages and grades go together: a planner that takes each filter for independent reads millions of rows in order
  // to find the few that fit both.
  const together = [...type.fields.values()].filter((field) => !field.custom && field.indexed && !field.unique && !field.encrypted && (field.kind === 'pick' || field.folded)).slice(0, 8);
  const statistics = `${table}_rec_together`.slice(0, 60);
  if (together.length > 1 && !hasIndex.has(statistics)) {
    const columns = together.map((field) => sql.identifier(field.folded ? foldedColumn(field) : field.column));
    statements.push(sql`create statistics if not exists ${sql.identifier(statistics)} (dependencies, mcv) on ${sql.join(columns, sql`, `)} from ${t}`);
  }
  return statements;
}

function indexesOf(field: LiveField, index: (name: string, how: string, isUnique?: boolean) => void, alive: string, isTitle: boolean): void {
  const name = `rec_f_${field.column}`;
  const quoted = `"${field.column}"`;
  if (field.encrypted) {
    if (field.searchable) index(`${name}_print`, `("${field.column}_print") ${alive}`, field.unique);
    return;
  }
  const value = field.folded ? `"${foldedColumn(field)}"` : quoted;
  if (field.unique) index(`${name}_once`, `(${value}) ${alive}`, true);
  if (field.kind === 'multiPick') {
    if (field.indexed) index(name, `using gin (${quoted})`);
  } else if (field.indexed || isTitle || field.kind === 'link' || field.kind === 'user') index(name, `(${value}, id) ${alive}`);
  if (field.kind === 'phone') index(`${name}_end`, `(reverse(${quoted}) collate "C") ${alive}`);
}
