import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { cacheFolder, projectFolder } from './folders.ts';
import { takesConnections } from './ports.ts';
import { endProcess, identityOf, lastLines, spawnLogged, type ProcessIdentity } from './processes.ts';

/** One running process of the installation, whatever it is: Postgres, Asterisk or one of ours. */
export interface Part {
  name: string;
  logFile: string;
  identity(): ProcessIdentity;
  /** Settles when the present process has ended, whatever ended it. */
  ended(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Starts it again after `stop`, `kill` or a crash, and waits until it is ready. */
  start(): Promise<void>;
}

export interface NodePartOptions {
  name: string;
  /** Arguments for Node, the script first, as seen from the project's folder. */
  script: readonly string[];
  /** Added to the launcher's own environment. */
  env: Record<string, string>;
  logFile: string;
  /** Where it runs; the project's folder when left out. */
  cwd?: string;
  /** Ready when this address answers 200; without it as soon as the process runs. */
  readyUrl?: string;
  /** Or ready when this port of 127.0.0.1 takes connections. */
  readyPort?: number;
  readyWithinSeconds?: number;
  /** Lives on when the process that started it is killed; default false: tests and benches leave nothing behind. */
  outlivesParent?: boolean;
  /** Told as soon as the process runs, before it is ready: whoever must end it on an interruption needs to know of it by then. */
  onSpawn?: (part: Part) => void;
}

/** Starts one of our own processes. Throws with the end of its log when it ends, or is not ready in time. */
export async function startNodePart(options: NodePartOptions): Promise<Part> {
  let child: ChildProcess | null = null;
  let identity: ProcessIdentity = { pid: -1, startTicks: -1 };
  let ended: Promise<void> = Promise.resolve();
  const start = async (): Promise<void> => {
    const started = await spawnLogged({
      command: [process.execPath, ...options.script],
      cwd: options.cwd ?? projectFolder,
      // Compiled code is kept, which makes every start after the first a good deal quicker.
      env: { ...process.env, NODE_COMPILE_CACHE: join(cacheFolder, 'compiled'), ...options.env },
      logFile: options.logFile,
      endsWithParent: !options.outlivesParent,
    });
    child = started;
    identity = identityOf(started);
    ended = new Promise((resolve) => started.once('exit', () => resolve()));
    options.onSpawn?.(part);
    if (options.readyUrl || options.readyPort) await ready(started);
  };
  const looksReady = async (): Promise<{ ready: boolean; answer: string }> => {
    if (!options.readyUrl) return { ready: await takesConnections(options.readyPort ?? 0), answer: `port ${options.readyPort} is closed` };
    const response = await fetch(options.readyUrl, { signal: AbortSignal.timeout(2_000) });
    return {
      ready: response.status === 200,
      answer: `${options.readyUrl} answers ${response.status} ${(await response.text()).slice(0, 500)}`,
    };
  };
  const ready = async (started: ChildProcess): Promise<void> => {
    const until = performance.now() + 1_000 * (options.readyWithinSeconds ?? 60);
    let answer = 'no answer';
    for (;;) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(`${options.name} ended while starting:\n${lastLines(options.logFile)}`);
      try {
        const look = await looksReady();
        if (look.ready) return;
        answer = look.answer;
      } catch {
        // Nobody listens yet.
      }
      if (performance.now() > until) {
        await endProcess(identity, 'SIGTERM', 5_000);
        throw new Error(`${options.name} was not ready in time (${answer}).\n${lastLines(options.logFile)}`);
      }
      await pause(40);
    }
  };
  const part: Part = {
    name: options.name,
    logFile: options.logFile,
    identity: () => identity,
    ended: () => ended,
    async stop() {
      if (!child) return;
      await endProcess(identity, 'SIGTERM', 15_000);
      await ended;
    },
    async kill() {
      if (!child) return;
      await endProcess(identity, 'SIGKILL', 0);
      await ended;
    },
    start,
  };
  await start();
  return part;
}
