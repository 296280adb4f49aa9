import { finish, type Step } from './call-step.ts';
import { backToQueue } from './leading-moves.ts';
import type { CallEvent, CallStatus, Device, EndedBy } from './call-types.ts';
import { rejoinGraceMs } from './call-types.ts';
import { completeConsult, dismissConsult } from './transfer-moves.ts';

/* Customer and agent talk, hold, lose and find each other again. */

export type WithAgent = Extract<CallStatus, { state: 'talking' | 'held' | 'rejoining' | 'parked' }>;
export type OnTheLine = Extract<CallStatus, { state: 'talking' | 'held' }>;
type Rejoining = Extract<CallStatus, { state: 'rejoining' }>;

export const isWithAgent = (status: CallStatus): status is WithAgent =>
  status.state === 'talking' || status.state === 'held' || status.state === 'rejoining' || status.state === 'parked';
export const isOnTheLine = (status: CallStatus): status is OnTheLine => status.state === 'talking' || status.state === 'held';

/** The agent takes another call: the customer stays on hold, the agent's leg goes. */
export function park(step: Step, status: OnTheLine): boolean {
  if (status.state === 'talking') step.musicForCustomer().write('callHeld', {}, status.agentId);
  step
    .act({ kind: 'hangUp', legId: status.legId })
    .enter({ state: 'parked', agentId: status.agentId, device: status.device, sinceMs: status.state === 'held' ? status.sinceMs : step.now })
    .write('callParked', {}, status.agentId);
  return true;
}

/** Customer or agent hung up: all legs go, the agent has after-call work. */
export function endTalk(step: Step, status: WithAgent, endedBy: EndedBy): boolean {
  const { call } = step;
  dismissConsult(step, 'callEnded');
  if ('legId' in status && status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  if (endedBy !== 'customer') step.act({ kind: 'hangUp', legId: call.customerLegId });
  if (call.direction === 'internal') {
    step.helperDone(status.agentId);
    if (call.peer !== null) step.helperDone(call.peer.agentId);
  } else {
    step.agentDone(status.agentId);
  }
  return finish(step, endedBy);
}

/** The agent's leg is gone, or is given up for another: the customer hears music, whom the agent consulted waits or goes on talking. */
export function loseAgentLeg(step: Step, status: OnTheLine): boolean {
  const { consult } = step.call;
  step.write('agentLegLost', {}, status.agentId);
  if (consult?.state === 'ringing' || consult?.state === 'queued') dismissConsult(step, 'agentLegLost');
  else if (consult?.state === 'private') {
    step.set({ consult: { ...consult, state: 'aside', sinceMs: step.now } });
    step.act({ kind: 'leave', legId: consult.legId }, { kind: 'startMusic', legId: consult.legId });
  }
  if (status.state === 'talking' && consult?.state !== 'joined') step.musicForCustomer();
  const wasHeld = status.state === 'held' && consult === null;
  step.enter({ state: 'rejoining', agentId: status.agentId, legId: null, device: status.device, giveUpAtMs: step.now + rejoinGraceMs, wasHeld });
  return true;
}

/** The agent asks for the sound of their call, on this device from now on. */
export function rejoin(step: Step, status: WithAgent, event: Extract<CallEvent, { kind: 'agentRejoins' }>): boolean {
  const wasHeld = status.state === 'held' ? step.call.consult === null : status.state === 'rejoining' && status.wasHeld;
  if (status.state === 'parked') step.write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId);
  else if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  if (isOnTheLine(status) && (status.state === 'talking' || step.call.consult !== null)) loseAgentLeg(step, status);
  return placeAgain(step, status.agentId, event, wasHeld);
}

function placeAgain(step: Step, agentId: string, to: { device: Device; endpoint: string }, wasHeld: boolean): boolean {
  const legId = step.nextLegId();
  step
    .enter({ state: 'rejoining', agentId, legId, device: to.device, giveUpAtMs: step.now + rejoinGraceMs, wasHeld })
    .act({ kind: 'placeAgentLeg', legId, agentId, endpoint: to.endpoint, autoAnswer: true, ringTimeoutSeconds: rejoinGraceMs / 1000 }, { kind: 'createRoom' });
  return true;
}

export function rejoined(step: Step, status: Rejoining & { legId: string }): boolean {
  const talk = { agentId: status.agentId, legId: status.legId, device: status.device };
  step.write('agentRejoined', {}, status.agentId);
  if (status.wasHeld) step.enter({ ...talk, state: 'held', sinceMs: step.now }).act({ kind: 'join', legIds: [status.legId] });
  else if (step.call.consult?.state === 'joined') step.enter({ ...talk, state: 'talking' }).act({ kind: 'join', legIds: [status.legId] });
  else step.enter({ ...talk, state: 'talking' }).joinCustomer(status.legId);
  return true;
}

/** The agent did not come back: whom they consulted takes over, else the customer is served by somebody else, first in line. */
export function giveUpOnAgent(step: Step, status: Extract<WithAgent, { state: 'rejoining' | 'parked' }>, fallbackQueueId: string | null = null): boolean {
  if ('legId' in status && status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  step.write('agentLost', {}, status.agentId).tellAgent({ agentId: status.agentId, kind: 'deviceLost' });
  const { consult } = step.call;
  if (consult !== null && consult.state !== 'queued' && consult.state !== 'ringing') return completeConsult(step, status.agentId, consult, consult.state !== 'joined');
  if (step.call.direction === 'internal') {
    step.act({ kind: 'hangUp', legId: step.call.customerLegId });
    if (step.call.peer !== null) step.helperDone(step.call.peer.agentId);
    return finish(step, 'system');
  }
  return backToQueue(step, fallbackQueueId);
}
