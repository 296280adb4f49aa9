import type { Bus } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Directory } from '../directory/index.ts';
import type { AgentMove, MoveWriter } from '../ledger/index.ts';
import { type Agent, type AgentEvent, callOf, newAgent, nextAgent, parkedBy } from './agent-machine.ts';
import type { AgentsStore } from './agents.store.ts';
import type { Candidate } from '../routing/index.ts';

/** An answered round trip makes an agent routable for this long. Asked every {@link leaseEveryMs}: one answer may get lost. */
export const leaseMs = 10_000;
export const leaseEveryMs = 4_000;
/** Out of reach for this long, an agent who is in no call counts as gone. */
export const goneAfterMs = 60_000;

export interface AgentChange {
  agent: Agent;
  before: Agent;
}

/**
 * All agents' states in memory, changed only through moves that are saved. A change counts here at once, so that nobody is offered two
 * calls while the first is being saved; others are told when it is durable.
 */
export class AgentsService {
  readonly #agents = new Map<string, Agent>();
  /** Until when an agent's device counts as reachable. */
  readonly #leases = new Map<string, number>();
  readonly #unreachableSince = new Map<string, number>();
  readonly #reachable = new Set<string>();
  readonly #presentDeskPhones = new Set<string>();
  readonly #listeners: ((change: AgentChange) => void)[] = [];
  readonly #freeListeners: (() => void)[] = [];
  readonly #options: { store: AgentsStore; writer: MoveWriter; directory: Directory; bus: Bus; clock: Clock; logger: Logger };

  constructor(options: { store: AgentsStore; writer: MoveWriter; directory: Directory; bus: Bus; clock: Clock; logger: Logger }) {
    this.#options = options;
    options.bus.on('agents', (message) => this.#takeFromPeer(message as Agent[]));
    options.bus.on('leases', (message) => {
      for (const [id, until] of message as [string, number][]) this.#setLease(id, until);
    });
  }

  /** Reads all agents. May be called again: what other servers changed without being heard is caught up with. */
  async load(): Promise<void> {
    this.#takeFromPeer(await this.#options.store.all());
  }

  get(id: string): Agent {
    return this.#agents.get(id) ?? newAgent(id, this.#options.clock.now());
  }
  all(): Iterable<Agent> {
    return this.#agents.values();
  }

  /** Told after a change is saved, here or by another server. */
  onChange(listener: (change: AgentChange) => void): void {
    this.#listeners.push(listener);
  }
  /** Told whenever somebody may have become able to take a call. */
  onSomebodyFree(listener: () => void): void {
    this.#freeListeners.push(listener);
  }

  /** Applies an event to one agent and saves it. The agent as saved; unchanged when the event meant nothing. */
  async apply(id: string, event: AgentEvent): Promise<Agent> {
    for (let attempt = 0; attempt < 5; attempt++) {
      const move = this.stage(id, event);
      if (!move) return this.get(id);
      const { clock, writer } = this.#options;
      const result = await writer.save({ id: newId(clock.now()), atMs: event.atMs, call: null, agents: [move], ledger: [], wrapUp: null });
      if (result === 'ok') {
        this.saved([move]);
        return move.after;
      }
      await this.reload([id]);
    }
    this.#options.logger.warn({ agentId: id, event: event.kind }, 'agent kept changing meanwhile');
    return this.get(id);
  }

  /** Applies an event in memory only, as part of a move that the caller saves. Null when it means nothing. */
  stage(id: string, event: AgentEvent): AgentMove | null {
    const before = this.get(id);
    const after = nextAgent(before, event);
    if (after === before) return null;
    this.#agents.set(id, after);
    return { before, after, cause: event.kind };
  }

  /** Takes back what was staged last for this agent. */
  unstage(move: AgentMove): void {
    if (this.#agents.get(move.after.id) === move.after) this.#agents.set(move.after.id, move.before);
  }

  /** To be called when a move with these agents was saved. */
  saved(moves: readonly AgentMove[]): void {
    if (moves.length === 0) return;
    if (this.#options.bus.hasPeers()) this.#options.bus.tell('agents', moves.map((move) => move.after));
    for (const move of moves) this.#tell({ agent: move.after, before: move.before });
    if (moves.some((move) => move.after.status.state === 'ready')) this.#somebodyFree();
  }

  /** Reads agents anew after a conflict: what we staged was not saved. */
  async reload(ids: readonly string[]): Promise<void> {
    const found = await this.#options.store.some(ids);
    for (const id of ids) {
      const agent = found.find((one) => one.id === id);
      if (agent) this.#agents.set(id, agent);
      else this.#agents.delete(id);
    }
  }

  /** The device of this agent has just answered a round trip. */
  renewLease(id: string): void {
    const until = this.#options.clock.now() + leaseMs;
    this.#setLease(id, until);
    if (this.#options.bus.hasPeers()) this.#options.bus.tell('leases', [[id, until]]);
  }
  /** The device said that it cannot take calls, or its socket is gone. */
  dropLease(id: string): void {
    if (!this.#leases.has(id)) return;
    this.#setLease(id, 0);
    if (this.#options.bus.hasPeers()) this.#options.bus.tell('leases', [[id, 0]]);
  }
  /** The switch told whether a desk phone is registered. */
  setDeskPhonePresent(endpoint: string, isPresent: boolean): void {
    if (isPresent) this.#presentDeskPhones.add(endpoint);
    else this.#presentDeskPhones.delete(endpoint);
    const agent = this.#options.directory.agentByEndpoint(endpoint);
    if (agent) this.#checkReach(agent.userId);
  }
  isDeskPhonePresent(endpoint: string): boolean {
    return this.#presentDeskPhones.has(endpoint);
  }

  isReachable(id: string): boolean {
    const agent = this.#agents.get(id);
    return agent !== undefined && this.#reaches(agent, this.#options.clock.now());
  }

  /** For how long the agent's device has been out of reach; 0 while it answers. */
  unreachableForMs(id: string): number {
    const since = this.#unreachableSince.get(id);
    return since === undefined ? 0 : this.#options.clock.now() - since;
  }

  #reaches(agent: Agent, now: number): boolean {
    if (agent.endpoint === null) return false;
    if (agent.device === 'deskPhone') return this.#presentDeskPhones.has(agent.endpoint);
    return (this.#leases.get(agent.id) ?? 0) > now;
  }

  /** Everybody who can be offered a call at this moment. */
  *routable(): Generator<Candidate & { device: Agent['device']; endpoint: string }> {
    const { directory, clock } = this.#options;
    const now = clock.now();
    for (const agent of this.#agents.values()) {
      if (agent.status.state !== 'ready' || agent.endpoint === null || !this.#reaches(agent, now)) continue;
      const setup = directory.agent(agent.id);
      if (!setup?.active) continue;
      yield {
        agentId: agent.id,
        queueIds: setup.queueIds,
        skills: setup.skills,
        idleSinceMs: agent.status.idleSinceMs,
        device: agent.device,
        endpoint: agent.endpoint,
      };
    }
  }

  /**
   * Looks at leases and timed wrap-ups; to be called every second or two. Who is out of reach for {@link goneAfterMs} and in no call is
   * set offline, so that nobody counts on them.
   */
  async sweep(): Promise<void> {
    const now = this.#options.clock.now();
    const due: Promise<unknown>[] = [];
    for (const agent of this.#agents.values()) {
      if (agent.status.state === 'wrapUp' && agent.status.endsAtMs !== null && agent.status.endsAtMs <= now) {
        due.push(this.apply(agent.id, { kind: 'timePassed', atMs: now }));
      }
      this.#checkReach(agent.id);
      const since = this.#unreachableSince.get(agent.id);
      const isIdle = agent.status.state === 'ready' || agent.status.state === 'notReady' || agent.status.state === 'missed';
      if (since !== undefined && isIdle && now - since >= goneAfterMs) due.push(this.apply(agent.id, { kind: 'left', atMs: now }));
    }
    await Promise.all(due);
  }

  #setLease(id: string, until: number): void {
    if (until === 0) this.#leases.delete(id);
    else this.#leases.set(id, until);
    this.#checkReach(id);
  }

  #checkReach(id: string): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    const isReachable = this.isReachable(id);
    // who is offline is nobody's to reach: the minute of grace begins when they are back
    if (isReachable || agent.status.state === 'offline') this.#unreachableSince.delete(id);
    else if (!this.#unreachableSince.has(id)) this.#unreachableSince.set(id, this.#options.clock.now());
    if (isReachable === this.#reachable.has(id)) return;
    if (isReachable) this.#reachable.add(id);
    else this.#reachable.delete(id);
    this.#tell({ agent, before: agent });
    if (isReachable && agent.status.state === 'ready') this.#somebodyFree();
  }

  #takeFromPeer(changed: readonly Agent[]): void {
    for (const agent of changed) {
      const before = this.get(agent.id);
      if (agent.version <= before.version && this.#agents.has(agent.id)) continue;
      this.#agents.set(agent.id, agent);
      this.#tell({ agent, before });
      if (agent.status.state === 'ready') this.#somebodyFree();
    }
  }

  #tell(change: AgentChange): void {
    for (const listener of this.#listeners) listener(change);
  }
  #somebodyFree(): void {
    for (const listener of this.#freeListeners) listener();
  }

  /** Agents whose state names a call; whoever settles calls checks that it still exists. */
  *busyWith(): Generator<{ agentId: string; callId: string }> {
    for (const agent of this.#agents.values()) {
      const callId = callOf(agent);
      if (callId !== null) yield { agentId: agent.id, callId };
      for (const parked of parkedBy(agent)) yield { agentId: agent.id, callId: parked };
    }
  }
}
