import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';
import { recordMergeMoves, recordMerges } from '../../db/index.ts';
import type { Transaction } from '../database.store.ts';
import type { RecordReference } from './record-type-types.ts';
import type { LiveType } from './registry.ts';

export interface Moved {
  tableName: string;
  columnName: string;
  ids: string[];
}

/** Everything that points to a record of this type: what the type declares, link fields of any type, comments and files. */
export function referencesTo(types: ReadonlyMap<string, LiveType>, type: LiveType): RecordReference[] {
  const links = [...types.values()].flatMap((other) =>
    [...other.fields.values()].filter((field) => field.kind === 'link' && field.linkTo === type.declaration.name && !field.encrypted).map((field) => ({ table: other.declaration.table, column: field.column })),
  );
  const ofType = `record_type = '${type.declaration.name}'`;
  const own = [...(type.declaration.references ?? []), { table: 'record_comments', column: 'record_id', only: ofType }, { table: 'record_files', column: 'record_id', only: ofType }];
  const all = [...own, ...links];
  return all.filter((one, at) => all.findIndex((other) => other.table === one.table && other.column === one.column) === at);
}

/** Lets everything that pointed to `from` point to `to`. Answers what was moved, so that it can be moved back. */
export async function moveReferences(tx: Transaction, references: readonly RecordReference[], from: string, to: string): Promise<Moved[]> {
  const moved: Moved[] = [];
  for (const reference of references) {
    const { rows } = await tx.execute<{ id: string }>(move(reference, sql`t.${sql.identifier(reference.column)} = ${from}::uuid`, to));
    if (rows.length > 0) moved.push({ tableName: reference.table, columnName: reference.column, ids: rows.map((row) => row.id) });
  }
  return moved;
}

/** Moves these rows back as far as they still point to `from`. Answers how many. */
export async function moveBack(tx: Transaction, references: readonly RecordReference[], moved: readonly Moved[], from: string, to: string): Promise<number> {
  let count = 0;
  for (const { tableName, columnName, ids } of moved) {
    const reference = references.find((one) => one.table === tableName && one.column === columnName);
    if (!reference) continue; // the field was taken away since
    const { rows } = await tx.execute(move(reference, sql`t.${sql.identifier(columnName)} = ${from}::uuid and t.id = any (${sql.param([...ids])}::uuid[])`, to));
    count += rows.length;
  }
  return count;
}

function move({ table, column, unlessTaken, only, alsoSet }: RecordReference, which: SQL, to: string): SQL {
  const t = sql.identifier(table);
  const taken = unlessTaken === undefined ? sql`true` : sql`not exists (select from ${t} o where o.${sql.identifier(column)} = ${to}::uuid and o.${sql.identifier(unlessTaken)} = t.${sql.identifier(unlessTaken)})`;
  const set = sql`${sql.identifier(column)} = ${to}::uuid${alsoSet ? sql`, ${sql.raw(alsoSet.replaceAll('$to', `'${to}'`))}` : sql``}`;
  return sql`update ${t} t set ${set} where ${which} and ${taken} and ${only ? sql.raw(only) : sql`true`} returning t.id`;
}

export async function markMerged(tx: Transaction, type: LiveType, goneId: string, intoId: string | null): Promise<void> {
  await tx.execute(sql`update ${sql.identifier(type.declaration.table)} set merged_into_id = ${intoId}::uuid where id = ${goneId}::uuid`);
}

export interface Merge {
  id: string;
  at: Date;
  userId: string | null;
  recordType: string;
  keptId: string;
  goneId: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}
export async function insertMerge(tx: Transaction, merge: Merge, moved: readonly Moved[]): Promise<void> {
  await tx.insert(recordMerges).values(merge);
  if (moved.length > 0) await tx.insert(recordMergeMoves).values(moved.map((one) => ({ mergeId: merge.id, ...one })));
}
export async function lockMerge(tx: Transaction, id: string): Promise<{ merge: typeof recordMerges.$inferSelect; moved: Moved[] } | undefined> {
  const [merge] = await tx.select().from(recordMerges).where(eq(recordMerges.id, id)).for('update');
  if (!merge) return undefined;
  return { merge, moved: await tx.select().from(recordMergeMoves).where(eq(recordMergeMoves.mergeId, id)) };
}
/** A later merge into or of the same records that was not undone: it has to be undone first. */
export async function laterMerge(tx: Transaction, merge: { keptId: string; at: Date; id: string }): Promise<boolean> {
  const rows = await tx
    .select({ id: recordMerges.id })
    .from(recordMerges)
    .where(and(isNull(recordMerges.undoneAt), sql`${recordMerges.id} > ${merge.id}::uuid`, sql`(${recordMerges.keptId} = ${merge.keptId}::uuid or ${recordMerges.goneId} = ${merge.keptId}::uuid)`))
    .limit(1);
  return rows.length > 0;
}
export async function markMergeUndone(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx.update(recordMerges).set({ undoneAt: at }).where(eq(recordMerges.id, id));
}
