import type { AgentStateName, ChosenState } from '../../contracts/index.ts';

/*
 * An agent's state. Pure: a late, repeated or impossible event changes nothing.
 *
 *   offline ──choose──► ready ◄──choose──► notReady
 *                        │ ▲
 *                  offer │ │ offer withdrawn (the caller hung up)
 *                        ▼ │
 *                      ringing ──missed or refused──► missed ──choose──► ready | notReady | offline
 *                        │ answered
 *                        ▼
 *          dials ──►   onCall ──device lost for good──► offline
 *                        │  ▲ a second call while the first waits parked, and back
 *                        │ call ended
 *                        ▼
 *                      wrapUp ──completed or time is up──► the state chosen meanwhile, else ready
 *
 * Whether a ready agent's device can be reached is not here: readiness is a lease that others keep (agents.service.ts).
 */
export type AgentStatus =
  | { state: 'offline'; sinceMs: number }
  /** `idleSinceMs` survives an offer that was withdrawn: the agent did not get a call out of it. */
  | { state: 'ready'; sinceMs: number; idleSinceMs: number }
  | { state: 'notReady'; sinceMs: number; reasonCodeId: string | null }
  | { state: 'ringing'; sinceMs: number; callId: string; ringsUntilMs: number; idleSinceMs: number }
  | { state: 'onCall'; sinceMs: number; callId: string }
  /** `extensions`: how often more time was asked for; absent: never. */
  | { state: 'wrapUp'; sinceMs: number; callId: string; endsAtMs: number | null; extensions?: number }
  | { state: 'missed'; sinceMs: number; callId: string };

export interface Agent {
  id: string;
  version: number;
  status: AgentStatus;
  /** Calls on hold while the agent is in another one, the newest last. Absent: none. */
  parked?: readonly string[];
  /** Chosen during a call, applied when it is wrapped up. */
  nextState: ChosenState | null;
  device: 'browser' | 'deskPhone';
  /** The tab that has the microphone, and its SIP account. */
  deviceTabId: string | null;
  endpoint: string | null;
}

export type AgentEvent = { atMs: number } & (
  | { kind: 'stateChosen'; chosen: ChosenState }
  | { kind: 'nextStateCancelled' }
  | { kind: 'deviceClaimed'; device: 'browser' | 'deskPhone'; tabId: string | null; endpoint: string | null }
  | { kind: 'offered'; callId: string; ringsUntilMs: number }
  | { kind: 'offerWithdrawn'; callId: string }
  | { kind: 'offerMissed'; callId: string }
  | { kind: 'answered'; callId: string }
  /** Begins a call; `park`: the present one stays on hold meanwhile. */
  | { kind: 'dialled'; callId: string; park: string | null }
  /** Back to a call on hold; the present one takes its place. */
  | { kind: 'switched'; callId: string }
  | { kind: 'callEnded'; callId: string; wrapUpEndsAtMs: number | null }
  /** The device vanished during the call and did not come back in time. */
  | { kind: 'deviceLost'; callId: string }
  | { kind: 'wrapUpExtended'; callId: string; bySeconds: number; mostTimes: number }
  | { kind: 'wrapUpCompleted'; callId: string }
  | { kind: 'timePassed' }
  /** The session ended, or the device has been out of reach for long. */
  | { kind: 'left' }
  /** A supervisor frees an agent who hangs in a state without a call. */
  | { kind: 'freed' }
);

export const newAgent = (id: string, atMs: number): Agent => ({
  id,
  version: 0,
  status: { state: 'offline', sinceMs: atMs },
  nextState: null,
  device: 'browser',
  deviceTabId: null,
  endpoint: null,
});

/** The agent after the event, its version one higher; the very same object when the event means nothing in this state. */
export function nextAgent(agent: Agent, event: AgentEvent): Agent {
  const changed = decide(agent, event);
  return changed === null ? agent : { ...agent, ...changed, version: agent.version + 1 };
}

type Change = Partial<Pick<Agent, 'status' | 'nextState' | 'parked' | 'device' | 'deviceTabId' | 'endpoint'>>;

function decide(agent: Agent, event: AgentEvent): Change | null {
  const { status } = agent;
  const now = event.atMs;
  switch (event.kind) {
    case 'stateChosen':
      return choose(agent, event.chosen, now);
    case 'nextStateCancelled':
      return agent.nextState ? { nextState: null } : null;
    case 'deviceClaimed':
      if (agent.device === event.device && agent.deviceTabId === event.tabId && agent.endpoint === event.endpoint) return null;
      return { device: event.device, deviceTabId: event.tabId, endpoint: event.endpoint };
    case 'offered':
      if (status.state !== 'ready') return null;
      return { status: { state: 'ringing', sinceMs: now, callId: event.callId, ringsUntilMs: event.ringsUntilMs, idleSinceMs: status.idleSinceMs } };
    case 'offerWithdrawn':
      if (status.state !== 'ringing' || status.callId !== event.callId) return null;
      return settle(agent, now, { state: 'ready', sinceMs: now, idleSinceMs: status.idleSinceMs });
    case 'offerMissed':
      if (status.state !== 'ringing' || status.callId !== event.callId) return null;
      // who chose to leave meanwhile has left; who chose "ready" has still missed a call
      if (agent.nextState && agent.nextState.state !== 'ready') return settle(agent, now);
      return { status: { state: 'missed', sinceMs: now, callId: event.callId }, nextState: null };
    case 'answered':
      if (status.state !== 'ringing' || status.callId !== event.callId) return null;
      return { status: { state: 'onCall', sinceMs: now, callId: event.callId } };
    case 'dialled':
      return dial(agent, event.callId, event.park, now);
    case 'switched':
      if (status.state !== 'onCall' || !parkedBy(agent).includes(event.callId)) return null;
      return { status: { state: 'onCall', sinceMs: now, callId: event.callId }, parked: [...without(agent, event.callId), status.callId] };
    case 'callEnded':
      if (parkedBy(agent).includes(event.callId)) return { parked: without(agent, event.callId) };
      if (status.state !== 'onCall' || status.callId !== event.callId) return null;
      if (parkedBy(agent).length > 0) {
        // somebody waits on hold: first them, after-call work of this call stays open until later
        const callId = parkedBy(agent).at(-1) ?? '';
        return { status: { state: 'onCall', sinceMs: now, callId }, parked: without(agent, callId) };
      }
      if (event.wrapUpEndsAtMs !== null && event.wrapUpEndsAtMs <= now) return settle(agent, now);
      return { status: { state: 'wrapUp', sinceMs: now, callId: event.callId, endsAtMs: event.wrapUpEndsAtMs } };
    case 'deviceLost':
      if (parkedBy(agent).includes(event.callId)) return { parked: without(agent, event.callId) };
      if (status.state !== 'onCall' || status.callId !== event.callId) return null;
      return { status: { state: 'offline', sinceMs: now }, nextState: null, parked: [] };
    case 'wrapUpExtended':
      if (status.state !== 'wrapUp' || status.callId !== event.callId || status.endsAtMs === null) return null;
      if ((status.extensions ?? 0) >= event.mostTimes) return null;
      return { status: { ...status, endsAtMs: Math.max(status.endsAtMs, now) + event.bySeconds * 1000, extensions: (status.extensions ?? 0) + 1 } };
    case 'wrapUpCompleted':
      if (status.state !== 'wrapUp' || status.callId !== event.callId) return null;
      return settle(agent, now);
    case 'timePassed':
      if (status.state !== 'wrapUp' || status.endsAtMs === null || status.endsAtMs > now) return null;
      return settle(agent, now);
    case 'left':
      if (isBusy(status)) return agent.nextState?.state === 'offline' ? null : { nextState: { state: 'offline' } };
      return status.state === 'offline' ? null : { status: { state: 'offline', sinceMs: now }, nextState: null };
    case 'freed':
      return isBusy(status) ? { ...settle(agent, now), parked: [] } : null;
  }
}

/** Calls that wait on hold for this agent, the newest last. */
export const parkedBy = (agent: Agent): readonly string[] => agent.parked ?? [];
const without = (agent: Agent, callId: string): readonly string[] => parkedBy(agent).filter((parked) => parked !== callId);

/** Into a call of the agent's own making: from any state at work. Who was not ready will be so again afterwards. */
function dial(agent: Agent, callId: string, park: string | null, now: number): Change | null {
  const { status } = agent;
  const onCall: AgentStatus = { state: 'onCall', sinceMs: now, callId };
  switch (status.state) {
    case 'ready':
    case 'missed':
    case 'wrapUp':
      return park === null ? { status: onCall } : null;
    case 'notReady':
      if (park !== null) return null;
      return { status: onCall, nextState: agent.nextState ?? (status.reasonCodeId === null ? null : { state: 'notReady', reasonCodeId: status.reasonCodeId }) };
    case 'onCall':
      return park === status.callId ? { status: onCall, parked: [...parkedBy(agent), park] } : null;
    default:
      return null;
  }
}

const isBusy = (status: AgentStatus): boolean => status.state === 'ringing' || status.state === 'onCall' || status.state === 'wrapUp';

function choose(agent: Agent, chosen: ChosenState, now: number): Change | null {
  const { status } = agent;
  if (isBusy(status)) return sameChoice(agent.nextState, chosen) ? null : { nextState: chosen };
  if (chosen.state === status.state && !(status.state === 'notReady' && chosen.state === 'notReady' && status.reasonCodeId !== chosen.reasonCodeId)) {
    return null;
  }
  return { status: enter(chosen, now), nextState: null };
}

/** What follows a call: the state chosen meanwhile, else ready. */
function settle(agent: Agent, now: number, ready: AgentStatus = { state: 'ready', sinceMs: now, idleSinceMs: now }): Change {
  const { nextState } = agent;
  return { status: nextState && nextState.state !== 'ready' ? enter(nextState, now) : ready, nextState: null };
}

function enter(chosen: ChosenState, now: number): AgentStatus {
  switch (chosen.state) {
    case 'ready':
      return { state: 'ready', sinceMs: now, idleSinceMs: now };
    case 'notReady':
      return { state: 'notReady', sinceMs: now, reasonCodeId: chosen.reasonCodeId };
    case 'offline':
      return { state: 'offline', sinceMs: now };
  }
}

const sameChoice = (a: ChosenState | null, b: ChosenState): boolean =>
  a !== null && a.state === b.state && (a.state !== 'notReady' || b.state !== 'notReady' || a.reasonCodeId === b.reasonCodeId);

export const agentStateNames: readonly AgentStateName[] = ['offline', 'ready', 'notReady', 'ringing', 'onCall', 'wrapUp', 'missed'];

/** The call that occupies the agent, null when none does. */
export function callOf(agent: Agent): string | null {
  const { status } = agent;
  return status.state === 'ringing' || status.state === 'onCall' ? status.callId : null;
}
