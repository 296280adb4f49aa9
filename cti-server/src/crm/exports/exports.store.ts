import { eq, lt } from 'drizzle-orm';
import { recordExports } from '../../db/index.ts';
import type { Database } from '../database.store.ts';

export type StoredExport = typeof recordExports.$inferSelect;

export async function insertExport(database: Database, row: typeof recordExports.$inferInsert): Promise<void> {
  await database.insert(recordExports).values(row);
}
export async function findExport(database: Database, id: string): Promise<StoredExport | undefined> {
  const [found] = await database.select().from(recordExports).where(eq(recordExports.id, id));
  return found;
}
export async function changeExport(database: Database, id: string, change: Partial<StoredExport>): Promise<void> {
  await database.update(recordExports).set(change).where(eq(recordExports.id, id));
}
/** Removes what was made before then; answers the ids. */
export async function deleteExportsBefore(database: Database, before: Date): Promise<string[]> {
  const gone = await database.delete(recordExports).where(lt(recordExports.createdAt, before)).returning({ id: recordExports.id });
  return gone.map(({ id }) => id);
}
export async function unfinishedExports(database: Database): Promise<string[]> {
  const rows = await database.select({ id: recordExports.id }).from(recordExports).where(eq(recordExports.state, 'running'));
  return rows.map(({ id }) => id);
}
