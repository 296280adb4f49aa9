import { backToQueue, enterQueue, finish, type Step } from './call-step.ts';
import type { CallEvent, CallStatus, Consult, TransferTarget } from './call-types.ts';
import { colleagueRingSeconds, numberRingSeconds, ringMarginMs } from './call-types.ts';

/*
 * Handing a customer on, and bringing in a third party.
 *
 *   (none) ──start──► ringing ──answered──► private ◄──swap──► aside
 *             │          ▲                     │                 │
 *             ▼          │ an agent is free    └──join──► joined ◄┘
 *           queued ──────┘
 *
 * From each the agent may complete (leaves, the others go on) or cancel (the third party goes, back to the customer). When the third
 * party hangs up or does not answer, the agent is with the customer again at once: nobody is forgotten on hold.
 */
type OnTheLine = Extract<CallStatus, { state: 'talking' | 'held' }>;
type InTouch = Extract<Consult, { state: 'private' | 'aside' | 'joined' }>;

const secondsFor = (target: TransferTarget): number => (target.kind === 'agent' ? colleagueRingSeconds : numberRingSeconds);
/** Who it goes to, for the ledger. */
const named = (to: TransferTarget | { kind: 'queue'; queueId: string }): Record<string, unknown> =>
  to.kind === 'agent' ? { toAgentId: to.agentId } : to.kind === 'number' ? { toNumber: to.number } : { toQueueId: to.queueId };

/** Lets the target ring. The leg's name; a colleague is told. */
function ring(step: Step, target: TransferTarget): string {
  const legId = step.nextLegId();
  const ringTimeoutSeconds = secondsFor(target);
  if (target.kind === 'number') {
    step.act({ kind: 'placeNumberLeg', legId, number: target.number, callerNumber: target.callerNumber, ringTimeoutSeconds });
    return legId;
  }
  step.tellAgent({ agentId: target.agentId, kind: 'offered', ringsUntilMs: step.now + ringTimeoutSeconds * 1000 });
  step.act({ kind: 'placeAgentLeg', legId, agentId: target.agentId, endpoint: target.endpoint, autoAnswer: false, ringTimeoutSeconds });
  return legId;
}
const ringsUntil = (step: Step, target: TransferTarget): number => step.now + secondsFor(target) * 1000 + ringMarginMs;

// ── blind ──

/** The agent is out at once; the customer hears music until the next one answers. */
export function transfer(step: Step, status: OnTheLine, event: Extract<CallEvent, { kind: 'transferred' }>): boolean {
  const { to } = event;
  if (status.state === 'talking') step.musicForCustomer();
  step.act({ kind: 'hangUp', legId: status.legId }).agentDone(status.agentId);
  step.write('callTransferred', { how: 'blind', ...named(to) }, status.agentId);
  if (to.kind === 'queue') return intoQueue(step, to.queueId);
  // where the customer goes when nobody answers: kept with the call, for the agent is gone then
  if (step.call.queueId === null && event.fallbackQueueId !== null) step.set({ queueId: event.fallbackQueueId });
  const legId = ring(step, to);
  step.enter({ state: 'transferring', target: to, legId, giveUpAtMs: ringsUntil(step, to), fromAgentId: status.agentId });
  return true;
}

/** Into another queue: its own rules, and a new entry in its figures. */
function intoQueue(step: Step, queueId: string): boolean {
  step.set({ queueId, agentId: null, answeredAtMs: null, outcome: null, consult: null });
  return enterQueue(step);
}

type Transferring = Extract<CallStatus, { state: 'transferring' }>;

export function transferAnswered(step: Step, status: Transferring): boolean {
  step.write('transferAnswered', named(status.target), status.target.kind === 'agent' ? status.target.agentId : status.fromAgentId);
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'answered' });
  step.joinCustomer(status.legId);
  return takeOver(step, status.target, status.legId);
}

/** The target is the customer's partner from now on. */
function takeOver(step: Step, target: TransferTarget, legId: string): boolean {
  if (target.kind === 'number') {
    step.enter({ state: 'onward', legId, number: target.number, sinceMs: step.now });
    return true;
  }
  step.set({ agentId: target.agentId }).openWrapUp(target.agentId).enter({ state: 'talking', agentId: target.agentId, legId, device: target.device });
  return true;
}

/** Nobody answered, or said no: the customer goes to the head of the queue. */
export function transferFailed(step: Step, status: Transferring, cause: string): boolean {
  step.write('transferFailed', { cause, ...named(status.target) }, status.fromAgentId).act({ kind: 'hangUp', legId: status.legId });
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'offerMissed' });
  return backToQueue(step, null);
}

/** The customer hung up before anybody answered. */
export function leftWhileTransferring(step: Step, status: Transferring): boolean {
  step.act({ kind: 'hangUp', legId: status.legId });
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'offerWithdrawn' });
  return finish(step, 'customer');
}

// ── with a word first ──

export function startConsult(step: Step, status: OnTheLine, to: Extract<CallEvent, { kind: 'consultStarted' }>['to']): boolean {
  step.write('consultStarted', named(to), status.agentId);
  if (status.state === 'talking') {
    step.musicForCustomer().write('callHeld', {}, status.agentId).enter({ ...status, state: 'held', sinceMs: step.now });
  }
  if (to.kind === 'queue') {
    step.set({ consult: { state: 'queued', queueId: to.queueId, sinceMs: step.now } });
    return true;
  }
  ringConsulted(step, status.legId, to, null);
  return true;
}

/** An agent of the consulted queue is free. */
export function assignConsult(step: Step, status: OnTheLine, consult: Extract<Consult, { state: 'queued' }>, to: TransferTarget): boolean {
  ringConsulted(step, status.legId, to, consult.queueId);
  return true;
}

function ringConsulted(step: Step, agentLegId: string, target: TransferTarget, queueId: string | null): void {
  const legId = ring(step, target);
  const toneId = step.nextPlaybackId();
  // a tone is heard outside the room only
  step.act({ kind: 'leave', legId: agentLegId }, { kind: 'playRinging', playbackId: toneId, legId: agentLegId });
  step.set({ consult: { state: 'ringing', target, legId, toneId, queueId, sinceMs: step.now, giveUpAtMs: ringsUntil(step, target) } });
}

export function consultAnswered(step: Step, status: OnTheLine, consult: Extract<Consult, { state: 'ringing' }>): boolean {
  const { target, legId } = consult;
  if (target.kind === 'agent') step.tellAgent({ agentId: target.agentId, kind: 'answered' });
  step
    .act({ kind: 'stopPlaying', playbackId: consult.toneId }, { kind: 'join', legIds: [status.legId, legId] })
    .set({ consult: { state: 'private', target, legId, sinceMs: step.now } })
    .write('consultAnswered', named(target), status.agentId);
  return true;
}

/** The third party goes: hung up on where they are still there. Says nothing about where the agent is now. */
export function dismissConsult(step: Step, cause: string, isGone = false): void {
  const { consult } = step.call;
  if (consult === null) return;
  if (consult.state === 'ringing') step.act({ kind: 'stopPlaying', playbackId: consult.toneId });
  if (consult.state !== 'queued') {
    if (!isGone) step.act({ kind: 'hangUp', legId: consult.legId });
    if (consult.target.kind === 'agent') {
      const { agentId } = consult.target;
      if (consult.state !== 'ringing') step.helperDone(agentId);
      else step.tellAgent({ agentId, kind: cause === 'noAnswer' || cause === 'refused' ? 'offerMissed' : 'offerWithdrawn' });
    }
  }
  step.set({ consult: null }).write('consultEnded', { cause, was: consult.state }, step.call.agentId);
}

/** Back to the customer, without the third party. */
export function endConsult(step: Step, status: OnTheLine, cause: string, isGone = false): boolean {
  const { consult } = step.call;
  if (consult === null) return false;
  dismissConsult(step, cause, isGone);
  if (consult.state === 'ringing' && consult.queueId !== null && (cause === 'noAnswer' || cause === 'refused' || cause === 'busy')) {
    // one agent of the queue did not take it: the next one may
    step.set({ consult: { state: 'queued', queueId: consult.queueId, sinceMs: consult.sinceMs } });
    return true;
  }
  if (status.state === 'held') {
    step
      .enter({ state: 'talking', agentId: status.agentId, legId: status.legId, device: status.device })
      .write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId)
      .joinCustomer(status.legId);
  }
  return true;
}

/** The agent talks with the one, the other hears music. */
export function swapConsult(step: Step, status: OnTheLine, consult: InTouch): boolean {
  const { legId } = consult;
  if (consult.state === 'private' && status.state === 'held') {
    step
      .act({ kind: 'leave', legId }, { kind: 'startMusic', legId })
      .joinCustomer()
      .set({ consult: { ...consult, state: 'aside', sinceMs: step.now } })
      .enter({ state: 'talking', agentId: status.agentId, legId: status.legId, device: status.device })
      .write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId);
  } else if (status.state === 'talking') {
    step.musicForCustomer();
    if (consult.state === 'aside') step.act({ kind: 'stopMusic', legId }, { kind: 'join', legIds: [legId] });
    step
      .set({ consult: { ...consult, state: 'private', sinceMs: step.now } })
      .enter({ ...status, state: 'held', sinceMs: step.now })
      .write('callHeld', {}, status.agentId);
  } else return false;
  step.write('consultSwapped', {}, status.agentId);
  return true;
}

/** All three talk. */
export function joinConsult(step: Step, status: OnTheLine, consult: InTouch): boolean {
  if (consult.state === 'joined') return false;
  if (consult.state === 'aside') step.act({ kind: 'stopMusic', legId: consult.legId }, { kind: 'join', legIds: [consult.legId] });
  if (status.state === 'held') {
    step.joinCustomer().write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId);
    step.enter({ state: 'talking', agentId: status.agentId, legId: status.legId, device: status.device });
  }
  step.set({ consult: { ...consult, state: 'joined', sinceMs: step.now } }).write('consultJoined', named(consult.target), status.agentId);
  return true;
}

/** The agent leaves; before the third party has answered this is a blind transfer. */
export function leaveToConsulted(step: Step, status: OnTheLine, consult: Consult, fallbackQueueId: string | null): boolean {
  step.act({ kind: 'hangUp', legId: status.legId }).agentDone(status.agentId);
  if (consult.state === 'queued') {
    step.write('callTransferred', { how: 'blind', toQueueId: consult.queueId }, status.agentId);
    return intoQueue(step, consult.queueId);
  }
  if (consult.state === 'ringing') {
    step.act({ kind: 'stopPlaying', playbackId: consult.toneId }).write('callTransferred', { how: 'blind', ...named(consult.target) }, status.agentId);
    if (step.call.queueId === null && fallbackQueueId !== null) step.set({ queueId: fallbackQueueId });
    step.set({ consult: null }).enter({ state: 'transferring', target: consult.target, legId: consult.legId, giveUpAtMs: consult.giveUpAtMs, fromAgentId: status.agentId });
    return true;
  }
  return completeConsult(step, status.agentId, consult, status.state === 'held');
}

/** Customer and third party go on without the agent, whose own part is settled by the caller. */
export function completeConsult(step: Step, fromAgentId: string, consult: InTouch, customerHearsMusic: boolean): boolean {
  const { target, legId } = consult;
  step.write('callTransferred', { how: 'attended', ...named(target) }, fromAgentId).set({ consult: null });
  if (consult.state === 'aside') step.act({ kind: 'stopMusic', legId }, { kind: 'join', legIds: [legId] });
  if (customerHearsMusic) step.joinCustomer();
  return takeOver(step, target, legId);
}
