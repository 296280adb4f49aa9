import { createReadStream, createWriteStream, existsSync, type ReadStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { z } from 'zod';
import type { exportInput, RecordExport } from '../../contracts/index.ts';
import { notFound, Refusal, wrongState } from '../../platform/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import type { Database } from '../database.store.ts';
import type { ListsService } from '../lists/index.ts';
import type { RecordsService } from '../records/index.ts';
import { byteOrderMark, csvLine } from '../spreadsheet-rules.ts';
import { changeExport, deleteExportsBefore, findExport, insertExport, type StoredExport, unfinishedExports } from './exports.store.ts';
import { type ExportSource, sourceOfList, sourceOfRecords } from './export-sources.ts';
import { openXlsx, type RowWriter } from './xlsx-writer.ts';

export interface ExportsContext {
  database: Database;
  clock: Clock;
  logger: Logger;
  audit: Audit;
  records: RecordsService;
  /** Lists that are no records; without them there are none to export. */
  lists?: ListsService;
  /** Where finished files wait for their owner. */
  folder: string;
}
type ExportInput = z.output<typeof exportInput>;

const keptMs = 86_400_000;
const recordsAtOnce = 500;

/** Files made of what somebody may read and export, in one's own time. */
export function createExportsService(context: ExportsContext) {
  const { database, clock, logger, audit, records, lists, folder } = context;
  const pathOf = (id: string): string => join(folder, `export-${id}`);
  let queue: Promise<void> = Promise.resolve();
  let isStopping = false;

  /** Throws 403 without the right to export it. */
  const sourceFor = async (viewer: Viewer, name: string): Promise<ExportSource> => (lists?.has(name) ? sourceOfList(viewer, lists, name) : sourceOfRecords(viewer, records, name));

  /** One's own alone, and only while the right is still there. */
  async function find(viewer: Viewer, id: string): Promise<StoredExport> {
    const row = await findExport(database, id);
    if (!row || row.userId !== viewer.userId || row.createdAt.getTime() + keptMs < clock.now()) throw notFound('export');
    await sourceFor(viewer, row.recordType);
    return row;
  }

  function open(path: string, input: ExportInput, title: string): RowWriter {
    if (input.format === 'xlsx') return openXlsx(path, title);
    const file = createWriteStream(path, { mode: 0o600 });
    const done = finished(file);
    // told again by finish()
    done.catch(() => undefined);
    file.write(byteOrderMark);
    return {
      write: async (cells) => {
        if (!file.write(csvLine(cells))) await Promise.race([once(file, 'drain'), done]);
      },
      finish: async () => {
        file.end();
        await done;
      },
    };
  }

  async function write(viewer: Viewer, id: string, input: ExportInput, source: ExportSource): Promise<void> {
    const { count, exact } = await source.count(input);
    await changeExport(database, id, { total: exact ? count : null });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = open(pathOf(id), input, source.plural);
    await file.write(input.columns.map((key) => source.heading(key)));
    let rows = 0;
    for (let cursor: string | undefined; ; ) {
      if (isStopping) throw new Refusal(503, 'interrupted', 'The server stopped.');
      const page = await source.page(input, recordsAtOnce, cursor);
      for (const cells of page.rows) await file.write(cells);
      rows += page.rows.length;
      await changeExport(database, id, { rows });
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    await file.finish();
    const { size } = await stat(pathOf(id));
    await changeExport(database, id, { state: 'done', rows, total: rows, bytes: size });
    await audit.record(database, viewer, `${input.type}.exported`, 'export', id, {
      rows: { old: null, new: rows }, format: { old: null, new: input.format }, columns: { old: null, new: input.columns }, filter: { old: null, new: input.filter }, search: { old: null, new: input.search ?? null },
    });
  }

  const service = {
    /** Begins a file. Throws 403 without the right, 400 for a column that one may not read, or that is kept encrypted. */
    async begin(viewer: Viewer, input: ExportInput): Promise<RecordExport> {
      const source = await sourceFor(viewer, input.type);
      source.refuseColumns(input.columns);
      // a wrong filter or order is told now rather than by a file that never comes
      await source.page(input, 1, undefined);
      const id = newId(clock.now());
      await insertExport(database, { id, recordType: input.type, userId: viewer.userId, format: input.format, state: 'running', createdAt: new Date(clock.now()) });
      queue = queue.then(() => write(viewer, id, input, source)).catch(async (error: unknown) => {
        if (!(error instanceof Refusal)) logger.error({ err: error, exportId: id }, 'export failed');
        await rm(pathOf(id), { force: true });
        await changeExport(database, id, { state: 'failed', error: error instanceof Refusal ? error.code : 'internal' });
      }).catch((error: unknown) => logger.error({ err: error, exportId: id }, 'export failed'));
      return present(await find(viewer, id));
    },
    get: async (viewer: Viewer, id: string): Promise<RecordExport> => present(await find(viewer, id)),
    async file(viewer: Viewer, id: string): Promise<{ name: string; format: 'csv' | 'xlsx'; stream: ReadStream }> {
      const row = await find(viewer, id);
      if (row.state !== 'done') throw wrongState(`The export is ${row.state}.`);
      await stat(pathOf(id)).catch(() => {
        throw notFound('export');
      });
      const { plural } = await sourceFor(viewer, row.recordType);
      const format = row.format === 'xlsx' ? 'xlsx' : 'csv';
      return { format, name: `${plural} ${row.createdAt.toISOString().slice(0, 10)}.${format}`, stream: createReadStream(pathOf(id)) };
    },
    /** What this server was writing when it ended will never be finished; its beginning still lies here. */
    async resume(): Promise<void> {
      for (const id of await unfinishedExports(database)) {
        if (!existsSync(pathOf(id))) continue;
        await rm(pathOf(id), { force: true });
        await changeExport(database, id, { state: 'failed', error: 'interrupted' });
      }
    },
    async sweep(): Promise<void> {
      for (const id of await deleteExportsBefore(database, new Date(clock.now() - keptMs))) await rm(pathOf(id), { force: true });
    },
    async idle(): Promise<void> {
      for (let seen: Promise<void> | null = null; seen !== queue; ) {
        seen = queue;
        await seen;
      }
    },
    async close(): Promise<void> {
      isStopping = true;
      await service.idle();
    },
  };
  return service;
}
export type ExportsService = ReturnType<typeof createExportsService>;

const present = (row: StoredExport): RecordExport => ({
  id: row.id,
  recordType: row.recordType,
  format: row.format === 'xlsx' ? 'xlsx' : 'csv',
  state: row.state === 'done' ? 'done' : row.state === 'failed' ? 'failed' : 'running',
  rows: row.rows,
  total: row.total,
  bytes: row.bytes,
  createdAt: row.createdAt.toISOString(),
  expiresAt: new Date(row.createdAt.getTime() + keptMs).toISOString(),
  error: row.error,
});
