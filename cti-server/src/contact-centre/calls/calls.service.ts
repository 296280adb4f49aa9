import { type CallView, type ChosenState, type Desk, type Page, type WrapUp, wrapUpModeOf } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { forbidden, notFound, Refusal, wrongState } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { type AgentsService, parkedBy } from '../agents/index.ts';
import type { Directory } from '../directory/index.ts';
import type { CallBoard } from './call-board.ts';
import type { Call, CallEvent } from './call-types.ts';
import { viewOfCall } from './call-views.ts';
import { wrapUpRulesOf } from './wrap-up-settings.ts';
import type { CallFilter, CallsStore, LedgerRow, StoredCall } from './calls.store.ts';
import type { Desks } from './desks.ts';
import type { WrapUpsStore } from './wrap-ups.store.ts';

export type CallCommand = 'refuse' | 'hangUp' | 'hold' | 'resume' | 'rejoin' | 'cancelConsult' | 'swap' | 'join';

export interface CallsServiceOptions {
  board: CallBoard;
  agents: AgentsService;
  desks: Desks;
  store: CallsStore;
  wrapUps: WrapUpsStore;
  directory: Directory;
  bus: Bus;
  clock: Clock;
  /** The SIP account that this browser session holds at the switch; null when it has none. */
  endpointOfSession(sessionId: string): Promise<string | null>;
  /** Whether a customer with this id exists. */
  customerExists(customerId: string): Promise<boolean>;
  /** The customer's history shows this call; told again with every change of what it says. */
  recordHistory(callId: string): void;
  /** Pushes the agent's desk to their screens. */
  showDesk(agentId: string): void;
}

/** Sent to the server that holds the call's line. */
interface RemoteCommand {
  callId: string;
  event: CallEvent;
}

/** What agents and supervisors do with calls. Every command is checked against the state of the call at that moment; a second one is harmless. */
export class CallsService {
  readonly #o: CallsServiceOptions;

  constructor(options: CallsServiceOptions) {
    this.#o = options;
    options.bus.answer('callCommand', async (question) => {
      const { callId, event } = question as RemoteCommand;
      const result = await options.board.settle(callId, event);
      return result === 'unknown' ? null : result;
    });
  }

  desk(viewer: Viewer): Promise<Desk> {
    return this.#o.desks.build(viewer.userId);
  }

  async chooseState(agentId: string, chosen: ChosenState): Promise<void> {
    const { agents, directory, clock } = this.#o;
    if (chosen.state === 'notReady' && !directory.reasonCode(chosen.reasonCodeId)?.active) {
      throw new Refusal(400, 'unknownReasonCode', 'There is no such reason code.', { field: 'reasonCodeId' });
    }
    await agents.apply(agentId, { kind: 'stateChosen', chosen, atMs: clock.now() });
  }

  async cancelNextState(viewer: Viewer): Promise<Desk> {
    await this.#o.agents.apply(viewer.userId, { kind: 'nextStateCancelled', atMs: this.#o.clock.now() });
    return this.desk(viewer);
  }

  /** This device and tab has the agent's sound from now on. */
  async claimDevice(viewer: Viewer, claim: { device: 'browser' | 'deskPhone'; tabId: string }): Promise<Desk> {
    const { agents, directory, clock } = this.#o;
    const endpoint = claim.device === 'deskPhone' ? (directory.agent(viewer.userId)?.deskPhoneEndpoint ?? null) : await this.#o.endpointOfSession(viewer.sessionId);
    if (endpoint === null) {
      throw claim.device === 'deskPhone'
        ? new Refusal(409, 'noDeskPhone', 'You have no desk phone: an administrator can set one up.', { field: 'device' })
        : new Refusal(409, 'noSipAccount', 'Ask for a SIP account first.', { field: 'device' });
    }
    await agents.apply(viewer.userId, { kind: 'deviceClaimed', device: claim.device, tabId: claim.tabId, endpoint, atMs: clock.now() });
    return this.desk(viewer);
  }

  /** Does what the agent asks of the call that is theirs. 409 `wrongState` when the call is elsewhere by now. */
  async command(viewer: Viewer, callId: string, command: CallCommand): Promise<Desk> {
    this.#checkIsTheirs(viewer, callId);
    return this.settle(viewer, callId, this.#eventOf(command, viewer.userId, this.#o.clock.now()));
  }

  /** Brings an event of this agent to the call that is theirs, as {@link command} does. */
  async settle(viewer: Viewer, callId: string, event: CallEvent): Promise<Desk> {
    this.#checkIsTheirs(viewer, callId);
    await this.#settle(callId, event);
    return this.desk(viewer);
  }

  /** Leaves this call on hold, for the agent begins another one. */
  async parkForAnother(viewer: Viewer, callId: string): Promise<void> {
    const state = this.#o.board.find(callId)?.status.state;
    if (state !== 'parked') await this.#settle(callId, { kind: 'agentParked', agentId: viewer.userId, atMs: this.#o.clock.now() });
  }

  /** Back to a call on hold; the present one waits in its place. */
  async switchTo(viewer: Viewer, callId: string): Promise<Desk> {
    const { agents, clock } = this.#o;
    const agent = agents.get(viewer.userId);
    if (agent.status.state !== 'onCall') throw wrongState('You are in no call.');
    if (agent.status.callId !== callId) {
      if (!parkedBy(agent).includes(callId)) throw wrongState('This call is not yours any more.');
      await this.parkForAnother(viewer, agent.status.callId);
      await agents.apply(viewer.userId, { kind: 'switched', callId, atMs: clock.now() });
    }
    await this.#settle(callId, this.#eventOf('rejoin', viewer.userId, clock.now()));
    return this.desk(viewer);
  }

  #checkIsTheirs(viewer: Viewer, callId: string): void {
    const { status } = this.#o.agents.get(viewer.userId);
    if (!('callId' in status) || status.callId !== callId) throw wrongState('This call is not yours any more.');
  }

  #eventOf(command: CallCommand, agentId: string, atMs: number): CallEvent {
    switch (command) {
      case 'refuse':
        return { kind: 'agentRefused', agentId, atMs };
      case 'hangUp':
        return { kind: 'agentHungUp', agentId, atMs };
      case 'hold':
        return { kind: 'agentHeld', agentId, atMs };
      case 'resume':
        return { kind: 'agentResumed', agentId, atMs };
      case 'cancelConsult':
        return { kind: 'consultCancelled', agentId, atMs };
      case 'swap':
        return { kind: 'consultSwapped', agentId, atMs };
      case 'join':
        return { kind: 'consultJoined', agentId, atMs };
      case 'rejoin': {
        const { device, endpoint } = this.#o.agents.get(agentId);
        if (endpoint === null) throw new Refusal(409, 'noSipAccount', 'Claim a device first.');
        return { kind: 'agentRejoins', agentId, device, endpoint, atMs };
      }
    }
  }

  async #settle(callId: string, event: CallEvent): Promise<void> {
    let result: unknown = await this.#o.board.settle(callId, event);
    if (result === 'unknown') result = await this.#o.bus.ask('callCommand', { callId, event } satisfies RemoteCommand);
    if (result === null) throw new Refusal(503, 'unavailable', 'The server that holds this call cannot be reached just now.');
    if (result !== 'done') throw wrongState('The call has moved on meanwhile.');
  }

  /** Says who called. Allowed during the call and afterwards, to the agent of the call. */
  async linkCustomer(viewer: Viewer, callId: string, customerId: string): Promise<Desk> {
    const { board, bus, store, clock } = this.#o;
    const held = board.find(callId) ?? (await store.find(callId))?.call;
    if (!held) throw notFound('call');
    if (held.agentId !== viewer.userId && !viewer.rights.has('floor.manage')) throw forbidden('linking somebody else’s call');
    if (!(await this.#o.customerExists(customerId))) throw new Refusal(400, 'unknownCustomer', 'There is no such customer.', { field: 'customerId' });
    const event: CallEvent = { kind: 'customerRecognised', customerId, atMs: clock.now() };
    let result: unknown = await board.settle(callId, event);
    if (result === 'unknown') {
      if (held.status.state === 'ended') board.adopt(held);
      result = held.status.state === 'ended' ? await board.settle(callId, event) : await bus.ask('callCommand', { callId, event } satisfies RemoteCommand);
    }
    await board.refreshPop(callId);
    this.#o.desks.forget(viewer.userId);
    this.#o.recordHistory(callId);
    this.#o.showDesk(viewer.userId);
    return this.desk(viewer);
  }

  async saveWrapUp(viewer: Viewer, callId: string, change: { dispositionId?: string | null | undefined; notes?: string | undefined; revision: number }): Promise<WrapUp> {
    const { wrapUps, desks } = this.#o;
    if (change.dispositionId) this.#checkDisposition(change.dispositionId);
    const saved = await wrapUps.save(callId, viewer.userId, {
      revision: change.revision,
      ...(change.dispositionId === undefined ? {} : { dispositionId: change.dispositionId }),
      ...(change.notes === undefined ? {} : { notes: change.notes }),
    });
    if (saved) {
      desks.keep(saved);
      return withoutAgent(saved);
    }
    const current = await wrapUps.find(callId, viewer.userId);
    if (!current) throw notFound('wrap-up of yours');
    if (current.completedAt !== null) throw wrongState('This wrap-up is completed.');
    throw new Refusal(409, 'changedMeanwhile', 'Newer notes are saved already.', { details: { current: withoutAgent(current) } });
  }

  /**
   * Ends after-call work; the agent goes on to the state chosen meanwhile, else ready. Also for wrap-ups left over from earlier. Refused
   * while what the disposition asks for is missing: a ticket, a callback, or that the number must not be called.
   */
  async completeWrapUp(viewer: Viewer, callId: string, change: { dispositionId: string | null; notes?: string | undefined }): Promise<Desk> {
    const { wrapUps, desks, agents, clock } = this.#o;
    const atMs = clock.now();
    const status = agents.get(viewer.userId).status;
    if (status.state === 'onCall' && status.callId === callId) throw wrongState('The call is still going on.');
    const open = await wrapUps.find(callId, viewer.userId);
    if (!open) throw notFound('wrap-up of yours');
    if (open.completedAt === null) await this.#checkResult(callId, open.queueId, change.dispositionId);
    const done = await wrapUps.complete(callId, viewer.userId, {
      dispositionId: change.dispositionId,
      atMs,
      ...(change.notes === undefined ? {} : { notes: change.notes }),
    });
    if (done) desks.keep(done);
    await agents.apply(viewer.userId, { kind: 'wrapUpCompleted', callId, atMs });
    this.#o.recordHistory(callId);
    this.#o.showDesk(viewer.userId);
    return this.desk(viewer);
  }

  async #checkResult(callId: string, queueId: string | null, dispositionId: string | null): Promise<void> {
    const { directory, wrapUps } = this.#o;
    if (dispositionId === null) {
      if (wrapUpModeOf(wrapUpRulesOf(directory, queueId)) === 'optional') return;
      throw new Refusal(400, 'dispositionNeeded', 'Choose how the call ended.', { field: 'dispositionId' });
    }
    this.#checkDisposition(dispositionId);
    const { nextAction } = directory.disposition(dispositionId) ?? { nextAction: 'none' };
    if (nextAction !== 'none' && !(await wrapUps.hasFollowUp(callId, nextAction))) {
      throw new Refusal(409, 'nextActionMissing', 'What this result asks for is not done yet.', { details: { nextAction } });
    }
  }

  /** More time for after-call work, as long as and as often as the queue allows. */
  async extendWrapUp(viewer: Viewer, callId: string): Promise<Desk> {
    const { agents, directory, wrapUps, clock } = this.#o;
    const { wrapUpMoreSeconds, wrapUpMoreTimes } = wrapUpRulesOf(directory, (await wrapUps.find(callId, viewer.userId))?.queueId ?? null);
    const before = agents.get(viewer.userId);
    const after = await agents.apply(viewer.userId, { kind: 'wrapUpExtended', callId, bySeconds: wrapUpMoreSeconds, mostTimes: wrapUpMoreTimes, atMs: clock.now() });
    if (after === before && before.status.state === 'wrapUp' && before.status.endsAtMs !== null) throw new Refusal(409, 'noMoreTime', 'The queue gives no more time.');
    return this.desk(viewer);
  }

  /** A supervisor frees an agent who hangs in a state: the call they hold ends or goes back to its queue, by its state. */
  async free(viewer: Viewer, agentId: string): Promise<void> {
    const { agents, board, clock } = this.#o;
    this.#checkMayManage(viewer, agentId);
    const atMs = clock.now();
    const { status } = agents.get(agentId);
    if (status.state === 'ringing' || status.state === 'onCall') {
      const event: CallEvent = { kind: 'released', endedBy: 'system', atMs };
      const result = await board.settle(status.callId, event);
      if (result === 'unknown') await this.#o.bus.ask('callCommand', { callId: status.callId, event } satisfies RemoteCommand);
    }
    // whatever the call said: the agent is free afterwards
    await agents.apply(agentId, { kind: 'freed', atMs });
  }

  async chooseStateFor(viewer: Viewer, agentId: string, chosen: ChosenState): Promise<void> {
    this.#checkMayManage(viewer, agentId);
    await this.chooseState(agentId, chosen);
  }

  #checkMayManage(viewer: Viewer, agentId: string): void {
    const setup = this.#o.directory.agent(agentId);
    if (!setup) throw notFound('agent');
    if (viewer.scope === 'all' || agentId === viewer.userId) return;
    if (viewer.scope === 'team' && setup.teamIds.some((team) => viewer.teamIds.includes(team))) return;
    throw notFound('agent');
  }

  /** Calls the viewer may see, newest first. */
  async list(viewer: Viewer, filter: Omit<CallFilter, 'visible' | 'cursor'> & { cursor?: string | undefined }): Promise<Page<CallView>> {
    const { cursor, ...rest } = filter;
    const rows = await this.#o.store.list({ ...rest, cursor: cursor === undefined ? undefined : readCursor(cursor), limit: filter.limit + 1, visible: this.#visibleTo(viewer) });
    const items = rows.slice(0, filter.limit);
    const last = items.at(-1)?.call;
    return {
      items: items.map((row) => viewOfCall(row.call, row)),
      nextCursor: rows.length > filter.limit && last ? `${String(last.startedAtMs)}_${last.id}` : null,
    };
  }

  async find(viewer: Viewer, callId: string): Promise<{ call: CallView; events: LedgerRow[] }> {
    const stored: StoredCall | null = await this.#o.store.find(callId);
    const visible = this.#visibleTo(viewer);
    const isVisible = (call: Call): boolean =>
      visible === undefined || (call.agentId !== null ? visible.agentIds.includes(call.agentId) : call.queueId !== null && visible.queueIds.includes(call.queueId));
    if (!stored || !isVisible(stored.call)) throw notFound('call');
    return { call: viewOfCall(stored.call, stored), events: await this.#o.store.events(callId) };
  }

  /** Whose calls the viewer's scope reaches: undefined is everybody's. A team's calls are its agents' and those its queues lost. */
  #visibleTo(viewer: Viewer): { agentIds: string[]; queueIds: string[] } | undefined {
    if (viewer.scope === 'all') return undefined;
    if (viewer.scope === 'own') return { agentIds: [viewer.userId], queueIds: [] };
    const mine = [...this.#o.directory.agents()].filter((agent) => agent.teamIds.some((team) => viewer.teamIds.includes(team)));
    return { agentIds: [...new Set([viewer.userId, ...mine.map((agent) => agent.userId)])], queueIds: [...new Set(mine.flatMap((agent) => [...agent.queueIds]))] };
  }

  #checkDisposition(id: string): void {
    if (!this.#o.directory.disposition(id)?.canBeChosen) throw new Refusal(400, 'unknownDisposition', 'There is no such disposition.', { field: 'dispositionId' });
  }
}

function withoutAgent({ agentId: _, ...wrapUp }: WrapUp & { agentId: string }): WrapUp {
  return wrapUp;
}

function readCursor(cursor: string): { startedAtMs: number; id: string } {
  const read = /^(\d{1,15})_([0-9a-f-]{36})$/.exec(cursor);
  if (!read?.[1] || !read[2]) throw new Refusal(400, 'invalidBody', 'This is not a cursor of ours.', { field: 'cursor' });
  return { startedAtMs: Number(read[1]), id: read[2] };
}
