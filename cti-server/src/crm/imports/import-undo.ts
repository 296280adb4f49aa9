import type { ImportUndo } from '../../contracts/index.ts';
import { brokenUnique, Refusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { bulkLoad, findRow } from '../records/index.ts';
import type { ImportsContext } from './imports.context.ts';
import type { Progress } from './import-run.ts';
import { changeImport, changesOf, forgetChange, type StoredImport } from './imports.store.ts';

const recordsAtOnce = 5_000;
const oneByOne = 200;

/**
 * Takes an import back: what it created goes into the trash, what it changed becomes what it was; whatever somebody changed since stays as
 * it is, and is counted. Stopped in the middle it goes on where it was.
 */
export async function undoImport(context: ImportsContext, viewer: Viewer, row: StoredImport, tell: Progress): Promise<ImportUndo> {
  const { database, clock, records, cipher } = context;
  const type = context.types().get(row.recordType) ?? records.typeFor(viewer, row.recordType, 'import');
  const load = { importId: row.id, type };
  const undo: ImportUndo = { removed: 0, restored: 0, changedSince: 0, goneAlready: 0, refused: 0, ...(row.undo ?? {}) };
  const all = Math.max(1, (row.counts['created'] ?? 0) + (row.counts['updated'] ?? 0));
  const save = (tx: Parameters<typeof changeImport>[0], now: ImportUndo) => changeImport(tx, row.id, { undo: { ...now }, progress: Math.min(1, (now.removed + now.restored) / all) });

  for (;;) {
    const changes = await changesOf(database, row.id, oneByOne);
    if (changes.length === 0) break;
    const now = await inTransaction(database, async (tx) => {
      const counted = { ...undo };
      for (const change of changes) {
        const before = await findRow(tx, type, change.recordId, cipher, undefined, true);
        await forgetChange(tx, row.id, change.recordId);
        if (!before || before.deletedAt !== null) counted.goneAlready += 1;
        else if (before.version !== change.version) counted.changedSince += 1;
        else {
          const fields = Object.fromEntries(Object.entries(change.before).filter(([key]) => type.fields.has(key)).map(([key, value]) => [key, opened(context, value)]));
          try {
            await tx.transaction((inner) => records.saveChange(inner, viewer, type, before, { fields }));
            counted.restored += 1;
          } catch (error) {
            if (!(error instanceof Refusal) && brokenUnique(error) === undefined) throw error;
            counted.refused += 1;
          }
        }
      }
      await save(tx, counted);
      return counted;
    });
    Object.assign(undo, now);
    await tell((undo.removed + undo.restored) / all);
  }

  const inSets = !type.declaration.hooks || context.loadedInSets.has(type.declaration.name);
  const refusedIds = new Set<string>();
  for (;;) {
    const now = await inTransaction(database, async (tx) => {
      const counted = { ...undo };
      if (inSets) counted.removed += await bulkLoad.trashLoaded(tx, load, viewer, clock.now(), recordsAtOnce);
      else {
        for (const id of (await bulkLoad.untouchedOf(tx, load, oneByOne + refusedIds.size)).filter((one) => !refusedIds.has(one))) {
          try {
            await tx.transaction((inner) => records.changeIn(inner, null, type, id, { version: null, deletedAtMs: clock.now() }, 'delete'));
            counted.removed += 1;
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            refusedIds.add(id);
            counted.refused += 1;
          }
        }
      }
      await save(tx, counted);
      return counted;
    });
    const isDone = now.removed + now.refused === undo.removed + undo.refused;
    Object.assign(undo, now);
    if (isDone) break;
    await tell((undo.removed + undo.restored) / all);
  }
  const left = await bulkLoad.leftOf(database, load);
  undo.changedSince += Math.max(0, left.alive - refusedIds.size);
  undo.goneAlready += Math.max(0, left.gone - undo.removed);
  await inTransaction(database, async (tx) => {
    await changeImport(tx, row.id, { state: 'undone', progress: 1, undo: { ...undo }, finishedAt: new Date(clock.now()) });
    await context.audit.record(tx, viewer, `${row.recordType}.importUndone`, 'import', row.id, Object.fromEntries(Object.entries(undo).map(([key, value]) => [key, { old: null, new: value }])));
  });
  return undo;
}

function opened({ cipher }: ImportsContext, value: unknown): unknown {
  const sealed = value !== null && typeof value === 'object' && 'sealed' in value ? value.sealed : undefined;
  return typeof sealed === 'string' ? (JSON.parse(cipher.open(sealed)) as unknown) : value;
}
