import { createHash } from 'node:crypto';
import type { ImportCounts, ImportSettings } from '../../contracts/index.ts';
import { brokenUnique, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction, type Transaction } from '../database.store.ts';
import { bulkCompare, bulkLoad, type Load, type LoadedRow } from '../records/index.ts';
import { ownerOf, type ImportsContext } from './imports.context.ts';
import { changeImport, keepChange, rejectsTable, type StoredImport, sumRejects } from './imports.store.ts';
import { compareStaged, loadOf, stageRows } from './stage.ts';

/** Rows that become records together. */
const rowsInSets = 10_000;
const rowsOneByOne = 200;
/** Of the whole way, how much is reading and checking. */
const shareOfReading = 0.5;
const mostTriesOfOneStep = 3;

/** Tells how far the work is; throws when it is to stop. */
export type Progress = (share: number) => Promise<void>;

/** What the rows were made from: another mapping, file or set of fields makes others. */
function printOf(row: StoredImport, settings: ImportSettings, load: Load, ignored: readonly string[]): string {
  const fields = load.fields.map(({ key, kind, required, unique, encrypted, searchable, options, max, initial }) => [key, kind, required, unique, encrypted, searchable, options, max, initial]);
  return createHash('sha256').update(JSON.stringify([row.recordType, settings, fields, ignored])).digest('base64url');
}

async function stage(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings, tell: Progress): Promise<{ read: number; lastRow: number }> {
  const { database } = context;
  const { load, ignored } = loadOf(context, viewer, row, settings);
  const print = printOf(row, settings, load, ignored);
  if (row.stagedFrom?.startsWith(print) && (await bulkLoad.hasLoadedRows(database, load))) {
    const [, read, lastRow] = row.stagedFrom.split(' ');
    return { read: Number(read), lastRow: Number(lastRow) };
  }
  await changeImport(database, row.id, { stagedFrom: null, ignoredFields: ignored });
  const staged = await stageRows(context, viewer, row, settings, async (share) => tell(share));
  await changeImport(database, row.id, { stagedFrom: `${print} ${String(staged.read)} ${String(staged.lastRow)}` });
  return staged;
}

/** The dry run: all that would happen, without a change of any record. */
export async function previewImport(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings, tell: Progress): Promise<void> {
  const { database } = context;
  const { read } = await stage(context, viewer, row, settings, (share) => tell(share * 0.9));
  await compareStaged(context, viewer, row, settings, 0);
  const { load } = loadOf(context, viewer, row, settings);
  const { created, updated } = await bulkCompare.countLoaded(database, load);
  const { reasons, counts } = await sumRejects(database, row.id);
  await changeImport(database, row.id, { state: 'previewed', progress: 1, reasons, counts: { read, valid: read - counts.rejected, created, updated, ...counts }, finishedAt: new Date(context.clock.now()) });
}

/** For real. Each step is whole or not at all and remembers how far it came, so that after a fall it goes on and no row comes twice. */
export async function runImport(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings, tell: Progress): Promise<ImportCounts> {
  const { database, clock } = context;
  const { read, lastRow } = await stage(context, viewer, row, settings, (share) => tell(share * shareOfReading));
  await compareStaged(context, viewer, row, settings, row.appliedRow);
  const { load, type } = loadOf(context, viewer, row, settings);
  const inSets = !type.declaration.hooks || context.loadedInSets.has(type.declaration.name);
  let { reasons, counts: left } = await sumRejects(database, row.id);
  const before = row.counts as unknown as ImportCounts;
  const counts: ImportCounts = { read, valid: read - left.rejected, created: row.appliedRow > 0 ? before.created : 0, updated: row.appliedRow > 0 ? before.updated : 0, ...left };
  const step = inSets && settings.onDuplicate !== 'update' ? rowsInSets : inSets ? rowsInSets / 5 : rowsOneByOne;
  for (let after = row.appliedRow; after < lastRow; after += step) {
    const upTo = Math.min(after + step, lastRow);
    const progress = shareOfReading + (1 - shareOfReading) * (upTo / Math.max(1, lastRow));
    for (let tries = 1; ; tries += 1) {
      try {
        const done = await inTransaction(database, async (tx) => {
          const created = inSets
            ? await bulkLoad.createLoaded(tx, load, { actor: viewer, ownerId: ownerOf(viewer, type, settings), nowMs: clock.now(), after, upTo })
            : await createOneByOne(context, tx, viewer, load, await bulkLoad.readLoaded(tx, load, { after, upTo }, 'c'), ownerOf(viewer, type, settings));
          const updated = settings.onDuplicate === 'update' ? await updateEach(context, tx, viewer, load, await bulkLoad.readLoaded(tx, load, { after, upTo }, 'u')) : 0;
          await changeImport(tx, row.id, { appliedRow: upTo, progress, counts: { ...counts, created: counts.created + created, updated: counts.updated + updated } });
          return { created, updated };
        });
        counts.created += done.created;
        counts.updated += done.updated;
        break;
      } catch (error) {
        // somebody made a record with the same value since we compared
        if (brokenUnique(error) === undefined || tries >= mostTriesOfOneStep) throw error;
        await compareStaged(context, viewer, row, settings, after);
      }
    }
    await tell(progress);
  }
  // rows that turned out otherwise when they were saved, told only now
  await inTransaction(database, (tx) => bulkCompare.tellRejected(tx, load, rejectsTable));
  ({ reasons, counts: left } = await sumRejects(database, row.id));
  const final: ImportCounts = { ...counts, ...left, valid: read - left.rejected };
  await inTransaction(database, async (tx) => {
    await changeImport(tx, row.id, { state: 'done', progress: 1, reasons, counts: { ...final }, stagedFrom: null, finishedAt: new Date(clock.now()) });
    await context.audit.record(tx, viewer, `${row.recordType}.imported`, 'import', row.id, {
      file: { old: null, new: row.fileName }, created: { old: null, new: final.created }, updated: { old: null, new: final.updated }, duplicates: { old: null, new: final.duplicates }, rejected: { old: null, new: final.rejected },
    });
  });
  await bulkLoad.dropLoadTable(database, load);
  return final;
}

/** With the hooks of the type. Where they refuse one, the others are made all the same. */
async function createOneByOne(context: ImportsContext, tx: Transaction, viewer: Viewer, load: Load, rows: readonly LoadedRow[], ownerId: string | null): Promise<number> {
  const { type } = load;
  const complete = rows.map((row) => {
    const fields = Object.fromEntries([...type.fields.values()].filter((field) => !field.readOnly).map((field) => [field.key, row.fields[field.key] ?? field.initial]));
    return { id: row.id, fields, ownerId, tags: [] as string[] };
  });
  let made = 0;
  const make = (some: typeof complete): Promise<void> => tx.transaction((inner) => context.records.insertMany(inner, type, viewer, some, load.importId));
  try {
    await make(complete);
    made = complete.length;
  } catch (error) {
    if (!(error instanceof Refusal) && brokenUnique(error) === undefined) throw error;
    for (const [at, one] of complete.entries()) {
      try {
        await make([one]);
        made += 1;
      } catch (refused) {
        if (!(refused instanceof Refusal) && brokenUnique(refused) === undefined) throw refused;
        await bulkCompare.refuseLoaded(tx, load, rows[at]?.row ?? 0, refused instanceof Refusal ? 'notSaved' : 'taken');
      }
    }
  }
  for (const row of rows) if (row.numbers.length > 0) await bulkLoad.addNumbers(tx, type, row.id, row.numbers.map((e164) => ({ id: newId(context.clock.now()), e164 })));
  return made;
}

/** Completes what is there already: a cell without anything leaves the field as it is. */
async function updateEach(context: ImportsContext, tx: Transaction, viewer: Viewer, load: Load, rows: readonly LoadedRow[]): Promise<number> {
  const { type } = load;
  let updated = 0;
  for (const row of rows) {
    if (row.recordId === null) continue;
    const recordId = row.recordId;
    const fields = Object.fromEntries(Object.entries(row.fields).filter(([, value]) => value !== null));
    try {
      await tx.transaction(async (inner) => {
        const before = await context.records.changeIn(inner, viewer, type, recordId, { fields, version: null });
        await bulkLoad.addNumbers(inner, type, recordId, row.numbers.map((e164) => ({ id: newId(context.clock.now()), e164 })));
        const version = await bulkLoad.versionOf(inner, type, recordId);
        if (version !== before.version) await keepChange(inner, load.importId, recordId, version, Object.fromEntries(Object.keys(fields).map((key) => [key, sealed(load, key, before.fields[key])])));
      });
      updated += 1;
    } catch (error) {
      if (!(error instanceof Refusal) && brokenUnique(error) === undefined) throw error;
      await bulkCompare.refuseLoaded(tx, load, row.row, error instanceof Refusal && (error.status === 403 || error.status === 404) ? 'mayNotChange' : error instanceof Refusal ? 'notSaved' : 'taken');
    }
  }
  return updated;
}

/** What is encrypted in its record stays encrypted in what an undo remembers. */
const sealed = (load: Load, key: string, value: unknown): unknown => (load.type.fields.get(key)?.encrypted && value !== null && value !== undefined ? { sealed: load.cipher.seal(JSON.stringify(value)) } : (value ?? null));
