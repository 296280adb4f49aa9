import { eq, lt } from 'drizzle-orm';
import { recordUndoEntries, recordUndos } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';

export async function insertUndo(tx: Transaction, undo: { id: string; at: Date; userId: string; recordType: string }): Promise<void> {
  await tx.insert(recordUndos).values(undo);
}
export async function insertUndoEntries(tx: Transaction, undoId: string, entries: readonly { recordId: string; version: number; before: Record<string, unknown> }[]): Promise<void> {
  if (entries.length > 0) await tx.insert(recordUndoEntries).values(entries.map((entry) => ({ undoId, ...entry })));
}
export async function lockUndo(tx: Transaction, id: string) {
  const [found] = await tx.select().from(recordUndos).where(eq(recordUndos.id, id)).for('update');
  return found;
}
export async function markUndone(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx.update(recordUndos).set({ undoneAt: at }).where(eq(recordUndos.id, id));
}
export const undoEntries = (connection: Connection, undoId: string) => connection.select().from(recordUndoEntries).where(eq(recordUndoEntries.undoId, undoId));
export async function deleteOldUndos(tx: Transaction, before: Date): Promise<void> {
  await tx.delete(recordUndos).where(lt(recordUndos.at, before));
}
