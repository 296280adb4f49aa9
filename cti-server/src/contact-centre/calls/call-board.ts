import type { Queue, ScreenPop } from '../../contracts/index.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { type AgentEvent, type AgentsService, callOf, parkedBy } from '../agents/index.ts';
import type { Directory } from '../directory/index.ts';
import type { AgentMove, Move, MoveWriter } from '../ledger/index.ts';
import { compareCalls, type WaitingCall } from '../routing/index.ts';
import { dueAtMs, nextCall } from './call-machine.ts';
import type { Surroundings } from './call-step.ts';
import { type AgentConsequence, type Call, type CallEffect, type CallEvent, type CallStep, type LedgerEntry, newCall, type NewCall } from './call-types.ts';

/** A move that is saved: what others are told. */
export interface Moved {
  before: Call | null;
  call: Call;
  ledger: readonly LedgerEntry[];
  agents: readonly AgentMove[];
  wrapUp: Move['wrapUp'];
}

interface Entry {
  event: CallEvent;
  /** Told true once the event's effect is saved, false when it meant nothing. */
  done?: (hadEffect: boolean) => void;
}

/** One call held in memory. Its events are handled one after the other; what several of them do is saved together. */
interface Actor {
  call: Call;
  savedVersion: number;
  inbox: Entry[];
  isBusy: boolean;
  timer: Timer | null;
  pop: Promise<ScreenPop | null>;
  popNow: ScreenPop | null;
  /** A customer the look-up is sure of; written down with the next event, for it is not worth a commit of its own. */
  recognised: string | null;
}

export interface BoardOptions {
  writer: MoveWriter;
  agents: AgentsService;
  directory: Directory;
  clock: Clock;
  logger: Logger;
  lookUp(call: Call): Promise<ScreenPop>;
  perform(call: Call, effects: readonly CallEffect[]): void;
  onMoved(moved: Moved): void;
  /** Something went wrong: compare the call with what the switch really holds. */
  compareSoon(call: Call): void;
  /** What decisions may ask of the house. */
  house: Surroundings;
  /** Who should have this call, among those who can take one now. */
  choose(call: Call, queue: Queue, free: Iterable<RoutableAgent>): { agentId: string } | null;
  /** The call's place among those who wait for the queue. */
  place(call: Call, queueId: string): WaitingCall;
}
type RoutableAgent = ReturnType<AgentsService['routable']> extends Generator<infer Agent> ? Agent : never;

/** The screen waits no longer than this for the CRM before it rings: the caller comes first. */
const longestLookUpMs = 250;
/** A customer on hold waits this long for an agent whose device is out of reach. */
const parkedGraceMs = 20_000;
/** An ended call stays at hand this long for the desks that still show it. */
const keepEndedMs = 120_000;

/**
 * All calls of this server's lines. For each event: decide, save, then act. Nothing is done at the switch before its intent is durable.
 */
export class CallBoard {
  readonly #actors = new Map<string, Actor>();
  readonly #byCustomerLeg = new Map<string, string>();
  readonly #waiting = new Map<string, WaitingCall>();
  readonly #options: BoardOptions;
  #isMatching = false;

  constructor(options: BoardOptions) {
    this.#options = options;
    options.agents.onSomebodyFree(() => this.#matchSoon());
    options.directory.onChange(() => this.#matchSoon());
  }

  /** Takes a call back that was saved before this server started. */
  adopt(call: Call): void {
    if (this.#actors.has(call.id)) return;
    const actor = this.#add(call);
    actor.savedVersion = call.version;
    this.#keepIndexes(actor);
    this.#setTimer(actor);
  }

  /** Another server has the line: it speaks for its calls from now on, and this one would only remember them wrongly. */
  dropLine(lineId: string): void {
    for (const actor of [...this.#actors.values()]) if (actor.call.lineId === lineId) this.#forget(actor);
  }

  /** A call from the outside that nobody knew yet. */
  open(facts: NewCall, leadsTo: { queueId: string | null; flowId?: string | null; priorityBonus?: number }): void {
    if (this.#byCustomerLeg.has(facts.customerLegId)) return;
    const actor = this.#add(newCall(facts));
    this.#put(actor, { event: { kind: 'routed', ...leadsTo, atMs: facts.startedAtMs } });
  }

  /**
   * A call that one of our agents makes. `nothing`: the agent, or the colleague who is called, cannot take part just now.
   * Asked again with the same id it is the same call, and answers `done`.
   */
  dial(facts: NewCall, event: Extract<CallEvent, { kind: 'dialled' | 'calledBack' }>): Promise<'done' | 'nothing'> {
    const known = this.#actors.get(facts.id);
    if (known) return Promise.resolve(known.call.version > 0 ? 'done' : 'nothing');
    const actor = this.#add(newCall(facts));
    return new Promise((resolve) =>
      this.#put(actor, {
        event,
        done: (hadEffect) => {
          if (!hadEffect && actor.savedVersion === 0) this.#forget(actor);
          resolve(hadEffect ? 'done' : 'nothing');
        },
      }),
    );
  }

  deliver(callId: string, event: CallEvent): void {
    const actor = this.#actors.get(callId);
    if (actor) this.#put(actor, { event });
  }

  /** Delivers and waits until it is saved. `unknown`: this server does not hold the call; `nothing`: it meant nothing by now. */
  settle(callId: string, event: CallEvent): Promise<'done' | 'nothing' | 'unknown'> {
    const actor = this.#actors.get(callId);
    if (!actor) return Promise.resolve('unknown');
    return new Promise((resolve) => this.#put(actor, { event, done: (hadEffect) => resolve(hadEffect ? 'done' : 'nothing') }));
  }

  callOfLeg(legId: string): string | null {
    return this.#byCustomerLeg.get(legId) ?? ownerOfName(legId, this.#actors);
  }
  find(callId: string): Call | null {
    return this.#actors.get(callId)?.call ?? null;
  }
  /** What the look-up found, as far as it is known now. */
  popOf(callId: string): ScreenPop | null {
    return this.#actors.get(callId)?.popNow ?? null;
  }
  /** Looks the caller up again, after the call was linked to a customer. */
  async refreshPop(callId: string): Promise<ScreenPop | null> {
    const actor = this.#actors.get(callId);
    if (!actor) return null;
    this.#lookUp(actor);
    return actor.pop;
  }
  *openCalls(): Generator<Call> {
    for (const actor of this.#actors.values()) if (actor.call.status.state !== 'ended') yield actor.call;
  }
  /** To be called every second or two: a customer on hold whose agent is gone, or out of reach for long, is served by somebody else. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const { id, status } of this.openCalls()) {
      if (status.state !== 'parked') continue;
      const agent = this.#options.agents.get(status.agentId);
      const isTheirs = callOf(agent) === id || parkedBy(agent).includes(id);
      if (!isTheirs || this.#options.agents.unreachableForMs(status.agentId) > parkedGraceMs) this.deliver(id, { kind: 'agentGone', agentId: status.agentId, atMs: now });
    }
  }
  /** True when nothing about the call is under way, so that the switch can be compared with it. */
  isQuiet(callId: string): boolean {
    const actor = this.#actors.get(callId);
    return actor !== undefined && !actor.isBusy && actor.inbox.length === 0;
  }
  waiting(): readonly WaitingCall[] {
    const now = this.#options.clock.now();
    return [...this.#waiting.values()].sort((a, b) => compareCalls(a, b, now));
  }
  /** How many calls wait in the queue now, without this one. */
  waitingIn(queueId: string, exceptCallId: string | null = null): number {
    let waiting = 0;
    for (const call of this.#waiting.values()) if (call.queueId === queueId && call.callId !== exceptCallId) waiting += 1;
    return waiting;
  }
  /** One for the next to be served in its queue. */
  positionOf(callId: string): number {
    const mine = this.#waiting.get(callId);
    if (!mine) return 1;
    let position = 1;
    const now = this.#options.clock.now();
    for (const other of this.#waiting.values()) if (other.queueId === mine.queueId && compareCalls(other, mine, now) < 0) position += 1;
    return position;
  }

  #add(call: Call): Actor {
    const actor: Actor = { call, savedVersion: 0, inbox: [], isBusy: false, timer: null, pop: Promise.resolve(null), popNow: null, recognised: null };
    this.#actors.set(call.id, actor);
    this.#byCustomerLeg.set(call.customerLegId, call.id);
    this.#lookUp(actor);
    return actor;
  }

  #lookUp(actor: Actor): void {
    actor.pop = this.#options.lookUp(actor.call).then(
      (pop) => {
        actor.popNow = pop;
        actor.recognised = pop.match === 'one' ? (pop.customer?.id ?? null) : null;
        // an important customer's place may be another
        this.#keepIndexes(actor);
        // who hung up before we knew them gets no next event, and is missed in the customer's history all the more
        if (actor.recognised !== null && actor.call.status.state === 'ended' && actor.call.customerId === null) {
          this.#put(actor, { event: { kind: 'customerRecognised', customerId: actor.recognised, atMs: this.#options.clock.now() } });
        }
        return pop;
      },
      (error: unknown) => {
        this.#options.logger.warn({ err: error, callId: actor.call.id }, 'caller look-up failed: the screen shows the number only');
        return null;
      },
    );
  }

  #put(actor: Actor, entry: Entry): void {
    actor.inbox.push(entry);
    if (!actor.isBusy) void this.#run(actor);
  }

  async #run(actor: Actor): Promise<void> {
    actor.isBusy = true;
    try {
      for (;;) {
        const step = this.#step(actor);
        if (!step) return;
        const result = await this.#options.writer.save(step.move).catch((error: unknown) => {
          this.#options.logger.error({ err: error, callId: actor.call.id }, 'a move could not be saved: the call is compared with the switch');
          return 'refused' as const;
        });
        if (result === 'ok') {
          actor.savedVersion = step.move.call?.after.version ?? actor.savedVersion;
          await this.#act(actor, step);
        } else if (result === 'refused') {
          await this.#takeBack(actor, step);
          // what else came is looked at; without anything new the same move would be refused again
          if (actor.inbox.length === 0) return;
        } else {
          await this.#recover(actor, step, result);
        }
      }
    } catch (error) {
      this.#options.logger.error({ err: error, callId: actor.call.id }, 'handling a call failed');
    } finally {
      actor.isBusy = false;
    }
  }

  /** Handles all that waits in the inbox and finds an agent. Everything here happens at once, without a gap for others. */
  #step(actor: Actor): PendingStep | null {
    const entries = actor.inbox.splice(0);
    const before = actor.call;
    const gathered = new Gathered(before);
    const done: Entry['done'][] = [];
    if (entries.length > 0) this.#writeDownRecognised(actor, gathered);
    for (const entry of entries) {
      const step = nextCall(gathered.call, entry.event, this.#options.house);
      const moves = step && this.#stage(step.agents, step.call.id, entry.event.atMs);
      if (step && moves) gathered.add(step, moves);
      if (step && moves) done.push(entry.done);
      else entry.done?.(false);
    }
    this.#offerIfPossible(gathered);
    if (gathered.call === before) return null;
    actor.call = gathered.call;
    this.#keepIndexes(actor);
    this.#setTimer(actor);
    const now = this.#options.clock.now();
    return {
      entries,
      before,
      done,
      effects: gathered.effects,
      move: {
        id: newId(now),
        atMs: now,
        call: { before: actor.savedVersion, after: gathered.call },
        agents: [...gathered.agents.values()],
        ledger: gathered.ledger,
        wrapUp: gathered.wrapUp,
      },
    };
  }

  #writeDownRecognised(actor: Actor, gathered: Gathered): void {
    const customerId = actor.recognised;
    actor.recognised = null;
    if (customerId === null || gathered.call.customerId !== null || gathered.call.lastSeq === 0) return;
    const step = nextCall(gathered.call, { kind: 'customerRecognised', customerId, atMs: this.#options.clock.now() }, this.#options.house);
    if (step) gathered.add(step, []);
  }

  #offerIfPossible(gathered: Gathered): void {
    const { call } = gathered;
    const queueId = queueWaitedFor(call);
    const queue = queueId === null ? undefined : this.#options.directory.queue(queueId);
    if (!queue) return;
    const agent = this.#options.choose(call, queue, this.#othersThan(gathered.agents));
    if (!agent) return;
    const atMs = this.#options.clock.now();
    const { agentId } = agent;
    const { device, endpoint } = this.#options.agents.get(agentId);
    if (endpoint === null) return;
    const event: CallEvent =
      call.status.state === 'waiting'
        ? { kind: 'agentAssigned', agentId, device, endpoint, atMs }
        : { kind: 'consultAssigned', to: { kind: 'agent', agentId, device, endpoint }, atMs };
    const step = nextCall(call, event, this.#options.house);
    const moves = step && this.#stage(step.agents, call.id, atMs);
    if (step && moves) gathered.add(step, moves);
  }

  /** Who was freed in this very step is offered to in the next: each state that an agent was in has its line in the ledger. */
  *#othersThan(moved: ReadonlyMap<string, AgentMove>) {
    for (const agent of this.#options.agents.routable()) if (!moved.has(agent.agentId)) yield agent;
  }

  /** Null when an agent who is needed for it is not free any more: then nothing of the whole happens. */
  #stage(consequences: readonly AgentConsequence[], callId: string, atMs: number): AgentMove[] | null {
    const moves: AgentMove[] = [];
    for (const consequence of consequences) {
      const event: AgentEvent = { ...consequence, callId, atMs };
      const move = this.#options.agents.stage(consequence.agentId, event);
      if (move) moves.push(move);
      else if (consequence.kind === 'offered' || consequence.kind === 'dialled') {
        for (const staged of moves.reverse()) this.#options.agents.unstage(staged);
        return null;
      } else this.#options.logger.warn({ callId, agentId: consequence.agentId, event: consequence.kind }, 'agent was in another state');
    }
    return moves;
  }

  async #act(actor: Actor, step: PendingStep): Promise<void> {
    const { call } = actor;
    const moved: Moved = { before: step.before.version === 0 ? null : step.before, call, ledger: step.move.ledger, agents: step.move.agents, wrapUp: step.move.wrapUp };
    const rings = step.effects.some((effect) => effect.kind === 'placeAgentLeg' && !effect.autoAnswer);
    if (rings && actor.popNow === null) await this.#popOrTime(actor);
    if (rings) {
      // the screen first, then the ring
      this.#tell(moved);
      this.#options.perform(call, step.effects);
    } else {
      this.#options.perform(call, step.effects);
      this.#tell(moved);
    }
    for (const done of step.done) done?.(true);
  }

  async #popOrTime(actor: Actor): Promise<void> {
    let timer: Timer | null = null;
    const time = new Promise<void>((resolve) => (timer = this.#options.clock.setTimer(longestLookUpMs, resolve)));
    await Promise.race([actor.pop, time]);
    (timer as Timer | null)?.cancel();
  }

  #tell(moved: Moved): void {
    this.#options.agents.saved(moved.agents);
    this.#options.onMoved(moved);
  }

  /** The database itself did not take it, which is a defect: nothing of it happened, and what the switch really holds decides what does. */
  async #takeBack(actor: Actor, step: PendingStep): Promise<void> {
    for (const done of step.done) done?.(false);
    await this.#options.agents.reload(step.move.agents.map((move) => move.after.id));
    if (actor.savedVersion === 0) {
      this.#forget(actor);
    } else {
      actor.call = step.before;
      this.#keepIndexes(actor);
      this.#setTimer(actor);
    }
    this.#options.compareSoon(actor.call);
  }

  /** Somebody else was faster. Our picture is read anew and the same events are looked at again. */
  async #recover(actor: Actor, step: PendingStep, result: 'callConflict' | 'agentConflict'): Promise<void> {
    this.#options.logger.warn({ callId: actor.call.id, result }, 'moved by another server meanwhile');
    await this.#options.agents.reload(step.move.agents.map((move) => move.after.id));
    if (result === 'callConflict') {
      // the line has another owner: this server no longer speaks for the call
      this.#forget(actor);
      for (const done of step.done) done?.(false);
      return;
    }
    actor.call = step.before;
    actor.inbox.unshift(...step.entries);
    this.#keepIndexes(actor);
  }


  #keepIndexes(actor: Actor): void {
    const { call } = actor;
    const queueId = queueWaitedFor(call);
    if (queueId === null) {
      this.#waiting.delete(call.id);
      return;
    }
    this.#waiting.set(call.id, this.#options.place(call, queueId));
  }

  #setTimer(actor: Actor): void {
    actor.timer?.cancel();
    actor.timer = null;
    const { clock } = this.#options;
    if (actor.call.status.state === 'ended') {
      actor.timer = clock.setTimer(keepEndedMs, () => this.#forget(actor));
      return;
    }
    const due = dueAtMs(actor.call, actor.call.queueId === null ? null : (this.#options.directory.queue(actor.call.queueId) ?? null));
    if (due !== null) actor.timer = clock.setTimer(due - clock.now(), () => this.#put(actor, { event: { kind: 'timePassed', atMs: clock.now() } }));
  }

  #forget(actor: Actor): void {
    actor.timer?.cancel();
    this.#actors.delete(actor.call.id);
    this.#byCustomerLeg.delete(actor.call.customerLegId);
    this.#waiting.delete(actor.call.id);
  }

  #matchSoon(): void {
    if (this.#isMatching) return;
    this.#isMatching = true;
    queueMicrotask(() => {
      this.#isMatching = false;
      for (const waiting of this.waiting()) {
        if (this.#options.agents.routable().next().done) return;
        const actor = this.#actors.get(waiting.callId);
        if (actor && !actor.isBusy) void this.#run(actor);
      }
    });
  }
}

interface PendingStep {
  entries: Entry[];
  before: Call;
  done: Entry['done'][];
  effects: CallEffect[];
  move: Move;
}

/** What several steps of one call do together. */
class Gathered {
  call: Call;
  readonly effects: CallEffect[] = [];
  readonly ledger: LedgerEntry[] = [];
  readonly agents = new Map<string, AgentMove>();
  wrapUp: Move['wrapUp'] = null;
  constructor(call: Call) {
    this.call = call;
  }
  add(step: CallStep, moves: readonly AgentMove[]): void {
    this.call = step.call;
    this.effects.push(...step.effects);
    this.ledger.push(...step.ledger);
    if (step.wrapUp) this.wrapUp = { ...step.wrapUp, callId: step.call.id };
    for (const move of moves) {
      const earlier = this.agents.get(move.after.id);
      this.agents.set(move.after.id, earlier ? { ...move, before: earlier.before } : move);
    }
  }
}

/** The queue of which this call needs an agent now: for its customer, or for its agent who consults one. */
function queueWaitedFor(call: Call): string | null {
  if (call.status.state === 'waiting') return call.queueId;
  return call.consult?.state === 'queued' ? call.consult.queueId : null;
}

/** Names of legs and playbacks that we give begin with the call's id. */
function ownerOfName(name: string, actors: ReadonlyMap<string, unknown>): string | null {
  const callId = name.slice(0, 36);
  return actors.has(callId) ? callId : null;
}
