import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { commandLine, endProcess, identify, isAlive, type ProcessIdentity } from './processes.ts';

/** What a run writes down about itself, so that the next one can tell what it left behind. */
interface RunState {
  /** Process numbers mean nothing after the machine was started anew. */
  bootId: string;
  launcher: ProcessIdentity;
  address: string;
  parts: RecordedPart[];
}

interface RecordedPart extends ProcessIdentity {
  name: string;
  commandLine: string;
}

/** The written account of the present run. */
export class RunRecord {
  readonly #file: string;
  readonly #address: string;
  constructor(file: string, address: string) {
    this.#file = file;
    this.#address = address;
  }

  /** Writes down which processes run now. */
  write(parts: readonly { name: string; identity(): ProcessIdentity }[]): void {
    const state: RunState = {
      bootId: bootId(),
      launcher: identify(process.pid) ?? { pid: process.pid, startTicks: -1 },
      address: this.#address,
      parts: parts.map((part) => ({ name: part.name, ...part.identity(), commandLine: commandLine(part.identity().pid) })),
    };
    // Renamed into place: a launcher killed while writing must not leave half a file.
    writeFileSync(`${this.#file}.new`, JSON.stringify(state, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

export type EarlierRun = { state: 'none' } | { state: 'running'; pid: number; address: string } | { state: 'killed'; ended: string[] };

/**
 * Looks whether an earlier run still lives, or was killed and left processes behind. Those are ended, each only when it is surely the one
 * written down: same number, same moment of start, same command line.
 */
export async function settleEarlierRun(file: string): Promise<EarlierRun> {
  const state = read(file);
  if (!state || state.bootId !== bootId()) return { state: 'none' };
  if (isAlive(state.launcher)) return { state: 'running', pid: state.launcher.pid, address: state.address };
  const ended: string[] = [];
  // The other way round than they were started, so that nobody loses what it stands on.
  for (const part of state.parts.toReversed()) {
    if (!isAlive(part) || part.commandLine === '' || commandLine(part.pid) !== part.commandLine) continue;
    await endProcess(part, part.name === 'Postgres' ? 'SIGINT' : 'SIGTERM', 10_000);
    ended.push(part.name);
  }
  rmSync(file, { force: true });
  return { state: 'killed', ended };
}

function read(file: string): RunState | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunState;
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
