import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BenchOptions } from './options.ts';

/** Opens things one after the other and closes them in the opposite order, whatever happens; the folder goes last, unless it is to stay. */
export async function withFolder<T>(options: BenchOptions, work: (folder: string, closeLater: (close: () => Promise<unknown>) => void) => Promise<T>): Promise<T> {
  // Short: Asterisk's control socket lies in it, and the name of a socket has at most 108 letters.
  const folder = options.keepIn === null ? await mkdtemp(join(tmpdir(), 'bench-')) : resolve(options.keepIn);
  await mkdir(folder, { recursive: true });
  const closing: (() => Promise<unknown>)[] = [];
  const stop = (): void => {
    void closeAll(closing).finally(() => process.exit(1));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(folder, (close) => closing.push(close));
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await closeAll(closing);
    if (options.keepIn === null) await rm(folder, { recursive: true, force: true });
  }
}

async function closeAll(closing: (() => Promise<unknown>)[]): Promise<void> {
  for (let close = closing.pop(); close !== undefined; close = closing.pop()) {
    await close().catch((error: unknown) => process.stderr.write(`Could not be closed: ${String(error)}\n`));
  }
}
