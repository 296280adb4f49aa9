import type { CallTargets, Desk, DialInput, TransferTargetInput } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import { type Clock, toInstant } from '../../platform/clock.ts';
import { forbidden, Refusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { AgentsService } from '../agents/index.ts';
import type { Directory, OwnNumber } from '../directory/index.ts';
import { isEligible } from '../routing/index.ts';
import type { CallBoard } from './call-board.ts';
import type { CallEvent, Device, NewCall, TransferTarget } from './call-types.ts';
import type { CallsService } from './calls.service.ts';
import type { CallsStore } from './calls.store.ts';
import { type DialRules, judgeNumber } from './dial-rules.ts';

export interface OutgoingOptions {
  board: CallBoard;
  calls: CallsService;
  agents: AgentsService;
  directory: Directory;
  store: CallsStore;
  bus: Bus;
  clock: Clock;
  /** The line through which numbers are called. */
  lineId: string;
  /** Whether this server holds that line. */
  holdsLine(): boolean;
  /** Where a free agent is reached; null when they are not free. */
  reach(agentId: string): TransferTarget | null;
  rules: DialRules;
  customerExists(customerId: string): Promise<boolean>;
  /** Takes the callback that this call keeps; throws when somebody else has it. */
  claimCallback(told: { callbackId: string; callId: string; agentId: string; atMs: number }): Promise<void>;
}

interface RemoteDial {
  facts: NewCall;
  event: Extract<CallEvent, { kind: 'dialled' }>;
}

/** How many colleagues a list of whom to call shows; a search finds the others. */
const mostShown = 50;

/** Calls that our own people make: to numbers and to each other, and whom they hand a customer on to. */
export class Outgoing {
  readonly #o: OutgoingOptions;

  constructor(options: OutgoingOptions) {
    this.#o = options;
    options.bus.answer('dial', async (question) => {
      const { facts, event } = question as RemoteDial;
      return facts.lineId === options.lineId && this.#o.holdsLine() ? await options.board.dial(facts, event) : null;
    });
  }
  /** Begins a call. The same id asked for again, after a broken answer or by a second click, is the same call. */
  async dial(viewer: Viewer, input: DialInput): Promise<Desk> {
    const { agents, calls, clock, store, directory } = this.#o;
    const before = await store.find(input.id);
    if (before || this.#o.board.find(input.id)) {
      if (before && before.call.agentId !== viewer.userId) throw forbidden('a call of somebody else');
      return calls.desk(viewer);
    }
    const peer = this.#colleagueOf(input);
    if (peer === viewer.userId) throw new Refusal(400, 'ownNumber', 'That is your own number.', { field: 'number' });
    if (input.customerId !== undefined && !(await this.#o.customerExists(input.customerId))) throw new Refusal(400, 'unknownCustomer', 'There is no such customer.', { field: 'customerId' });
    if (input.queueId !== undefined && !directory.queue(input.queueId)) throw new Refusal(400, 'unknownQueue', 'There is no such queue.', { field: 'queueId' });
    const { device, endpoint } = this.#deviceOf(viewer.userId);
    const { status } = agents.get(viewer.userId);
    if (input.callbackId !== undefined) await this.#o.claimCallback({ callbackId: input.callbackId, callId: input.id, agentId: viewer.userId, atMs: clock.now() });
    const park = status.state === 'onCall' ? status.callId : null;
    if (park !== null) await calls.parkForAnother(viewer, park);
    const now = clock.now();
    const facts: NewCall = {
      id: input.id,
      lineId: this.#o.lineId,
      customerLegId: `${input.id}-c`,
      direction: peer === null ? 'outbound' : 'internal',
      ...this.#farEnd(viewer.userId, input, peer),
      customerId: input.customerId ?? null,
      callbackId: input.callbackId ?? null,
      startedAtMs: now,
      answeredLeg: false,
    };
    const queueId = peer === null ? (input.queueId ?? null) : null;
    const event: RemoteDial['event'] = { kind: 'dialled', agentId: viewer.userId, device, endpoint, queueId, park, peer: peer === null ? null : this.#reach(peer), atMs: now };
    const result = this.#o.holdsLine() ? await this.#o.board.dial(facts, event) : await this.#o.bus.ask('dial', { facts, event } satisfies RemoteDial);
    if (result === null) throw new Refusal(503, 'unavailable', 'The phone line cannot be reached just now.');
    if (result !== 'done') throw new Refusal(409, 'agentNotFree', peer === null ? 'You cannot make a call just now.' : 'That colleague is not free any more.');
    return calls.desk(viewer);
  }

  /** Hands the customer on without a word: the agent is out at once. */
  async transfer(viewer: Viewer, callId: string, to: TransferTargetInput): Promise<Desk> {
    return this.#o.calls.settle(viewer, callId, { kind: 'transferred', agentId: viewer.userId, to: this.#target(viewer, to), fallbackQueueId: this.#queueOf(viewer.userId), atMs: this.#o.clock.now() });
  }

  /** Puts the customer on hold and calls a third party. */
  async consult(viewer: Viewer, callId: string, to: TransferTargetInput): Promise<Desk> {
    return this.#o.calls.settle(viewer, callId, { kind: 'consultStarted', agentId: viewer.userId, to: this.#target(viewer, to), atMs: this.#o.clock.now() });
  }

  /** The agent leaves, customer and third party go on. */
  async complete(viewer: Viewer, callId: string): Promise<Desk> {
    return this.#o.calls.settle(viewer, callId, { kind: 'consultCompleted', agentId: viewer.userId, fallbackQueueId: this.#queueOf(viewer.userId), atMs: this.#o.clock.now() });
  }

  /** Whom one may call or hand a customer on to; who is free comes first. */
  targets(viewer: Viewer, search: string): CallTargets {
    const { agents, directory, board } = this.#o;
    const wanted = fold(search);
    const fits = (...words: (string | null)[]): boolean => words.some((word) => word !== null && fold(word).includes(wanted));
    const people = [...directory.agents()].filter((setup) => setup.active && setup.userId !== viewer.userId && fits(setup.name, setup.extension));
    const shown = people.map((setup) => {
      const agent = agents.get(setup.userId);
      return { id: setup.userId, name: setup.name, extension: setup.extension, state: agent.status.state, since: toInstant(agent.status.sinceMs), free: this.#o.reach(setup.userId) !== null };
    });
    shown.sort((a, b) => Number(b.free) - Number(a.free) || Number(a.state === 'offline') - Number(b.state === 'offline') || a.name.localeCompare(b.name));
    const free = [...agents.routable()];
    const queues = directory.queues().filter((queue) => queue.active && fits(queue.name));
    return {
      agents: shown.slice(0, mostShown),
      queues: queues.slice(0, mostShown).map((queue) => ({
        id: queue.id,
        name: queue.name,
        waiting: board.waitingIn(queue.id),
        freeAgents: free.filter((agent) => agent.agentId !== viewer.userId && isEligible(agent, { queueId: queue.id, skills: queue.skills })).length,
      })),
      callerNumbers: this.#shownNumbers(viewer.userId).map(({ id, number, label }) => ({ id, number, label })),
    };
  }

  /** Our numbers, those of the agent's own queues first: the first is what is shown when nobody chose. */
  #shownNumbers(agentId: string): OwnNumber[] {
    const mine = this.#o.directory.agent(agentId)?.queueIds;
    const isMine = (number: OwnNumber): boolean => number.queueId !== null && (mine?.has(number.queueId) ?? false);
    return [...this.#o.directory.numbersToShow()].sort((a, b) => Number(isMine(b)) - Number(isMine(a)));
  }

  #farEnd(agentId: string, input: DialInput, peer: string | null): Pick<NewCall, 'fromRaw' | 'fromName' | 'fromE164' | 'country' | 'dialledNumber'> {
    if (peer !== null) {
      const setup = this.#o.directory.agent(peer);
      return { fromRaw: setup?.extension ?? '', fromName: '', fromE164: null, country: null, dialledNumber: '' };
    }
    const number = this.#callable(input.number ?? '', 'number');
    const own = this.#shownNumbers(agentId);
    const chosen = own.find((one) => one.id === input.callerNumberId);
    if (input.callerNumberId !== undefined && !chosen) throw new Refusal(400, 'unknownNumber', 'That is no number of ours.', { field: 'callerNumberId' });
    const shown = chosen?.number ?? (input.queueId === undefined ? null : this.#o.directory.numberShownBy(input.queueId)) ?? own[0]?.number ?? '';
    return { fromRaw: number.dial, fromName: '', fromE164: number.e164, country: number.country, dialledNumber: shown };
  }

  /** The number as it is dialled. 400 for what is none, or may not be called. */
  #callable(typed: string, field: string): { dial: string; e164: string | null; country: string | null } {
    const verdict = judgeNumber(typed, this.#o.rules);
    if (verdict.kind === 'emergency') return { dial: verdict.number, e164: null, country: null };
    if (verdict.kind === 'number') return { dial: verdict.e164, e164: verdict.e164, country: verdict.country };
    throw new Refusal(400, verdict.code, verdict.code === 'barredNumber' ? 'This number may not be called: it is barred.' : 'That is not a telephone number.', { field });
  }

  /** A colleague by id, or by the extension that was typed. */
  #colleagueOf(input: DialInput): string | null {
    if (input.agentId !== undefined) {
      if (!this.#o.directory.agent(input.agentId)?.active) throw new Refusal(400, 'unknownAgent', 'There is no such colleague.', { field: 'agentId' });
      return input.agentId;
    }
    const typed = (input.number ?? '').trim();
    for (const setup of this.#o.directory.agents()) if (setup.active && setup.extension !== null && setup.extension === typed) return setup.userId;
    return null;
  }

  #target(viewer: Viewer, to: TransferTargetInput): TransferTarget | { kind: 'queue'; queueId: string } {
    switch (to.kind) {
      case 'queue':
        if (!this.#o.directory.queue(to.queueId)?.active) throw new Refusal(400, 'unknownQueue', 'There is no such queue.', { field: 'queueId' });
        return to;
      case 'agent': {
        if (to.agentId === viewer.userId) throw new Refusal(400, 'ownNumber', 'That is yourself.', { field: 'agentId' });
        return this.#reach(to.agentId);
      }
      case 'number':
        return { kind: 'number', number: this.#callable(to.number, 'number').dial, callerNumber: this.#shownNumbers(viewer.userId)[0]?.number ?? '' };
    }
  }

  /** A free colleague. 409 when they are not: nobody is sent to a dead screen. */
  #reach(agentId: string): Extract<TransferTarget, { kind: 'agent' }> {
    if (!this.#o.directory.agent(agentId)?.active) throw new Refusal(400, 'unknownAgent', 'There is no such colleague.', { field: 'agentId' });
    const found = this.#o.reach(agentId);
    if (found?.kind !== 'agent') throw new Refusal(409, 'agentNotFree', 'That colleague is not free just now.', { field: 'agentId' });
    return found;
  }

  #deviceOf(agentId: string): { device: Device; endpoint: string } {
    const { device, endpoint } = this.#o.agents.get(agentId);
    if (endpoint === null || !this.#o.agents.isReachable(agentId)) throw new Refusal(409, 'noDevice', 'Begin your shift first: your device is not connected.');
    return { device, endpoint };
  }

  #queueOf(agentId: string): string | null {
    for (const queueId of this.#o.directory.agent(agentId)?.queueIds ?? []) if (this.#o.directory.queue(queueId)?.active) return queueId;
    return null;
  }
}

const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
