import { hostname } from 'node:os';
import process from 'node:process';
import type { SystemStatus } from '../contracts/index.ts';
import { type Clock, type Timer, toInstant } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { LineStatus } from '../telephony/port.ts';
import { processDeadAfterMs, type ProcessRecord, type ProcessesStore } from './processes.store.ts';

export interface SystemOptions {
  serverId: string;
  store: ProcessesStore;
  clock: Clock;
  logger: Logger;
  lines(): readonly { lineId: string; status: LineStatus; isHeld: boolean }[];
  /** Answers within a second or throws; null when there is no Redis. */
  pingRedis: (() => Promise<void>) | null;
  /** Since when moves wait for the database; null while they do not. */
  movesWaitingSinceMs(): number | null;
  onPeers(count: number): void;
  /** After each look around: time to show the state to whoever watches. */
  onBeat(): void;
}

const beatEveryMs = 2_000;
const pingMs = 1_500;
/** Servers that this very process runs: one in production, several in tests. */
const servedHere = new Set<string>();

/** Knows which processes live and how each dependency does: for /healthz, the status page, and for who else is there. */
export class SystemService {
  readonly #o: SystemOptions;
  readonly #startedAtMs: number;
  #processes: ProcessRecord[] = [];
  #timer: Timer | null = null;
  #isStopped = false;

  constructor(options: SystemOptions) {
    this.#o = options;
    this.#startedAtMs = options.clock.now();
  }

  async start(): Promise<void> {
    servedHere.add(this.#o.serverId);
    await this.#beat();
  }
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    servedHere.delete(this.#o.serverId);
    await this.#o.store.leave(this.#o.serverId);
  }

  /** Servers of ours on this machine whose process is gone: what they held is free. */
  async deadServers(): Promise<string[]> {
    return (await this.#o.store.list())
      .filter((one) => one.id !== this.#o.serverId && diedHere(one))
      .map((one) => one.id);
  }

  async status(): Promise<SystemStatus> {
    const now = this.#o.clock.now();
    const parts: SystemStatus['parts'] = [];
    parts.push(await this.#check('postgres', 'database', () => this.#o.store.ping()));
    const waitingSince = this.#o.movesWaitingSinceMs();
    if (waitingSince !== null) {
      parts.push({ name: 'ledger', kind: 'database', state: 'down', detail: 'movesWait', since: toInstant(waitingSince) });
    }
    if (this.#o.pingRedis) parts.push(await this.#check('redis', 'redis', this.#o.pingRedis));
    for (const { lineId, status, isHeld } of this.#o.lines()) {
      const state = !isHeld ? 'starting' : status.state === 'connected' ? 'ok' : 'down';
      const detail = !isHeld ? 'heldElsewhere' : status.state === 'connected' ? '' : status.state === 'connecting' ? status.reason : 'takenOver';
      parts.push({ name: lineId, kind: 'line', state, detail, since: toInstant(status.sinceMs) });
    }
    for (const one of this.#processes) {
      const lives = now - one.seenAtMs < processDeadAfterMs;
      if (!lives && (now - one.seenAtMs > 10 * 60_000 || this.#wasReplaced(one, now))) continue;
      parts.push({ name: one.name, kind: 'process', state: lives ? 'ok' : 'down', detail: one.detail || `${one.host}, process ${String(one.pid)}`, since: toInstant(lives ? one.startedAtMs : one.seenAtMs) });
    }
    return { ok: parts.every((part) => part.state === 'ok'), parts };
  }

  /** It died, and a process of the same name has lived on its machine since. */
  #wasReplaced(gone: ProcessRecord, now: number): boolean {
    return this.#processes.some((one) => one.name === gone.name && one.host === gone.host && one.startedAtMs >= gone.seenAtMs && now - one.seenAtMs < processDeadAfterMs);
  }

  async #check(name: string, kind: 'database' | 'redis', ask: () => Promise<void>): Promise<SystemStatus['parts'][number]> {
    let timer: Timer | null = null;
    try {
      await Promise.race([ask(), new Promise((_, reject) => (timer = this.#o.clock.setTimer(pingMs, () => reject(new Error('noAnswer')))))]);
      return { name, kind, state: 'ok', detail: '', since: null };
    } catch (error) {
      return { name, kind, state: 'down', detail: error instanceof Error ? error.message : 'noAnswer', since: null };
    } finally {
      (timer as Timer | null)?.cancel();
    }
  }

  async #beat(): Promise<void> {
    const { store, clock, serverId } = this.#o;
    try {
      const now = clock.now();
      await store.beat({ id: serverId, name: 'cti-server', host: hostname(), pid: process.pid, startedAtMs: this.#startedAtMs, detail: '' }, now);
      this.#processes = await store.list();
      this.#o.onPeers(
        this.#processes.filter((one) => one.name === 'cti-server' && one.id !== serverId && now - one.seenAtMs < processDeadAfterMs && !diedHere(one)).length,
      );
    } catch (error) {
      this.#o.logger.warn({ err: error }, 'heartbeat');
    }
    this.#o.onBeat();
    if (!this.#isStopped) this.#timer = clock.setTimer(beatEveryMs, () => void this.#beat());
  }
}

/** A container that starts again after a crash has the name and the process id of the one before. */
function diedHere(one: ProcessRecord): boolean {
  return one.host === hostname() && (one.pid === process.pid ? !servedHere.has(one.id) : !isRunning(one.pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // not ours to signal means that it runs
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
