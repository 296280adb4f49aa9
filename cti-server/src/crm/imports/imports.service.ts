import type { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type ImportCounts, importSettings, type ImportReject, type ImportSample, type ImportSettings, type ImportState, type ImportUndo, numberTargets, type Page, type RecordImport, type RecordImportDetails,
} from '../../contracts/index.ts';
import { forbidden, notFound, Refusal, wrongState } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { bulkLoad, type LiveType, usersWithin } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import { byteOrderMark, csvLine } from '../spreadsheet-rules.ts';
import { type ImportsContext, missingTargets, runnerOf, targetFields } from './imports.context.ts';
import { deleteImport, findImport, insertImport, lastSettings, listImports, listRejects, moveImport, type StoredImport, userExists } from './imports.store.ts';
import type { Worker } from './import-worker.ts';
import { headerPrint, suggestMapping } from './mapping-rules.ts';
import { reasonHeading, wordsOf } from './reason-words.ts';
import { guessShape, readSource, sampleOf } from './source.ts';
import { shapeOf } from './stage.ts';

const noCounts: ImportCounts = { read: 0, valid: 0, created: 0, updated: 0, duplicates: 0, rejected: 0 };
const sampleBytes = 262_144;
const place = z.tuple([z.iso.datetime(), z.uuid()]);
const rejectPlace = z.int().min(0);

/** The use cases around a file: look at it, try it, run it, take it back. What takes long is the worker's. */
export function createImportsService(context: ImportsContext, worker: Worker) {
  const { database, clock, records, uploads, config } = context;
  const mayAll = (viewer: Viewer, type: string): boolean => {
    const live = context.types().get(type);
    return live !== undefined && records.scopeOf(viewer, live, 'import') === 'all';
  };

  /** One's own, or any of a type that one may import for everybody. 404 for others, 403 when the right is gone. */
  async function find(viewer: Viewer, id: string): Promise<StoredImport & { userName: string }> {
    const row = await findImport(database, id);
    if (!row || (row.userId !== viewer.userId && !mayAll(viewer, row.recordType))) throw notFound('import');
    records.typeFor(viewer, row.recordType, 'import');
    return row;
  }

  async function needFile(row: StoredImport): Promise<void> {
    if (!(await uploads.has(row.id))) throw new Refusal(409, 'fileGone', 'The file is no longer here: bring it in again.');
  }

  async function suggest(viewer: Viewer, row: StoredImport, type: LiveType, sample: ImportSample): Promise<ImportSettings> {
    const targets = targetFields(viewer, type);
    const hasNumbers = type.declaration.numbers !== undefined;
    const known = (key: string | null): string | null => (key !== null && (targets.has(key) || (hasNumbers && numberTargets.some((target) => target === key))) ? key : null);
    const last = row.headerPrint === '' ? null : importSettings.safeParse(await lastSettings(database, row.recordType, row.headerPrint));
    const shape = { hasHeader: sample.hasHeader, encoding: sample.encoding, delimiter: sample.delimiter };
    if (last?.success) return { ...last.data, ...shape, mapping: sample.headers.map((_header, at) => known(last.data.mapping[at] ?? null)) };
    const fields = [...type.fields.values()].filter((field) => targets.has(field.key));
    const mapping = suggestMapping(sample.headers, fields, hasNumbers);
    const isKnownBy = (key: string): boolean => mapping.includes(key);
    return {
      ...shape, mapping,
      defaultCountry: config.defaultCountry,
      onDuplicate: 'skip',
      duplicateBy: [...(mapping.includes('phone1') ? ['phone'] : []), ...fields.filter((field) => (field.unique || field.kind === 'email' || field.kind === 'phone') && isKnownBy(field.key)).map((field) => field.key)],
      dateOrder: viewer.locale === 'zh-CN' || viewer.locale === 'zh-TW' ? 'yearFirst' : 'dayFirst',
      decimalSign: viewer.locale === 'es' ? 'comma' : 'point',
    };
  }

  async function details(viewer: Viewer, row: StoredImport & { userName: string }): Promise<RecordImportDetails> {
    const type = records.typeFor(viewer, row.recordType, 'import');
    const sample = row.sample as unknown as ImportSample;
    const targets = [...targetFields(viewer, type).values()].map((field) => ({ key: field.key, required: field.required && field.initial === null }));
    const numbers = type.declaration.numbers ? numberTargets.map((key) => ({ key, required: false })) : [];
    return { ...present(row), sample, suggested: await suggest(viewer, row, type, sample), targets: [...targets, ...numbers] };
  }

  /** Throws 400 naming what is wrong with how the file is to be read. */
  async function checkSettings(viewer: Viewer, row: StoredImport, settings: ImportSettings): Promise<void> {
    const type = records.typeFor(viewer, row.recordType, 'import');
    const targets = targetFields(viewer, type);
    const hasNumbers = type.declaration.numbers !== undefined;
    const chosen = settings.mapping.filter((key) => key !== null);
    if (chosen.length === 0) throw wrongField('mapping', 'no column goes into any field');
    if (new Set(chosen).size < chosen.length) throw wrongField('mapping', 'two columns go into the same field');
    if (settings.mapping.length < (row.sample as unknown as ImportSample).headers.length) throw wrongField('mapping', 'every column of the file needs an entry');
    for (const key of chosen) {
      if (!targets.has(key) && context.types().get(row.recordType)?.fields.has(key)) throw wrongField('mapping', `${key} cannot be written`);
    }
    const [missing] = missingTargets(targets, settings);
    if (missing !== undefined) throw new Refusal(400, 'invalidBody', `mapping: no column goes into ${missing}, which must be filled in`, { field: 'mapping', details: { missing } });
    for (const key of settings.duplicateBy) {
      const field = type.fields.get(key);
      if (key === 'phone' && hasNumbers ? !numberTargets.some((target) => chosen.includes(target)) : !chosen.includes(key)) throw wrongField('duplicateBy', `no column goes into ${key}`);
      if (field?.encrypted && !field.searchable) throw wrongField('duplicateBy', `${key} cannot be searched`);
      if (field?.kind === 'multiPick' || field?.kind === 'longText') throw wrongField('duplicateBy', `records are not known by ${key}`);
    }
    if (settings.onDuplicate === 'update') {
      if (settings.duplicateBy.length === 0) throw wrongField('duplicateBy', 'say by what a row is known to be there already');
      if (records.scopeOf(viewer, type, 'change') === 'none') throw forbidden(`change ${row.recordType}`);
    }
    await checkOwner(viewer, type, settings.ownerId);
  }

  async function checkOwner(viewer: Viewer, type: LiveType, ownerId: string | null | undefined): Promise<void> {
    if (ownerId === undefined) return;
    const users = await usersWithin(database, viewer, records.scopeOf(viewer, type, 'import'));
    if (ownerId === null ? users !== null && !type.declaration.unownedIsForAll : users !== null && !users.includes(ownerId)) throw forbidden('import for somebody else');
    if (ownerId !== null && !(await userExists(database, ownerId))) throw wrongField('ownerId', 'there is no such user');
  }

  async function begin(viewer: Viewer, id: string, from: readonly ImportState[], to: 'previewing' | 'running' | 'undoing', given: ImportSettings | undefined): Promise<RecordImport> {
    const row = await find(viewer, id);
    const settings = given ?? (row.settings === null ? undefined : importSettings.parse(row.settings));
    if (to !== 'undoing') {
      if (!settings) throw wrongState('Say first which column goes where.');
      await checkSettings(viewer, row, settings);
      await needFile(row);
    }
    const isMoved = await moveImport(database, id, from, {
      state: to, progress: 0, error: null, runner: { ...runnerOf(viewer) }, startedAt: new Date(clock.now()), finishedAt: null,
      ...(settings && to !== 'undoing' ? { settings: { ...settings } } : {}),
      // a new attempt leaves behind what the dry run counted
      ...(to === 'undoing' ? {} : { ...(row.appliedRow > 0 ? {} : { counts: { ...noCounts }, reasons: [] }) }),
    });
    if (!isMoved) throw wrongState(`The import is ${row.state}.`);
    worker.begin(id);
    return present(await find(viewer, id));
  }

  const service = {
    /** Keeps the file and looks at its beginning. */
    async upload(viewer: Viewer, recordType: string, fileName: string, body: Readable): Promise<RecordImportDetails> {
      records.typeFor(viewer, recordType, 'import');
      const id = newId(clock.now());
      const { bytes, isUtf8 } = await uploads.save(id, body);
      try {
        const shape = guessShape(await uploads.beginning(id, sampleBytes), isUtf8);
        const sample = await sampleOf(uploads.pathOf(id), shape);
        if (sample.headers.length === 0) throw new Refusal(400, 'unreadableFile', 'The file has no rows.');
        await insertImport(database, {
          id, recordType, fileName, bytes, userId: viewer.userId, format: shape.format, state: 'mapping', counts: { ...noCounts }, createdAt: new Date(clock.now()),
          sample: { ...sample }, headerPrint: sample.hasHeader ? headerPrint(sample.headers) : '',
        });
      } catch (error) {
        await uploads.remove(id);
        throw error;
      }
      return details(viewer, await find(viewer, id));
    },

    /** The beginning again, read otherwise. Changes nothing. */
    async sample(viewer: Viewer, id: string, how: Pick<ImportSample, 'encoding' | 'delimiter' | 'hasHeader'>): Promise<ImportSample> {
      const row = await find(viewer, id);
      await needFile(row);
      return sampleOf(uploads.pathOf(id), { format: row.format === 'xlsx' ? 'xlsx' : 'csv', ...how }, how.hasHeader);
    },

    async list(viewer: Viewer, query: { cursor?: string | undefined; limit: number }): Promise<Page<RecordImport>> {
      const allOf = [...context.types().keys()].filter((type) => mayAll(viewer, type));
      const rows = await listImports(database, viewer, allOf, readCursor(query.cursor, place), query.limit + 1);
      const page = toPage(rows, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
      return { ...page, items: page.items.map(present) };
    },
    get: async (viewer: Viewer, id: string): Promise<RecordImportDetails> => details(viewer, await find(viewer, id)),

    preview: (viewer: Viewer, id: string, settings: ImportSettings) => begin(viewer, id, ['mapping', 'previewed', 'failed'], 'previewing', settings),
    /** With the settings of the dry run, or others. An interrupted one goes on where it was. */
    run: (viewer: Viewer, id: string, settings: ImportSettings | undefined) => begin(viewer, id, ['mapping', 'previewed', 'failed', 'interrupted'], 'running', settings),
    undo: (viewer: Viewer, id: string) => begin(viewer, id, ['done', 'interrupted'], 'undoing', undefined),

    /** Forgets the import and its file; its records stay. 409 while it works. */
    async forget(viewer: Viewer, id: string): Promise<void> {
      const row = await find(viewer, id);
      if (row.state === 'previewing' || row.state === 'running' || row.state === 'undoing') throw wrongState('The import is at work.');
      await bulkLoad.dropLoadTable(database, { importId: id });
      await deleteImport(database, id);
      await uploads.remove(id);
      await context.audit.record(database, viewer, `${row.recordType}.importForgotten`, 'import', id, { file: { old: row.fileName, new: null } });
    },

    async rejects(viewer: Viewer, id: string, query: { cursor?: string | undefined; limit: number; code?: string | undefined; field?: string | undefined }): Promise<Page<ImportReject>> {
      await find(viewer, id);
      return toPage(await listRejects(database, id, readCursor(query.cursor, rejectPlace) ?? 0, query.limit + 1, { code: query.code, field: query.field }), query.limit, (reject) => reject.row);
    },

    /** The rows that were left out as they stood in the file, each with its reason, as a CSV file. */
    async rejectedFile(viewer: Viewer, id: string): Promise<{ name: string; lines: AsyncGenerator<string> }> {
      const row = await find(viewer, id);
      await needFile(row);
      if (row.settings === null) throw wrongState('Nothing was read yet.');
      const type = records.typeFor(viewer, row.recordType, 'import');
      const label = (field: string): string => type.fields.get(field)?.label[viewer.locale] ?? field;
      return { name: `${row.fileName.replace(/\.[^.]{1,5}$/, '')} - rejected.csv`, lines: rejectedLines(row, importSettings.parse(row.settings), viewer.locale, label) };
    },
  };

  async function* rejectedLines(row: StoredImport, settings: ImportSettings, locale: Viewer['locale'], label: (field: string) => string): AsyncGenerator<string> {
    const width = settings.mapping.length;
    let rejects = await listRejects(database, row.id, 0, 1_000, {});
    let at = 0;
    let isFirst = settings.hasHeader;
    yield byteOrderMark;
    for await (const piece of readSource(uploads.pathOf(row.id), shapeOf(row, settings))) {
      let lines = '';
      for (const source of piece.rows) {
        if (isFirst) {
          if (source.cells.every((cell) => cell.trim() === '')) continue;
          isFirst = false;
          lines += csvLine([...source.cells, reasonHeading[locale]]);
          continue;
        }
        const reject = rejects[at];
        if (reject?.row !== source.row) continue;
        const cells = source.fault === 'unclosedQuote' ? [source.cells.join('')] : source.cells;
        lines += csvLine([...cells, ...Array.from({ length: Math.max(0, width - cells.length) }, () => ''), wordsOf(reject.reasons, locale, label)]);
        if (++at >= rejects.length) {
          rejects = await listRejects(database, row.id, reject.row, 1_000, {});
          at = 0;
        }
      }
      if (lines !== '') yield lines;
      if (rejects.length === 0) return;
    }
  }
  return service;
}
export type ImportsService = ReturnType<typeof createImportsService>;

function present(row: StoredImport & { userName: string }): RecordImport {
  return {
    id: row.id,
    recordType: row.recordType,
    fileName: row.fileName,
    format: row.format === 'xlsx' ? 'xlsx' : 'csv',
    bytes: row.bytes,
    state: row.state as ImportState,
    userId: row.userId,
    userName: row.userName,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    settings: row.settings === null ? null : importSettings.parse(row.settings),
    counts: { ...noCounts, ...row.counts },
    progress: row.progress,
    reasons: row.reasons as RecordImport['reasons'],
    ignoredFields: row.ignoredFields,
    undo: row.undo as ImportUndo | null,
    error: row.error,
  };
}
