import { type AgentState, type AgentView, type CallView, type Desk, type ScreenPop, wrapUpModeOf } from '../../contracts/index.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import { type Agent, type AgentsService, type AgentStatus, parkedBy } from '../agents/index.ts';
import type { Directory } from '../directory/index.ts';
import type { CallBoard } from './call-board.ts';
import type { Call } from './call-types.ts';
import { viewOfCall } from './call-views.ts';
import type { CallsStore } from './calls.store.ts';
import { wrapUpRulesOf } from './wrap-up-settings.ts';
import type { OpenWrapUp, WrapUpsStore } from './wrap-ups.store.ts';

/** An agent's state as screens show it. */
export function viewOfStatus(status: AgentStatus): AgentState {
  const since = toInstant(status.sinceMs);
  switch (status.state) {
    case 'offline':
    case 'ready':
      return { state: status.state, since };
    case 'notReady':
      return { state: 'notReady', since, reasonCodeId: status.reasonCodeId };
    case 'ringing':
      return { state: 'ringing', since, callId: status.callId, ringsUntil: toInstant(status.ringsUntilMs) };
    case 'onCall':
      return { state: 'onCall', since, callId: status.callId };
    case 'wrapUp':
      return { state: 'wrapUp', since, callId: status.callId, endsAt: toInstantOrNull(status.endsAtMs) };
    case 'missed':
      return { state: 'missed', since, callId: status.callId };
  }
}

export function viewOfAgent(agent: Agent, directory: Directory, isReachable: boolean): AgentView {
  const setup = directory.agent(agent.id);
  return {
    id: agent.id,
    name: setup?.name ?? '',
    teamIds: [...(setup?.teamIds ?? [])],
    queueIds: [...(setup?.queueIds ?? [])],
    status: viewOfStatus(agent.status),
    nextState: agent.nextState,
    device: agent.device,
    reachable: isReachable,
    version: agent.version,
  };
}

export interface DeskOptions {
  agents: AgentsService;
  board: CallBoard;
  directory: Directory;
  store: CallsStore;
  wrapUps: WrapUpsStore;
  lookUp(call: Call): Promise<ScreenPop>;
}

/** Puts together what an agent sees. Open wrap-ups are kept at hand, so that a desk costs no query while calls come and go. */
export class Desks {
  readonly #o: DeskOptions;
  readonly #open = new Map<string, Map<string, OpenWrapUp>>();

  constructor(options: DeskOptions) {
    this.#o = options;
  }

  async build(agentId: string): Promise<Desk> {
    const { agents, directory } = this.#o;
    const wrapUps = await this.#wrapUpsOf(agentId);
    const agent = agents.get(agentId);
    const setup = directory.agent(agentId);
    const callId = 'callId' in agent.status ? agent.status.callId : null;
    const found = callId === null ? nothing : await this.#callFor(callId, agentId);
    const { pop, role } = found;
    // for who has handed the customer on the call is over, though others go on with it
    const call = found.call && agent.status.state === 'wrapUp' && found.call.endedAt === null ? { ...found.call, state: 'ended' as const, consult: null, endedAt: toInstant(agent.status.sinceMs) } : found.call;
    const parked = await Promise.all(parkedBy(agent).map(async (id) => (await this.#callFor(id, agentId)).call));
    const rules = wrapUpRulesOf(directory, call?.queue?.id ?? null);
    return {
      agent: {
        id: agentId,
        name: setup?.name ?? '',
        status: viewOfStatus(agent.status),
        nextState: agent.nextState,
        device: agent.device,
        deviceTabId: agent.deviceTabId,
        deskPhoneExtension: setup?.extension ?? null,
        reachable: agents.isReachable(agentId),
        version: agent.version,
      },
      call,
      pop,
      role,
      parked: parked.filter((one) => one !== null),
      wrapUpRules: { mode: wrapUpModeOf(rules), moreTimes: Math.max(0, rules.wrapUpMoreTimes - (agent.status.state === 'wrapUp' ? (agent.status.extensions ?? 0) : 0)) },
      wrapUp: callId === null ? null : (wrapUps.get(callId) ?? null),
      pendingWrapUps: [...wrapUps.values()].filter((wrapUp) => wrapUp.callId !== callId),
      queues: [...(setup?.queueIds ?? [])].flatMap((id) => {
        const queue = directory.queue(id);
        return queue?.active ? [{ id, name: queue.name }] : [];
      }),
    };
  }

  /** A wrap-up was opened, saved or completed. */
  keep(wrapUp: OpenWrapUp): void {
    const open = this.#open.get(wrapUp.agentId);
    if (!open) return;
    if (wrapUp.completedAt === null) open.set(wrapUp.callId, wrapUp);
    else open.delete(wrapUp.callId);
  }
  /** Another server changed this agent's wrap-ups: they are read again when next needed. */
  forget(agentId: string): void {
    this.#open.delete(agentId);
  }

  async #wrapUpsOf(agentId: string): Promise<Map<string, OpenWrapUp>> {
    const known = this.#open.get(agentId);
    if (known) return known;
    const read = new Map((await this.#o.wrapUps.open(agentId)).map((wrapUp) => [wrapUp.callId, wrapUp]));
    this.#open.set(agentId, read);
    return read;
  }

  async #callFor(callId: string, agentId: string): Promise<{ call: CallView | null; pop: ScreenPop | null; role: Role }> {
    const { board, directory, store } = this.#o;
    const nameOf = (id: string): string => directory.agent(id)?.name ?? directory.queue(id)?.name ?? '';
    const held = board.find(callId);
    if (held) {
      const pop = board.popOf(callId);
      const names = {
        queueName: held.queueId === null ? null : nameOf(held.queueId),
        agentName: held.agentId === null ? null : nameOf(held.agentId),
        customerName: pop?.customer && pop.customer.id === held.customerId ? pop.customer.name : null,
        nameOf,
      };
      return { ...seenBy(agentId, held, viewOfCall(held, names)), pop };
    }
    // another server's call, or one of an earlier shift
    const stored = await store.find(callId);
    return stored ? { ...seenBy(agentId, stored.call, viewOfCall(stored.call, { ...stored, nameOf })), pop: await this.#o.lookUp(stored.call) } : nothing;
  }
}

type Role = Desk['role'];
const nothing = { call: null, pop: null, role: 'agent' as Role };

/** The call as this agent lives it: who is only being rung for it sees it ring, whoever else talks already. */
function seenBy(agentId: string, call: Call, view: CallView): { call: CallView; role: Role } {
  const { status, consult, peer } = call;
  if (peer?.agentId === agentId) return { role: 'colleague', call: { ...view, state: view.state === 'dialling' ? 'ringing' : view.state } };
  if (consult !== null && 'target' in consult && consult.target.kind === 'agent' && consult.target.agentId === agentId) {
    const state = consult.state === 'ringing' ? 'ringing' : consult.state === 'aside' ? 'held' : 'talking';
    return { role: 'consulted', call: { ...view, state: view.state === 'ended' ? 'ended' : state } };
  }
  if (status.state === 'transferring' && status.target.kind === 'agent' && status.target.agentId === agentId) return { role: 'agent', call: { ...view, state: 'ringing' } };
  return { role: 'agent', call: view };
}
