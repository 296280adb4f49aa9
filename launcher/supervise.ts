import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from './part.ts';
import { lastLines } from './processes.ts';

const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** A process that lived this long was well: the next crash is a new matter. */
const wellAfterMs = 60_000;

/**
 * Keeps a part running: when it ends without being asked to, says so and starts it again, each time after a longer wait.
 * @param onStarted called after each new start, to write down the new process
 * @returns a function that ends the watching, to be called before the part is stopped
 */
export function supervise(part: Part, say: (line: string) => void, onStarted: () => void): () => void {
  const ending = new AbortController();
  void watch(part, ending.signal, say, onStarted);
  return () => ending.abort();
}

async function watch(part: Part, ending: AbortSignal, say: (line: string) => void, onStarted: () => void): Promise<void> {
  let waitMs = firstWaitMs;
  while (!ending.aborted) {
    const startedAt = performance.now();
    await part.ended();
    if (ending.aborted) return;
    if (performance.now() - startedAt > wellAfterMs) waitMs = firstWaitMs;
    const lastLine = lastLines(part.logFile, 1).slice(0, 200);
    say(
      `! ${part.name} ended unexpectedly; starting it again in ${waitMs / 1_000} s. Its log: ${part.logFile}${lastLine ? `\n    ${lastLine}` : ''}`,
    );
    await pause(waitMs, undefined, { signal: ending }).catch(() => {});
    waitMs = Math.min(waitMs * 2, longestWaitMs);
    if (ending.aborted) return;
    try {
      await part.start();
      onStarted();
      say(`✓ ${part.name} runs again`);
    } catch (error) {
      say(`✗ ${part.name} could not be started again: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
