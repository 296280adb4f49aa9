import type { AgentView, Floor as FloorContract, QueuePulse, QueueView, Scope } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Realtime } from '../../platform/realtime.ts';
import type { AgentsService } from '../agents/index.ts';
import { type Call, type CallsStore, type LedgerEntry, viewOfAgent } from '../calls/index.ts';
import type { Directory } from '../directory/index.ts';
import { CountsSince, foldEvent, noCounts, type QueueCounts } from '../ledger/index.ts';
import { dayEndMs, dayStartMs } from './day-rules.ts';

/** Whose floor: everything, the agents of some teams, or only oneself. */
interface Audience {
  scope: Scope;
  teamIds: readonly string[];
  userId: string;
}

export interface FloorOptions {
  agents: AgentsService;
  directory: Directory;
  store: CallsStore;
  bus: Bus;
  realtime: Realtime;
  clock: Clock;
  logger: Logger;
  /** Where the company's day begins; asked at each beginning of a day. */
  timeZone(): string;
  /** Each event of the ledger as it is told here, of all servers' calls. */
  onEvent?(event: { callId: string; kind: string; queueId: string | null; agentId: string | null; atMs: number }): void;
}

/** What one call's move means for the floor; also told among servers. */
interface FloorMove {
  callId: string;
  waitingIn: { queueId: string; sinceMs: number } | null;
  ledger: readonly { seq: number; kind: string; queueId: string | null; agentId: string | null; data: Record<string, unknown>; atMs: number }[];
}

/** Screens get what changed this often: quick enough for the eye, and one message instead of many. */
const publishEveryMs = 100;
/** The pulse in every agent's top bar may lag a little more. */
const pulseEveryMs = 600;

/** The live picture of queues and agents, folded from the ledger as events come. */
export class Floor {
  readonly #o: FloorOptions;
  #counts = new Map<string, QueueCounts>();
  readonly #waiting = new Map<string, { queueId: string; sinceMs: number }>();
  /** The newest event that was seen of each call: messages among servers may come out of order, and an old one must not bring a wait back. */
  readonly #newest = new Map<string, number>();
  readonly #dirtyQueues = new Set<string>();
  readonly #dirtyAgents = new Set<string>();
  readonly #dirtyPulses = new Set<string>();
  /** The day whose calls are counted. Kept, because asking a calendar costs more than all else that a move costs here. */
  #day = { startMs: 0, endMs: 0 };
  /** Moves told while the ledger is read: whether the reading saw them is known at its end. Null while it is not read. */
  #meanwhile: FloorMove[] | null = null;
  #publishTimer: Timer | null = null;
  #pulseTimer: Timer | null = null;

  constructor(options: FloorOptions) {
    this.#o = options;
    options.bus.on('floor', (message) => this.#take(message as FloorMove));
    options.agents.onChange(({ agent }) => {
      this.#dirtyAgents.add(agent.id);
      for (const queueId of options.directory.agent(agent.id)?.queueIds ?? []) this.#dirtyQueues.add(queueId);
      this.#publishSoon();
    });
    options.directory.onChange(() => {
      for (const queue of options.directory.queues()) this.#markQueue(queue.id);
      for (const agent of options.directory.agents()) this.#dirtyAgents.add(agent.userId);
      this.#publishSoon();
    });
    options.realtime.provide('floor', {
      access: ['floor.read'],
      rooms: (viewer) => [roomOf(viewer)],
      snapshot: (viewer) => {
        const { queues, agents } = this.snapshot(viewer);
        return Promise.resolve({ kind: 'floor', queues, agents, removedAgentIds: [] });
      },
      replay: 200,
    });
    options.realtime.provide('queues', {
      access: ['calls.take', 'floor.read'],
      rooms: (viewer) => [...(options.directory.agent(viewer.userId)?.queueIds ?? [])].map((queueId) => `queues:${queueId}`),
      snapshot: (viewer) =>
        Promise.resolve({
          kind: 'queues',
          queues: [...(options.directory.agent(viewer.userId)?.queueIds ?? [])].flatMap((queueId) => this.#pulse(queueId) ?? []),
        }),
      replay: 0,
    });
  }

  /** Reads the day so far. To be called again whenever moves of other servers may not have been told here. */
  async load(): Promise<void> {
    await this.#foldDay();
    for (const queue of this.#o.directory.queues()) this.#markQueue(queue.id);
    this.#publishSoon();
  }

  /** A call moved here: told to every screen and to the other servers. */
  moved(call: Call, ledger: readonly LedgerEntry[]): void {
    const move: FloorMove = {
      callId: call.id,
      waitingIn: waitingOf(call),
      ledger: ledger.map(({ seq, kind, queueId, agentId, data, atMs }) => ({ seq, kind, queueId, agentId, data, atMs })),
    };
    if (this.#o.bus.hasPeers()) this.#o.bus.tell('floor', move);
    this.#take(move);
  }

  snapshot(audience: Audience): FloorContract {
    return {
      queues: this.#queueViews(audience, null),
      agents: this.#agentViews(audience, null),
      at: toInstant(this.#o.clock.now()),
    };
  }

  counts(queueId: string): Readonly<QueueCounts> {
    return this.#counts.get(queueId) ?? noCounts();
  }
  waitingNow(queueId: string): number {
    let waiting = 0;
    for (const call of this.#waiting.values()) if (call.queueId === queueId) waiting += 1;
    return waiting;
  }

  #take(move: FloorMove): void {
    const now = this.#o.clock.now();
    for (const event of move.ledger) this.#o.onEvent?.({ ...event, callId: move.callId });
    if (this.#meanwhile) {
      this.#meanwhile.push(move);
    } else if (now < this.#day.startMs || now >= this.#day.endMs) {
      // the events that bring the new day are in the ledger already
      void this.#foldDay().catch((error: unknown) => this.#o.logger.error({ err: error }, 'the new day could not be folded'));
    } else {
      for (const event of move.ledger) this.#fold(event.queueId, event);
    }
    const before = this.#waiting.get(move.callId);
    this.#keepWaiting(move);
    for (const queueId of [before?.queueId, move.waitingIn?.queueId]) if (queueId !== undefined) this.#markQueue(queueId);
    for (const event of move.ledger) if (event.queueId !== null) this.#markQueue(event.queueId);
    this.#publishSoon();
  }

  async #foldDay(): Promise<void> {
    const meanwhile: FloorMove[] = [];
    this.#meanwhile = meanwhile;
    try {
      const start = dayStartMs(this.#o.clock.now(), this.#o.timeZone());
      const since = new CountsSince((queueId) => this.#serviceLevelOf(queueId));
      /** The last event of each call that was read. */
      const read = new Map<string, number>();
      for await (const page of this.#o.store.ledgerSince(start)) {
        for (const event of page) {
          since.add(event);
          read.set(event.callId, Math.max(event.seq, read.get(event.callId) ?? 0));
        }
      }
      const open = await this.#o.store.openCalls();
      // a later reading has begun meanwhile: it knows better
      if (this.#meanwhile !== meanwhile) return;
      this.#day = { startMs: start, endMs: dayEndMs(start, this.#o.timeZone()) };
      this.#waiting.clear();
      this.#newest.clear();
      for (const [callId, seq] of read) this.#newest.set(callId, seq);
      for (const call of open) {
        this.#newest.set(call.id, call.lastSeq);
        this.#keepWaiting({ callId: call.id, waitingIn: waitingOf(call), ledger: [] });
      }
      for (const { callId, waitingIn, ledger } of meanwhile) {
        this.#keepWaiting({ callId, waitingIn, ledger });
        for (const event of ledger) if (event.seq > (read.get(callId) ?? 0) && event.atMs >= start) since.add({ ...event, callId });
      }
      since.settle([...this.#waiting].map(([callId, { queueId }]) => ({ callId, queueId })));
      this.#counts = since.counts;
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = null;
    }
  }

  #keepWaiting({ callId, waitingIn, ledger }: FloorMove): void {
    const seq = Math.max(0, ...ledger.map((event) => event.seq));
    const known = this.#newest.get(callId) ?? 0;
    if (seq > 0 && seq < known) return;
    this.#newest.set(callId, Math.max(seq, known));
    if (waitingIn) this.#waiting.set(callId, waitingIn);
    else this.#waiting.delete(callId);
  }

  #fold(queueId: string | null, event: { kind: string; data: Record<string, unknown> }): void {
    if (queueId === null) return;
    let counts = this.#counts.get(queueId);
    if (!counts) this.#counts.set(queueId, (counts = noCounts()));
    foldEvent(counts, event, this.#serviceLevelOf(queueId));
  }

  #serviceLevelOf(queueId: string): number {
    return this.#o.directory.queue(queueId)?.serviceLevelSeconds ?? 20;
  }

  #markQueue(queueId: string): void {
    this.#dirtyQueues.add(queueId);
    this.#dirtyPulses.add(queueId);
  }

  #publishSoon(): void {
    this.#publishTimer ??= this.#o.clock.setTimer(publishEveryMs, () => this.#publish());
    this.#pulseTimer ??= this.#o.clock.setTimer(pulseEveryMs, () => this.#publishPulses());
  }

  #publish(): void {
    this.#publishTimer = null;
    const queueIds = new Set(this.#dirtyQueues);
    const agentIds = new Set(this.#dirtyAgents);
    this.#dirtyQueues.clear();
    this.#dirtyAgents.clear();
    for (const room of this.#o.realtime.listenedRooms('floor:')) {
      const audience = audienceOf(room);
      const queues = this.#queueViews(audience, queueIds);
      const agents = this.#agentViews(audience, agentIds);
      const shown = new Set(agents.map((agent) => agent.id));
      const removedAgentIds = [...agentIds].filter((id) => !shown.has(id) && !this.#o.directory.agent(id)?.active);
      if (queues.length + agents.length + removedAgentIds.length > 0) this.#o.realtime.publish(room, 'floor', { kind: 'floor', queues, agents, removedAgentIds });
    }
  }

  #publishPulses(): void {
    this.#pulseTimer = null;
    const queueIds = [...this.#dirtyPulses];
    this.#dirtyPulses.clear();
    for (const queueId of queueIds) {
      const pulse = this.#pulse(queueId);
      if (pulse) this.#o.realtime.publish(`queues:${queueId}`, 'queues', { kind: 'queues', queues: [pulse] });
    }
  }

  #pulse(queueId: string): QueuePulse | null {
    const queue = this.#o.directory.queue(queueId);
    if (!queue?.active) return null;
    let waiting = 0;
    let longest: number | null = null;
    for (const call of this.#waiting.values()) {
      if (call.queueId !== queueId) continue;
      waiting += 1;
      longest = longest === null ? call.sinceMs : Math.min(longest, call.sinceMs);
    }
    return { id: queueId, name: queue.name, waiting, longestWaitSince: toInstantOrNull(longest) };
  }

  #queueViews(audience: Audience, only: ReadonlySet<string> | null): QueueView[] {
    const tallies = new Map<string, QueueView['agents']>();
    for (const setup of this.#visibleSetups(audience)) {
      const { state } = this.#o.agents.get(setup.userId).status;
      for (const queueId of setup.queueIds) {
        if (only && !only.has(queueId)) continue;
        let tally = tallies.get(queueId);
        if (!tally) tallies.set(queueId, (tally = { offline: 0, ready: 0, notReady: 0, ringing: 0, onCall: 0, wrapUp: 0, missed: 0 }));
        tally[state] += 1;
      }
    }
    return this.#o.directory.queues().flatMap((queue) => {
      if (only && !only.has(queue.id)) return [];
      const agents = tallies.get(queue.id);
      if (!agents && audience.scope !== 'all') return [];
      const pulse = this.#pulse(queue.id);
      if (!pulse) return [];
      return [
        {
          ...pulse,
          agents: agents ?? { offline: 0, ready: 0, notReady: 0, ringing: 0, onCall: 0, wrapUp: 0, missed: 0 },
          today: this.counts(queue.id),
          serviceLevelSeconds: queue.serviceLevelSeconds,
        },
      ];
    });
  }

  #agentViews(audience: Audience, only: ReadonlySet<string> | null): AgentView[] {
    const { agents, directory } = this.#o;
    const views: AgentView[] = [];
    for (const setup of this.#visibleSetups(audience)) {
      if (only && !only.has(setup.userId)) continue;
      views.push(viewOfAgent(agents.get(setup.userId), directory, agents.isReachable(setup.userId)));
    }
    return views;
  }

  *#visibleSetups(audience: Audience) {
    for (const setup of this.#o.directory.agents()) {
      if (!setup.active) continue;
      const sees =
        audience.scope === 'all' || setup.userId === audience.userId || (audience.scope === 'team' && setup.teamIds.some((team) => audience.teamIds.includes(team)));
      if (sees) yield setup;
    }
  }
}

function waitingOf(call: Call): { queueId: string; sinceMs: number } | null {
  const waits = call.status.state === 'waiting' || call.status.state === 'ringing';
  return waits && call.queueId !== null ? { queueId: call.queueId, sinceMs: call.queuedAtMs ?? call.startedAtMs } : null;
}

/** Viewers who may see the same share a room; its name says what they may see. */
function roomOf(viewer: Audience): string {
  switch (viewer.scope) {
    case 'all':
      return 'floor:all';
    case 'team':
      return `floor:team:${viewer.userId}:${[...viewer.teamIds].sort().join(',')}`;
    case 'own':
      return `floor:own:${viewer.userId}`;
  }
}
function audienceOf(room: string): Audience {
  const [, scope, userId = '', teams = ''] = room.split(':');
  return { scope: scope === 'team' || scope === 'own' ? scope : 'all', userId, teamIds: teams === '' ? [] : teams.split(',') };
}
