import { and, asc, eq, or, sql } from 'drizzle-orm';
import { type SavedView, savedView, type savedViewInput } from '../../contracts/index.ts';
import { recordViews } from '../../db/index.ts';
import type { z } from 'zod';
import type { Connection, Transaction } from '../database.store.ts';

type ViewRow = typeof recordViews.$inferSelect;
const toView = (row: ViewRow, userId: string): SavedView => savedView.parse({ ...row.view, id: row.id, shared: row.shared, mine: row.userId === userId, version: row.version });

/** One's own and those that others share. */
export async function listViews(connection: Connection, recordType: string, userId: string): Promise<SavedView[]> {
  const rows = await connection
    .select()
    .from(recordViews)
    .where(and(eq(recordViews.recordType, recordType), or(eq(recordViews.userId, userId), recordViews.shared)))
    .orderBy(asc(recordViews.id))
    .limit(200);
  return rows.map((row) => toView(row, userId));
}

export async function lockView(tx: Transaction, id: string): Promise<ViewRow | undefined> {
  const [row] = await tx.select().from(recordViews).where(eq(recordViews.id, id)).for('update');
  return row;
}

export async function insertView(tx: Transaction, id: string, recordType: string, userId: string, { shared, ...view }: z.output<typeof savedViewInput>): Promise<SavedView> {
  const [row] = await tx.insert(recordViews).values({ id, recordType, userId, shared, view }).returning();
  if (!row) throw new Error('The new view was not returned.');
  return toView(row, userId);
}

export async function updateView(tx: Transaction, id: string, userId: string, { shared, ...view }: z.output<typeof savedViewInput>): Promise<SavedView> {
  const [row] = await tx.update(recordViews).set({ shared, view, version: sql`${recordViews.version} + 1` }).where(eq(recordViews.id, id)).returning();
  if (!row) throw new Error('The changed view was not returned.');
  return toView(row, userId);
}

export const viewOf = (row: ViewRow, userId: string): SavedView => toView(row, userId);
export async function deleteView(tx: Transaction, id: string): Promise<void> {
  await tx.delete(recordViews).where(eq(recordViews.id, id));
}
