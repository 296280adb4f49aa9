import { asc, eq, sql } from 'drizzle-orm';
import { type CustomField, customField, customFieldInput } from '../../contracts/index.ts';
import { customFields, recordLayouts } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import type { Layout } from './registry.ts';

const toField = (row: typeof customFields.$inferSelect): CustomField =>
  customField.parse({ ...row.definition, id: row.id, recordType: row.recordType, key: row.key, kind: row.kind, version: row.version });

export async function listCustomFields(connection: Connection): Promise<CustomField[]> {
  return (await connection.select().from(customFields).orderBy(asc(customFields.createdAt), asc(customFields.id))).map(toField);
}

export async function lockCustomField(tx: Transaction, id: string): Promise<CustomField | undefined> {
  const [row] = await tx.select().from(customFields).where(eq(customFields.id, id)).for('update');
  return row && toField(row);
}

/** Throws Postgres' unique violation `custom_fields_key` when the type has such a field. */
export async function insertCustomField(tx: Transaction, field: CustomField, at: Date): Promise<void> {
  const { id, recordType, key, kind } = field;
  await tx.insert(customFields).values({ id, recordType, key, kind, definition: customFieldInput.parse(definitionOf(field)), createdAt: at });
}

export async function updateCustomField(tx: Transaction, field: CustomField): Promise<void> {
  await tx.update(customFields).set({ definition: customFieldInput.parse(definitionOf(field)), version: sql`${customFields.version} + 1` }).where(eq(customFields.id, field.id));
}

export async function deleteCustomField(tx: Transaction, id: string): Promise<void> {
  await tx.delete(customFields).where(eq(customFields.id, id));
}

const definitionOf = ({ id: _id, recordType: _type, version: _version, ...definition }: CustomField) => definition;

export async function listLayouts(connection: Connection): Promise<Map<string, Layout>> {
  const rows = await connection.select().from(recordLayouts);
  return new Map(rows.map((row) => [row.recordType, row.layout as unknown as Layout]));
}

export async function saveLayout(tx: Transaction, recordType: string, layout: Layout): Promise<void> {
  await tx
    .insert(recordLayouts)
    .values({ recordType, layout: { ...layout } })
    .onConflictDoUpdate({ target: recordLayouts.recordType, set: { layout: { ...layout } } });
}

/** How many living records have a value in the field, counted no further than `most`; with an option, how many have this one. */
export async function countUses(connection: Connection, table: string, column: string, option: string | null, isList: boolean, most: number): Promise<number> {
  const name = sql.identifier(column);
  const has = option === null ? sql`${name} is not null` : isList ? sql`${name} @> array[${option}]::text[]` : sql`${name} = ${option}`;
  const { rows } = await connection.execute<{ count: string }>(sql`select count(*) from (select from ${sql.identifier(table)} where ${has} limit ${most}) as counted`);
  return Number(rows[0]?.count ?? 0);
}

/** Frees the column of a deleted field: what was in it stays under another name until an operator drops it, and the key can be used again. */
export async function retireColumn(tx: Transaction, table: string, column: string, suffix: string): Promise<void> {
  await tx.execute(sql`alter table ${sql.identifier(table)} rename column ${sql.identifier(column)} to ${sql.identifier(`gone_${suffix}_${column}`.slice(0, 60))}`);
  await tx.execute(sql`alter table ${sql.identifier(table)} drop column if exists ${sql.identifier(`${column}_f`)}, drop column if exists ${sql.identifier(`${column}_print`)}`);
  const { rows } = await tx.execute<{ name: string }>(sql`select indexname as name from pg_indexes where schemaname = current_schema() and tablename = ${table} and indexname like ${`%rec_f_${column}%`}`);
  for (const { name } of rows) await tx.execute(sql`drop index if exists ${sql.identifier(name)}`);
}
