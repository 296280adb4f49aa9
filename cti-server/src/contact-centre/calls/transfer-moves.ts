import { finish, type Step } from './call-step.ts';
import type { CallEvent, CallStatus, Consult, TransferTarget } from './call-types.ts';
import { hold, resume } from './hold-moves.ts';
import { intoQueue } from './leading-moves.ts';
import { named, ring } from './ringing-moves.ts';

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
  step.enter({ state: 'transferring', target: to, ...ring(step, to), fromAgentId: status.agentId });
  return true;
}

type Transferring = Extract<CallStatus, { state: 'transferring' }>;

export function transferAnswered(step: Step, status: Transferring): boolean {
  step.write('transferAnswered', named(status.target), status.target.kind === 'agent' ? status.target.agentId : status.fromAgentId);
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'answered' });
  step.set({ flow: null, answeredAtMs: step.call.answeredAtMs ?? step.now, outcome: 'answered' }).joinCustomer(status.legId);
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

/** Nobody answered, or said no. Where the customer goes now is the caller's to decide. */
export function transferFailed(step: Step, status: Transferring, cause: string): void {
  step.write('transferFailed', { cause, ...named(status.target) }, status.fromAgentId).act({ kind: 'hangUp', legId: status.legId });
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'offerMissed' });
}

/** The customer hung up before anybody answered. */
export function leftWhileTransferring(step: Step, status: Transferring): boolean {
  step.act({ kind: 'hangUp', legId: status.legId });
  if (status.target.kind === 'agent') step.tellAgent({ agentId: status.target.agentId, kind: 'offerWithdrawn' });
  if (step.call.outcome === null) step.set({ outcome: 'abandonedBeforeQueue' });
  return finish(step, 'customer');
}

// ── with a word first ──

export function startConsult(step: Step, status: OnTheLine, to: Extract<CallEvent, { kind: 'consultStarted' }>['to']): boolean {
  step.write('consultStarted', named(to), status.agentId);
  if (status.state === 'talking') hold(step, status);
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
  const ringing = ring(step, target);
  const toneId = step.nextPlaybackId();
  // a tone is heard outside the room only
  step.act({ kind: 'leave', legId: agentLegId }, { kind: 'playRinging', playbackId: toneId, legId: agentLegId });
  step.set({ consult: { state: 'ringing', target, ...ringing, toneId, queueId, sinceMs: step.now } });
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
  if (status.state === 'held') resume(step, status, status.legId);
  return true;
}

/** The agent talks with the one, the other hears music. */
export function swapConsult(step: Step, status: OnTheLine, consult: InTouch): boolean {
  const { legId } = consult;
  if (consult.state === 'private' && status.state === 'held') {
    step.act({ kind: 'leave', legId }, { kind: 'startMusic', legId }).set({ consult: { ...consult, state: 'aside', sinceMs: step.now } });
    resume(step, status);
  } else if (status.state === 'talking') {
    hold(step, status);
    if (consult.state === 'aside') step.act({ kind: 'stopMusic', legId }, { kind: 'join', legIds: [legId] });
    step.set({ consult: { ...consult, state: 'private', sinceMs: step.now } });
  } else return false;
  step.write('consultSwapped', {}, status.agentId);
  return true;
}

/** All three talk. */
export function joinConsult(step: Step, status: OnTheLine, consult: InTouch): boolean {
  if (consult.state === 'joined') return false;
  if (consult.state === 'aside') step.act({ kind: 'stopMusic', legId: consult.legId }, { kind: 'join', legIds: [consult.legId] });
  if (status.state === 'held') resume(step, status);
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
