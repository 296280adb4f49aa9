/** Rows of a load compared with each other and with the records, in sets: what is there already, what is taken, what a name stands for. */
import { sql, type SQL } from 'drizzle-orm';
import type { Connection, Transaction } from '../database.store.ts';
import { comparedBy, type Load, loadTable, recordTable, saidColumn } from './bulk-load.store.ts';
import type { LiveField, LiveType } from './registry.ts';

const name = (column: string): SQL => sql`${sql.identifier(column)}`;

export interface CompareHow {
  onDuplicate: 'skip' | 'update' | 'create';
  /** Fields by which a row is a record that is there; `phone` stands for the numbers. */
  by: readonly string[];
  /** Only rows after this one: those before are records already. */
  after: number;
  /** A condition on `t`: what may be changed. */
  changeable: SQL;
}

/** Says of each row what is to happen with it. May be asked again: it begins anew. */
export async function compareLoaded(tx: Transaction, load: Load, how: CompareHow): Promise<void> {
  const rows = loadTable(load);
  await tx.execute(sql`set local work_mem = '64MB'`);
  await tx.execute(sql`update ${rows} set action = 'c', dup_id = null, dup_row = null, code = null, field = null where action <> 'c' and row_no > ${how.after} and code is distinct from 'unknownRecord' and code is distinct from 'severalRecords'`);
  for (const key of how.by) {
    if (key === 'phone') await findSameNumbers(tx, load, how.after);
    const field = load.fields.find((one) => one.key === key);
    if (field) await findSame(tx, load, field, how.after);
  }
  // the same person twice in one file is one person, unless all are wanted
  await tx.execute(sql`
    update ${rows} set field = null, code = case when dup_id is null then 'duplicateInFile' else 'duplicate' end,
      action = case when ${how.onDuplicate} = 'create' then 'c' when ${how.onDuplicate} = 'update' and dup_id is not null and dup_row is null then 'u' else 'd' end::"char"
    where (dup_id is not null or dup_row is not null) and action = 'c' and row_no > ${how.after}`);
  if (how.onDuplicate === 'create') await tx.execute(sql`update ${rows} set dup_id = null, dup_row = null, code = null where code in ('duplicate', 'duplicateInFile') and row_no > ${how.after}`);
  if (how.onDuplicate === 'update') {
    await tx.execute(sql`
      update ${rows} s set action = 'r', code = 'mayNotChange' where s.action = 'u' and s.row_no > ${how.after}
        and not exists (select from ${recordTable(load)} t where t.id = s.dup_id and ${how.changeable})`);
    for (const field of load.fields) {
      if (field.required && field.initial === null) await tx.execute(sql`update ${rows} s set action = 'r', code = 'required', field = ${field.key} where s.action = 'c' and s.${name(field.column)} is null and s.row_no > ${how.after}`);
    }
  }
  for (const field of load.fields) if (field.unique) await refuseTaken(tx, load, field, how.after);
}

async function findSame(tx: Transaction, load: Load, field: LiveField, after: number): Promise<void> {
  const rows = loadTable(load);
  const [said, kept] = [comparedBy(field, 's'), comparedBy(field, 't')];
  await tx.execute(sql`
    update ${rows} s set dup_id = t.id from ${recordTable(load)} t
    where s.dup_id is null and s.row_no > ${after} and s.action = 'c' and ${said} = ${kept} and t.deleted_at is null`);
  await tx.execute(sql`
    with again as (select ${said} as value, min(s.row_no) as first from ${rows} s where ${said} is not null and s.action <> 'r' group by 1 having count(*) > 1)
    update ${rows} s set dup_row = a.first from again a where ${said} = a.value and s.row_no > a.first and s.dup_row is null and s.row_no > ${after} and s.action = 'c'`);
}

async function findSameNumbers(tx: Transaction, load: Load, after: number): Promise<void> {
  const own = load.type.declaration.numbers;
  if (!own) return;
  const rows = loadTable(load);
  // a table with its statistics: of numbers within lists Postgres expects anything, and compares each with each
  await tx.execute(sql`create temp table load_numbers on commit drop as select r.row_no, e.e164 from ${rows} r, unnest(r.numbers) as e (e164) where r.numbers is not null and r.action <> 'r'`);
  await tx.execute(sql`analyze load_numbers`);
  await tx.execute(sql`
    update ${rows} s set dup_id = d.id from (
      select x.row_no, min(t.id::text)::uuid as id from load_numbers x join ${name(own.table)} n on n.${name(own.e164)} = x.e164
      join ${recordTable(load)} t on t.id = n.${name(own.record)} where t.deleted_at is null group by x.row_no) d
    where d.row_no = s.row_no and s.dup_id is null and s.row_no > ${after} and s.action = 'c'`);
  await tx.execute(sql`
    update ${rows} s set dup_row = p.first from (
      select x.row_no, min(x.first) as first from (select row_no, min(row_no) over (partition by e164) as first from load_numbers) x where x.row_no > x.first group by x.row_no) p
    where p.row_no = s.row_no and s.dup_row is null and s.row_no > ${after} and s.action = 'c'`);
  await tx.execute(sql`drop table load_numbers`);
}

/** No two living records have the same value of a unique field, whatever is said of duplicates. */
async function refuseTaken(tx: Transaction, load: Load, field: LiveField, after: number): Promise<void> {
  const rows = loadTable(load);
  const [said, kept] = [comparedBy(field, 's'), comparedBy(field, 't')];
  await tx.execute(sql`
    update ${rows} s set action = 'r', code = 'taken', field = ${field.key}, dup_id = t.id, dup_row = null from ${recordTable(load)} t
    where s.action in ('c', 'u') and s.row_no > ${after} and ${said} = ${kept} and t.deleted_at is null and t.id is distinct from s.dup_id`);
  await tx.execute(sql`
    with again as (select ${said} as value, min(s.row_no) as first from ${rows} s where ${said} is not null and s.action in ('c', 'u') group by 1 having count(*) > 1)
    update ${rows} s set action = 'r', code = 'taken', field = ${field.key}, dup_id = null, dup_row = a.first from again a
    where ${said} = a.value and s.row_no > a.first and s.action in ('c', 'u') and s.row_no > ${after}`);
}

/** Links are said by the title of the other record, or its id. What nobody is called, and what several are, is refused. */
export async function resolveLinks(tx: Transaction, load: Load, linkedTypes: ReadonlyMap<string, { type: LiveType; reach: SQL }>): Promise<void> {
  const rows = loadTable(load);
  for (const field of load.fields) {
    const linked = field.kind === 'link' && field.linkTo !== null ? linkedTypes.get(field.linkTo) : undefined;
    const title = linked?.type.fields.get(linked.type.declaration.titleField);
    if (!linked || !title) continue;
    const said = sql`s.${name(saidColumn(field))}`;
    const table = name(linked.type.declaration.table);
    const called = comparedBy(title, 't');
    await tx.execute(sql`
      with said as (select distinct ${said} as word, fold_text(${said}) collate "C" as folded from ${rows} s where ${said} is not null),
      found as (
        select w.word, t.id from said w join ${table} t on ${called} = w.folded where t.deleted_at is null and ${linked.reach}
        union select w.word, t.id from said w join ${table} t on t.id::text = lower(w.word) where t.deleted_at is null and ${linked.reach}),
      counted as (select word, min(id::text)::uuid as id, count(*) as many from found group by word)
      update ${rows} s set ${name(field.column)} = case when c.many = 1 then c.id end,
        action = case when c.many = 1 then s.action else 'r' end, code = case when c.many = 1 then s.code else 'severalRecords' end, field = case when c.many = 1 then s.field else ${field.key} end
      from counted c where c.word = ${said}`);
    await tx.execute(sql`update ${rows} s set action = 'r', code = 'unknownRecord', field = ${field.key} where ${said} is not null and s.${name(field.column)} is null and s.action <> 'r'`);
  }
}

export interface LoadCounts {
  created: number;
  updated: number;
  duplicates: number;
  rejected: number;
}
export async function countLoaded(connection: Connection, load: Load): Promise<LoadCounts> {
  const { rows } = await connection.execute<{ action: string; count: number }>(sql`select action::text, count(*)::int as count from ${loadTable(load)} group by 1`);
  const of = (action: string): number => rows.find((row) => row.action === action)?.count ?? 0;
  return { created: of('c'), updated: of('u'), duplicates: of('d'), rejected: of('r') };
}

/** What is told of the rows that are left out. */
export async function tellRejected(tx: Transaction, load: Load, into: SQL): Promise<void> {
  await tx.execute(sql`
    insert into ${into} (import_id, row_no, reasons)
    select ${load.importId}::uuid, s.row_no, jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('code', s.code, 'field', s.field, 'row', s.dup_row, 'recordId', s.dup_id)))
    from ${loadTable(load)} s where s.action in ('d', 'r') on conflict (import_id, row_no) do update set reasons = excluded.reasons`);
}

/** A row that turned out otherwise when it was to be saved. */
export async function refuseLoaded(tx: Transaction, load: Load, row: number, code: string): Promise<void> {
  await tx.execute(sql`update ${loadTable(load)} set action = 'r', code = ${code} where row_no = ${row}`);
}
