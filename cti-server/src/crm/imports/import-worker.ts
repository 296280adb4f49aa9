import { importSettings, type ImportState } from '../../contracts/index.ts';
import { Refusal } from '../../platform/errors.ts';
import { isDatabaseAway } from '../../platform/http.ts';
import { bulkLoad } from '../records/index.ts';
import { type ImportsContext, type Runner, viewerOfRunner } from './imports.context.ts';
import { previewImport, type Progress, runImport } from './import-run.ts';
import { undoImport } from './import-undo.ts';
import { changeImport, findImport, holdImport, importsBefore, importsIn } from './imports.store.ts';

/** Progress is written no oftener than this: each time is a row written anew. */
const progressEveryMs = 500;
/** What nobody looked at for so long goes; the records stay. */
const keptDays = 30;

class Stopped extends Error {
  override readonly name = 'Stopped';
}

export interface Worker {
  /** Takes up what the import's state asks for, after what is already to do. */
  begin(importId: string): void;
  /** Takes up what a server left behind that died: each by one server only. */
  resume(): Promise<void>;
  /** Removes files and rows of old imports. */
  sweep(): Promise<void>;
  /** Answers when nothing is left to do. */
  idle(): Promise<void>;
  /** Stops at the next piece; whoever starts next goes on from there. */
  close(): Promise<void>;
}

/** Does one import after the other, beside the calls: two at once would only take longer. */
export function createWorker(context: ImportsContext): Worker {
  const { database, clock, logger, uploads } = context;
  let queue: Promise<void> = Promise.resolve();
  const waiting = new Set<string>();
  let isStopping = false;

  function progressOf(importId: string): Progress {
    let toldAt = 0;
    return async (share) => {
      if (isStopping) throw new Stopped();
      const now = clock.now();
      if (now - toldAt < progressEveryMs) return;
      toldAt = now;
      await changeImport(database, importId, { progress: share });
    };
  }

  async function work(importId: string): Promise<void> {
    const hold = await holdImport(database, importId);
    if (!hold) return;
    try {
      const row = await findImport(database, importId);
      if (!row) return;
      const state = row.state as ImportState;
      if (state !== 'previewing' && state !== 'running' && state !== 'undoing') return;
      const viewer = viewerOfRunner(row.runner as unknown as Runner);
      try {
        if (state !== 'undoing' && !(await uploads.has(importId))) throw new Refusal(409, 'fileGone', 'The file is no longer here.');
        if (state === 'undoing') await undoImport(context, viewer, row, progressOf(importId));
        else if (state === 'previewing') await previewImport(context, viewer, row, importSettings.parse(row.settings), progressOf(importId));
        else await runImport(context, viewer, row, importSettings.parse(row.settings), progressOf(importId));
      } catch (error) {
        // the state stays: whoever starts next, or sees the database again, goes on
        if (error instanceof Stopped || isDatabaseAway(error)) return;
        if (!(error instanceof Refusal)) logger.error({ err: error, importId }, 'import failed');
        const now = await findImport(database, importId);
        const isBegun = state === 'undoing' || (state === 'running' && (now?.appliedRow ?? 0) > 0);
        await changeImport(database, importId, { state: isBegun ? 'interrupted' : 'failed', error: error instanceof Refusal ? error.code : 'internal', finishedAt: new Date(clock.now()) });
      }
    } finally {
      hold.release();
    }
  }

  const worker: Worker = {
    begin(importId) {
      if (waiting.has(importId) || isStopping) return;
      waiting.add(importId);
      queue = queue.then(async () => {
        waiting.delete(importId);
        if (!isStopping) await work(importId);
      }).catch((error: unknown) => logger.error({ err: error, importId }, 'import failed'));
    },
    async resume() {
      for (const { id } of await importsIn(database, ['previewing', 'running', 'undoing'])) worker.begin(id);
    },
    async sweep() {
      for (const { id, state } of await importsBefore(database, new Date(clock.now() - keptDays * 86_400_000))) {
        if (state === 'previewing' || state === 'running' || state === 'undoing') continue;
        await bulkLoad.dropLoadTable(database, { importId: id });
        await uploads.remove(id);
      }
    },
    async idle() {
      for (let seen: Promise<void> | null = null; seen !== queue; ) {
        seen = queue;
        await seen;
      }
    },
    async close() {
      isStopping = true;
      await worker.idle();
    },
  };
  return worker;
}
