import type { z } from 'zod';
import type { BulkAnswer, bulkChange, CrmRecord } from '../../contracts/index.ts';
import { notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { wrongField } from '../refusals.ts';
import { deleteOldUndos, insertUndo, insertUndoEntries, lockUndo, markUndone, undoEntries } from './bulk.store.ts';
import { findRow } from './records.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';

/** So many records are changed in one transaction; the others may be read and changed meanwhile. */
const chunk = 200;
const mostAtOnce = 20_000;
const keepUndosMs = 7 * 86_400_000;

/** The same change to many records, told before it is made and taken back in one step. */
export function createBulk(context: RecordsContext & { records: RecordsService }) {
  const { database, clock, cipher, records } = context;

  async function meant(viewer: Viewer, typeName: string, input: z.output<typeof bulkChange>): Promise<CrmRecord[]> {
    if ((input.ids === undefined) === (input.filter === undefined && input.search === undefined)) throw wrongField('ids', 'give either ids or a filter');
    const found: CrmRecord[] = [];
    if (input.ids) {
      for (let at = 0; at < input.ids.length; at += chunk) {
        const filter = [{ field: 'id', op: 'in' as const, value: input.ids.slice(at, at + chunk) }];
        found.push(...(await records.list(viewer, typeName, { filter, limit: chunk, state: 'alive', sort: 'createdAt', search: undefined, cursor: undefined, fields: undefined })).items);
      }
      return found;
    }
    let cursor: string | undefined;
    do {
      const page = await records.list(viewer, typeName, { filter: input.filter, search: input.search, cursor, limit: 200, state: 'alive', sort: 'createdAt', fields: undefined });
      found.push(...page.items);
      if (found.length > mostAtOnce) throw new Refusal(400, 'tooMany', `Change at most ${String(mostAtOnce)} records at once: narrow the filter.`, { field: 'filter' });
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  return {
    async change(viewer: Viewer, typeName: string, input: z.output<typeof bulkChange>): Promise<BulkAnswer> {
      const type = records.typeFor(viewer, typeName);
      const action = input.remove ? 'delete' : 'change';
      const { faults } = records.check(viewer, type, input.fields ?? {}, Object.fromEntries(Object.keys(input.fields ?? {}).map((key) => [key, undefined])));
      const [fault] = faults;
      if (fault) throw wrongField(fault.field, fault.message);
      const targets = await meant(viewer, typeName, input);
      const allowed = targets.filter((target) => (input.remove ? target.mayDelete : target.mayChange));
      const answer = { refused: targets.length - allowed.length, examples: allowed.slice(0, 5).map(({ id, title }) => ({ id, title })) };
      if (input.preview || allowed.length === 0) return { ...answer, changed: allowed.length, undoId: null };

      const undoId = newId(clock.now());
      await inTransaction(database, async (tx) => {
        await deleteOldUndos(tx, new Date(clock.now() - keepUndosMs));
        await insertUndo(tx, { id: undoId, at: new Date(clock.now()), userId: viewer.userId, recordType: typeName });
      });
      let changed = 0;
      let refused = answer.refused;
      for (let at = 0; at < allowed.length; at += chunk) {
        await inTransaction(database, async (tx) => {
          const entries: { recordId: string; version: number; before: Record<string, unknown> }[] = [];
          for (const { id } of allowed.slice(at, at + chunk)) {
            const row = await findRow(tx, type, id, cipher, undefined, true);
            if (!row || row.deletedAt !== null) {
              refused += 1; // went while the others were changed
              continue;
            }
            const tags = input.addTags || input.removeTags ? [...new Set([...row.tags, ...(input.addTags ?? [])])].filter((tag) => !input.removeTags?.includes(tag)) : undefined;
            const before = await records.changeIn(tx, viewer, type, id, {
              version: null,
              ...(input.fields ? { fields: input.fields } : {}),
              ...(input.ownerId === undefined ? {} : { ownerId: input.ownerId }),
              ...(tags ? { tags } : {}),
              ...(input.remove ? { deletedAtMs: clock.now() } : {}),
            }, action);
            const fields = Object.fromEntries(Object.keys(input.fields ?? {}).map((key) => [key, before.fields[key] ?? null]));
            entries.push({ recordId: id, version: before.version + 1, before: { fields, ownerId: before.ownerId, tags: before.tags, wasRemoved: input.remove ?? false } });
          }
          await insertUndoEntries(tx, undoId, entries);
          changed += entries.length;
        });
      }
      return { ...answer, changed, refused, undoId };
    },

    /** Puts back what nobody changed since. Throws 404 for somebody else's, 409 `wrongState` when it was taken back already. */
    async undo(viewer: Viewer, undoId: string): Promise<{ restored: number; skipped: number }> {
      const typeName = await inTransaction(database, async (tx) => {
        const undo = await lockUndo(tx, undoId);
        if (!undo || undo.userId !== viewer.userId) throw notFound('change to undo');
        if (undo.undoneAt !== null) throw new Refusal(409, 'wrongState', 'This was undone already.');
        await markUndone(tx, undoId, new Date(clock.now()));
        return undo.recordType;
      });
      const type = records.typeFor(viewer, typeName);
      let restored = 0;
      let skipped = 0;
      const entries = await undoEntries(database, undoId);
      for (let at = 0; at < entries.length; at += chunk) {
        await inTransaction(database, async (tx) => {
          for (const entry of entries.slice(at, at + chunk)) {
            const row = await findRow(tx, type, entry.recordId, cipher, undefined, true);
            // what did not change kept its version
            if (!row || row.version > entry.version) {
              skipped += 1;
              continue;
            }
            const { fields, ownerId, tags, wasRemoved } = entry.before as { fields: Record<string, unknown>; ownerId: string | null; tags: string[]; wasRemoved: boolean };
            await records.saveChange(tx, viewer, type, row, { fields, ownerId, tags, ...(wasRemoved ? { deletedAtMs: null } : {}) });
            restored += 1;
          }
        });
      }
      return { restored, skipped };
    },
  };
}
export type Bulk = ReturnType<typeof createBulk>;
