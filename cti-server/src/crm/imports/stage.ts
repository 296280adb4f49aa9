import { setImmediate } from 'node:timers/promises';
import type { ImportReason, ImportSettings } from '../../contracts/index.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { bulkCompare, bulkLoad, type Load, type LiveType, usersWithin, withinReach } from '../records/index.ts';
import { copyList, copyNull, copyText, copyValue } from './copy-rules.ts';
import { ownerOf, type ImportsContext, targetFields } from './imports.context.ts';
import { clearRejects, insertRejects, peopleByWord, rejectsTable, type StoredImport } from './imports.store.ts';
import { type CheckedRow, planRows, rowChecker } from './row-rules.ts';
import { readSource, type SourceShape } from './source.ts';

/** Calls are answered between two pieces of so many rows: a few milliseconds. */
const rowsBetweenBreaths = 100;
const linesAtOnce = 65_536;

export const shapeOf = (row: StoredImport, settings: ImportSettings): SourceShape => ({ format: row.format === 'xlsx' ? 'xlsx' : 'csv', encoding: settings.encoding, delimiter: settings.delimiter });

/** The load of an import: which fields its rows have. */
export function loadOf(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings): { load: Load; ignored: string[]; type: LiveType } {
  const type = context.types().get(row.recordType) ?? context.records.typeFor(viewer, row.recordType, 'import');
  const targets = targetFields(viewer, context.records.typeFor(viewer, row.recordType, 'import'));
  const { plan, ignored } = planRows(targets, settings, { width: null, hasNumbers: type.declaration.numbers !== undefined });
  const fields = plan.fields.flatMap(({ key }) => type.fields.get(key) ?? []);
  return { load: { importId: row.id, type, fields, cipher: context.cipher }, ignored, type };
}

/**
 * Reads the file, checks each row, and copies what is right into the import's own table; what is wrong is told row by row. Rows up to
 * `appliedRow` are records already and are only counted.
 * @param onProgress from 0 to 1; throws to stop
 */
export async function stageRows(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings, onProgress: (share: number, read: number) => Promise<void>): Promise<{ read: number; lastRow: number }> {
  const { database, clock, config, cipher } = context;
  const { load, type } = loadOf(context, viewer, row, settings);
  const targets = targetFields(viewer, context.records.typeFor(viewer, row.recordType, 'import'));
  const width = settings.mapping.length;
  const { plan } = planRows(targets, settings, { width: settings.hasHeader ? width : null, hasNumbers: type.declaration.numbers !== undefined });
  const people = await peopleByWord(database);
  const check = rowChecker(plan, {
    settings: row.format === 'xlsx' ? { ...settings, decimalSign: 'point' } : settings,
    timeZone: config.timeZone,
    normalisePhone: (text, country) => normaliseNumber(text, country ?? '').e164,
    findUser: (text) => people.get(text.toLowerCase()) ?? null,
  });
  const lineOf = lineWriter(load, ownerOf(viewer, type, settings), cipher, () => clock.now());

  await clearRejects(database, row.id, row.appliedRow);
  await bulkLoad.makeLoadTable(database, load);
  const copy = await bulkLoad.openCopy(database, load);
  let [read, lastRow, isFirst] = [0, row.appliedRow, settings.hasHeader];
  let lines = '';
  let rejects: { row: number; reasons: ImportReason[] }[] = [];
  try {
    for await (const piece of readSource(context.uploads.pathOf(row.id), shapeOf(row, settings))) {
      let sinceBreath = 0;
      for (const source of piece.rows) {
        if (isFirst) {
          if (source.cells.some((cell) => cell.trim() !== '')) isFirst = false;
          continue;
        }
        const checked = check(source);
        if (!checked) continue;
        read += 1;
        lastRow = Math.max(lastRow, checked.row);
        if (checked.row > row.appliedRow) {
          if (checked.reasons.length > 0) rejects.push({ row: checked.row, reasons: checked.reasons });
          else lines += lineOf(checked);
        }
        if (lines.length > linesAtOnce) {
          await copy.write(lines);
          lines = '';
        }
        if (++sinceBreath % rowsBetweenBreaths === 0) await setImmediate();
      }
      if (rejects.length > 1_000) {
        await insertRejects(database, row.id, rejects);
        rejects = [];
      }
      await onProgress(piece.share, read);
    }
    await copy.write(lines);
    await insertRejects(database, row.id, rejects);
  } catch (error) {
    await copy.abort();
    throw error;
  }
  await copy.finish();
  await inTransaction(database, async (tx) => bulkCompare.resolveLinks(tx, load, await linkedTypes(context, viewer, load)));
  return { read, lastRow };
}

/** Compares what was staged with the records as they are now, and tells what is left out and why. */
export async function compareStaged(context: ImportsContext, viewer: Viewer, row: StoredImport, settings: ImportSettings, after: number): Promise<void> {
  const { load, type } = loadOf(context, viewer, row, settings);
  await inTransaction(context.database, async (tx) => {
    const users = await usersWithin(tx, viewer, context.records.scopeOf(viewer, type, 'change'));
    await bulkCompare.compareLoaded(tx, load, { onDuplicate: settings.onDuplicate, by: settings.duplicateBy, after, changeable: withinReach(type, viewer, users, 'change') });
    await bulkCompare.tellRejected(tx, load, rejectsTable);
  });
}

async function linkedTypes(context: ImportsContext, viewer: Viewer, load: Load) {
  const found = new Map<string, { type: LiveType; reach: ReturnType<typeof withinReach> }>();
  for (const { kind, linkTo } of load.fields) {
    const linked = kind === 'link' && linkTo !== null ? context.types().get(linkTo) : undefined;
    if (!linked) continue;
    const users = await usersWithin(context.database, viewer, context.records.scopeOf(viewer, linked, 'read'));
    found.set(linked.declaration.name, { type: linked, reach: withinReach(linked, viewer, users) });
  }
  return found;
}

/** A checked row as a line for COPY, with its line of the audit: what an encrypted field holds is not told there. */
function lineWriter(load: Load, ownerId: string | null, cipher: Load['cipher'], now: () => number): (row: CheckedRow) => string {
  const given = new Set(load.fields.map((field) => field.key));
  const news = (value: unknown): { old: null; new: unknown } => ({ old: null, new: value });
  const always: Record<string, unknown> = ownerId === null ? {} : { ownerId: news(ownerId) };
  for (const field of load.type.fields.values()) if (!given.has(field.key) && field.initial !== null && !field.readOnly) always[field.key] = news(field.initial);
  const hasNumbers = load.type.declaration.numbers !== undefined;
  return ({ row, values, numbers }) => {
    const nowMs = now();
    const audit: Record<string, unknown> = {};
    let line = `${String(row)}\t${newId(nowMs)}`;
    load.fields.forEach((field, at) => {
      const value = values[at] ?? null;
      const kept = value ?? field.initial;
      if (kept !== null) audit[field.key] = news(field.encrypted ? '•••' : kept);
      if (!field.encrypted) line += `\t${copyValue(value)}`;
      else {
        line += `\t${value === null ? copyNull : copyText(cipher.seal(JSON.stringify(value)))}`;
        if (field.searchable) line += `\t${value === null ? copyNull : copyText(cipher.fingerprint(String(value)))}`;
      }
    });
    const held = hasNumbers && numbers.length > 0;
    line += `\t${held ? copyList(numbers) : copyNull}\t${held ? copyList(numbers.map(() => newId(nowMs))) : copyNull}`;
    return `${line}\t${copyText(JSON.stringify({ ...audit, ...always }))}\n`;
  };
}
