import type { FollowUps } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Realtime } from '../../platform/realtime.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import type { Database } from '../setup/index.ts';
import type { Reach } from './callback-rules.ts';
import { viewOfCallback } from './callback-views.ts';
import { countDue, listReminders, nextChangeAt } from './callbacks.store.ts';
import { reachOf } from './reach.ts';

export interface FollowUpNoticesOptions {
  database: Database;
  directory: Directory;
  realtime: Pick<Realtime, 'provide' | 'publish' | 'hasListeners'>;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** How many voicemails nobody has heard, by queue. */
  newVoicemails(): Promise<ReadonlyMap<string, number>>;
}

/** Changes that come together are told together. */
const gatherMs = 150;
/** At the latest then everything is looked at again: what is due becomes overdue without anybody doing anything. */
const lookAgainMs = 60_000;

/**
 * Tells each open screen what waits for its user: reminders whose time has come, and how much is due. A few questions to the database
 * answer for all screens of a server together, and a screen is told only what changed for it.
 */
export class FollowUpNotices {
  readonly #o: FollowUpNoticesOptions;
  /** Who looks, with their rights as of when they subscribed, and what they were told last. */
  readonly #watchers = new Map<string, { viewer: Viewer; told: string }>();
  #gathering: Timer | null = null;
  #next: Timer | null = null;
  #isStopped = false;

  constructor(options: FollowUpNoticesOptions) {
    this.#o = options;
    options.bus.on('followUps', () => this.#soon(gatherMs));
    options.realtime.provide('followUps', {
      access: ['calls.take', 'floor.read', 'floor.manage'],
      rooms: (viewer) => [roomOf(viewer.userId)],
      snapshot: async (viewer) => {
        this.#watchers.set(viewer.userId, { viewer, told: '' });
        const [mine] = await this.#lookFor([viewer]);
        this.#soon(gatherMs);
        if (!mine) throw new Error('nothing was looked for');
        return { kind: 'followUps', followUps: mine };
      },
      replay: 0,
    });
  }

  /** Something changed: told here and on the other servers. */
  changed(): void {
    if (this.#o.bus.hasPeers()) this.#o.bus.tell('followUps', null);
    this.#soon(gatherMs);
  }

  stop(): void {
    this.#isStopped = true;
    this.#gathering?.cancel();
    this.#next?.cancel();
  }

  #soon(ms: number): void {
    if (this.#isStopped || this.#watchers.size === 0) return;
    this.#gathering ??= this.#o.clock.setTimer(ms, () => {
      this.#gathering = null;
      this.#tell().catch((error: unknown) => {
        this.#o.logger.warn({ err: error }, 'what is due could not be told; tried again');
        this.#soon(2_000);
      });
    });
  }

  async #tell(): Promise<void> {
    const { clock, database, realtime } = this.#o;
    for (const userId of this.#watchers.keys()) if (!realtime.hasListeners(roomOf(userId))) this.#watchers.delete(userId);
    if (this.#watchers.size === 0) return;
    const watchers = [...this.#watchers.values()];
    const found = await this.#lookFor(watchers.map(({ viewer }) => viewer));
    watchers.forEach((watcher, at) => {
      const followUps = found[at];
      const told = JSON.stringify(followUps);
      if (!followUps || told === watcher.told) return;
      watcher.told = told;
      realtime.publish(roomOf(watcher.viewer.userId), 'followUps', { kind: 'followUps', followUps });
    });
    const nowMs = clock.now();
    const nextMs = await nextChangeAt(database, nowMs);
    this.#next?.cancel();
    if (!this.#isStopped) this.#next = clock.setTimer(Math.min(lookAgainMs, nextMs === null ? lookAgainMs : nextMs - nowMs), () => this.#soon(0));
  }

  async #lookFor(viewers: readonly Viewer[]): Promise<FollowUps[]> {
    const { database, clock, directory } = this.#o;
    const nowMs = clock.now();
    const [due, reminders, voicemails] = await Promise.all([countDue(database, nowMs), listReminders(database, viewers.map((viewer) => viewer.userId), nowMs), this.#o.newVoicemails()]);
    return viewers.map((viewer) => {
      const reach = reachOf(viewer, directory);
      const sum = (of: 'due' | 'overdue', fits: (group: (typeof due)[number]) => boolean): number => due.reduce((total, group) => total + (fits(group) ? group[of] : 0), 0);
      return {
        reminders: reminders.filter((one) => one.agentId === reach.userId).map((one) => viewOfCallback(one, nowMs)),
        mineDue: sum('due', (group) => group.agentId === reach.userId),
        queueDue: sum('due', (group) => group.agentId === null && group.queueId !== null && reach.queueIds.has(group.queueId)),
        overdue: reach.manages || viewer.rights.has('floor.read') ? sum('overdue', (group) => looksAfter(reach, group)) : 0,
        newVoicemails: [...voicemails].reduce((total, [queueId, count]) => total + (reach.queueIds.has(queueId) || looksAfter(reach, { agentId: null, queueId }) ? count : 0), 0),
      };
    });
  }
}

const roomOf = (userId: string): string => `followUps:${userId}`;

function looksAfter(reach: Reach, group: { agentId: string | null; queueId: string | null }): boolean {
  if (reach.others === null) return true;
  return group.agentId !== null ? reach.others.agentIds.has(group.agentId) : group.queueId !== null && reach.others.queueIds.has(group.queueId);
}
