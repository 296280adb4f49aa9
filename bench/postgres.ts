import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres, type RunningPostgres } from '../launcher/index.ts';
import type { BenchOptions } from './options.ts';

/**
 * A Postgres of the benchmark's own, as durable as an installation's: it waits for the disk. Its folder may lie elsewhere, where its own
 * user can reach it, so it is removed here and not with the benchmark's folder.
 */
export async function openPostgres(options: BenchOptions, folder: string, closeLater: (close: () => Promise<unknown>) => void): Promise<RunningPostgres> {
  const postgres = await startPostgres({ folder: join(folder, 'postgres') });
  closeLater(async () => {
    await postgres.stop();
    if (options.keepIn === null) await rm(postgres.folder, { recursive: true, force: true });
  });
  return postgres;
}
