import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { ImportCounts, ImportReason, ImportReject, ImportState, RecordImport } from '../../contracts/index.ts';
import { recordImportChanges, recordImportRejects, recordImports, users } from '../../db/index.ts';
import type { Connection, Database, Transaction } from '../database.store.ts';

export type StoredImport = typeof recordImports.$inferSelect;
export type ImportChange = Partial<Omit<StoredImport, 'id' | 'userId' | 'recordType' | 'createdAt'>>;
export const rejectsTable = sql`${recordImportRejects}`;

export async function insertImport(connection: Connection, row: typeof recordImports.$inferInsert): Promise<void> {
  await connection.insert(recordImports).values(row);
}

/** With the name of who brought it in. */
export async function findImport(connection: Connection, id: string): Promise<(StoredImport & { userName: string }) | undefined> {
  const [found] = await connection.select({ row: recordImports, userName: users.name }).from(recordImports).innerJoin(users, eq(users.id, recordImports.userId)).where(eq(recordImports.id, id));
  return found && { ...found.row, userName: found.userName };
}

export async function changeImport(connection: Connection, id: string, change: ImportChange): Promise<void> {
  await connection.update(recordImports).set(change).where(eq(recordImports.id, id));
}

/** Only from one of these states, so that of two who press at once one begins. False when it is in another. */
export async function moveImport(connection: Connection, id: string, from: readonly ImportState[], change: ImportChange): Promise<boolean> {
  const moved = await connection.update(recordImports).set(change).where(and(eq(recordImports.id, id), inArray(recordImports.state, [...from])));
  return (moved.rowCount ?? 0) > 0;
}

export async function deleteImport(connection: Connection, id: string): Promise<void> {
  await connection.delete(recordImports).where(eq(recordImports.id, id));
}

/** The newest first: one's own, and all of the types that one may import for everybody. */
export async function listImports(connection: Connection, viewer: { userId: string }, allOf: readonly string[], after: readonly [at: string, id: string] | undefined, limit: number) {
  const seen = sql`(${recordImports.userId} = ${viewer.userId}::uuid or ${recordImports.recordType} = any (${sql.param([...allOf])}::text[]))`;
  const behind = after === undefined ? sql`true` : sql`(${recordImports.createdAt}, ${recordImports.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const rows = await connection.select({ row: recordImports, userName: users.name }).from(recordImports).innerJoin(users, eq(users.id, recordImports.userId))
    .where(and(seen, behind)).orderBy(sql`${recordImports.createdAt} desc, ${recordImports.id} desc`).limit(limit);
  return rows.map(({ row, userName }) => ({ ...row, userName }));
}

/** How the same columns were mapped last time. */
export async function lastSettings(connection: Connection, recordType: string, headerPrint: string): Promise<Record<string, unknown> | null> {
  const [last] = await connection.select({ settings: recordImports.settings }).from(recordImports)
    .where(and(eq(recordImports.recordType, recordType), eq(recordImports.headerPrint, headerPrint), sql`${recordImports.settings} is not null`))
    .orderBy(sql`${recordImports.createdAt} desc`).limit(1);
  return last?.settings ?? null;
}

export async function importsIn(connection: Connection, states: readonly ImportState[]): Promise<StoredImport[]> {
  return connection.select().from(recordImports).where(inArray(recordImports.state, [...states])).orderBy(recordImports.createdAt);
}
export async function importsBefore(connection: Connection, before: Date): Promise<StoredImport[]> {
  return connection.select().from(recordImports).where(lt(recordImports.createdAt, before));
}

/** Whoever holds it works on the import; it falls with its holder. Null when somebody holds it. */
export async function holdImport(database: Database, id: string): Promise<{ release(): void } | null> {
  const client = await database.$client.connect();
  const key = 'hashtextextended($1, 7220033)';
  const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${key}) as held`, [id]);
  if (rows[0]?.held !== true) {
    client.release();
    return null;
  }
  return { release: () => void client.query(`select pg_advisory_unlock(${key})`, [id]).then(() => client.release(), () => client.release(true)) };
}

export async function insertRejects(connection: Connection, importId: string, rejects: readonly { row: number; reasons: ImportReason[] }[]): Promise<void> {
  if (rejects.length === 0) return;
  await connection.execute(sql`
    insert into ${recordImportRejects} (import_id, row_no, reasons)
    select ${importId}::uuid, r.row, r.reasons from unnest(${sql.param(rejects.map((one) => one.row))}::int[], ${sql.param(rejects.map((one) => JSON.stringify(one.reasons)))}::jsonb[]) as r (row, reasons)
    on conflict (import_id, row_no) do update set reasons = excluded.reasons`);
}

export async function clearRejects(connection: Connection, importId: string, after: number): Promise<void> {
  await connection.execute(sql`delete from ${recordImportRejects} where import_id = ${importId}::uuid and row_no > ${after}`);
}

/** Rejected rows in their order. */
export async function listRejects(connection: Connection, importId: string, after: number, limit: number, reason: { code?: string | undefined; field?: string | undefined }): Promise<ImportReject[]> {
  const isAsked = reason.code !== undefined || reason.field !== undefined;
  const { rows } = await connection.execute<{ row_no: number; reasons: ImportReason[] }>(sql`
    select row_no, reasons from ${recordImportRejects} where import_id = ${importId}::uuid and row_no > ${after}
      and ${isAsked ? sql`reasons @> ${JSON.stringify([reason])}::jsonb` : sql`true`} order by row_no limit ${limit}`);
  return rows.map((row) => ({ row: row.row_no, reasons: row.reasons.map((reason) => ({ ...reason, field: reason.field ?? null })) }));
}

const mostReasons = 40;
const rowsShown = 5;
export async function sumRejects(connection: Connection, importId: string): Promise<{ reasons: RecordImport['reasons']; counts: Pick<ImportCounts, 'duplicates' | 'rejected'> }> {
  const { rows } = await connection.execute<{ code: RecordImport['reasons'][number]['code']; field: string | null; count: number; rows: number[] }>(sql`
    select e.value->>'code' as code, e.value->>'field' as field, count(*)::int as count, (array_agg(row_no order by row_no))[1:${sql.raw(String(rowsShown))}] as rows
    from ${recordImportRejects}, jsonb_array_elements(reasons) e where import_id = ${importId}::uuid group by 1, 2 order by 3 desc, 1, 2 limit ${mostReasons}`);
  const { rows: counted } = await connection.execute<{ duplicates: number; rejected: number }>(sql`
    select count(*) filter (where reasons->0->>'code' in ('duplicate', 'duplicateInFile'))::int as duplicates,
      count(*) filter (where reasons->0->>'code' not in ('duplicate', 'duplicateInFile'))::int as rejected
    from ${recordImportRejects} where import_id = ${importId}::uuid`);
  return { reasons: rows.map(({ code, field, count, rows: some }) => ({ code, field, count, rows: some })), counts: { duplicates: counted[0]?.duplicates ?? 0, rejected: counted[0]?.rejected ?? 0 } };
}

/** What a record was before the import's first change of it, and the version it has after the last. */
export async function keepChange(tx: Transaction, importId: string, recordId: string, version: number, before: Record<string, unknown>): Promise<void> {
  await tx.insert(recordImportChanges).values({ importId, recordId, version, before })
    .onConflictDoUpdate({ target: [recordImportChanges.importId, recordImportChanges.recordId], set: { version } });
}
export async function changesOf(connection: Connection, importId: string, limit: number) {
  return connection.select().from(recordImportChanges).where(eq(recordImportChanges.importId, importId)).orderBy(recordImportChanges.recordId).limit(limit);
}
export async function forgetChange(tx: Transaction, importId: string, recordId: string): Promise<void> {
  await tx.delete(recordImportChanges).where(and(eq(recordImportChanges.importId, importId), eq(recordImportChanges.recordId, recordId)));
}

/** People as a file names them. Two of the same name are nobody. */
export async function peopleByWord(connection: Connection): Promise<Map<string, string | null>> {
  const rows = await connection.select({ id: users.id, login: users.login, name: users.name }).from(users).where(eq(users.active, true));
  const found = new Map<string, string | null>();
  for (const { id, name } of rows) found.set(name.toLowerCase(), found.has(name.toLowerCase()) ? null : id);
  for (const { id, login } of rows) found.set(login.toLowerCase(), id).set(id, id);
  return found;
}
export async function userExists(connection: Connection, id: string): Promise<boolean> {
  return (await connection.$count(users, and(eq(users.id, id), eq(users.active, true)))) > 0;
}
