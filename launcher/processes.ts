import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureFolder } from './folders.ts';

/** A process is the same one only if it also started at the same moment: numbers of dead processes are given out again. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since the machine was started. */
  startTicks: number;
}

/** Identity of a living process; null when there is none with this number. Zombies count as gone. */
export function identify(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return { pid, startTicks: Number(fields[19]) };
  } catch {
    return null;
  }
}

/** The command line of a living process, spaces between words; empty when it is gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
}

export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  return identify(pid)?.startTicks === startTicks;
}

/** Asks a process to end and waits; kills it after `graceMs`. Answers true when it ended by itself. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  if (!isAlive(identity)) return true;
  send(identity.pid, signal);
  if (await gone(identity, graceMs)) return true;
  send(identity.pid, 'SIGKILL');
  await gone(identity, 5_000);
  return false;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

async function gone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (isAlive(identity)) {
    if (performance.now() > until) return false;
    await pause(15);
  }
  return true;
}

const largestLogBytes = 20 * 1024 * 1024;

/** Opens a log for adding; one that has grown too large is set aside first, over the one set aside before. */
export function openLog(path: string): number {
  ensureFolder(dirname(path));
  if (existsSync(path) && statSync(path).size > largestLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o640);
}

/** The last lines of a log, for telling why something failed. */
export function lastLines(path: string, count = 25): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}

export interface SpawnRequest {
  command: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  logFile: string;
  uid?: number;
  gid?: number;
  /** The kernel kills it when the process that started it ends, however that comes. */
  endsWithParent: boolean;
}

/** Part of Debian's essential util-linux. */
const setpriv = '/usr/bin/setpriv';

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only the launcher, which then ends all in order.
 * Both outputs go to the log file. Throws when the program cannot be started at all.
 */
export async function spawnLogged(request: SpawnRequest): Promise<ChildProcess> {
  const tether = request.endsWithParent && existsSync(setpriv) ? [setpriv, '--pdeathsig', 'KILL'] : [];
  const [program = '', ...args] = [...tether, ...request.command];
  const log = openLog(request.logFile);
  const child = spawn(program, args, {
    cwd: request.cwd,
    env: request.env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...(request.uid === undefined ? {} : { uid: request.uid }),
    ...(request.gid === undefined ? {} : { gid: request.gid }),
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return child;
}

/** The identity of a child that was just started; a child that ended at once has none any more. */
export function identityOf(child: ChildProcess): ProcessIdentity {
  const pid = child.pid ?? -1;
  return identify(pid) ?? { pid, startTicks: -1 };
}
