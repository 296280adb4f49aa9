import { flowDueAtMs } from '../../contracts/index.ts';
import type { LegEndCause } from '../../telephony/port.ts';
import { finish, Step, type Surroundings } from './call-step.ts';
import type { Call, CallEvent, CallStatus, CallStep, EndedBy, QueueRules } from './call-types.ts';
import { brokenGreetingGraceMs, ownDeviceSeconds } from './call-types.ts';
import { compare } from './compare-moves.ts';
import { callBack, callBackFailed, callNumber, dial, endDialling, numberAnswered, numberFailed, numberRings, ownLegEnded } from './dialling-moves.ts';
import { backToQueue, beginMessage, endMessage, enterQueue, placeKept, tellFlow } from './leading-moves.ts';
import { hold, resume } from './hold-moves.ts';
import { endTalk, giveUpOnAgent, isOnTheLine, isWithAgent, loseAgentLeg, park, rejoin, rejoined } from './talking-moves.ts';
import {
  assignConsult,
  consultAnswered,
  dismissConsult,
  endConsult,
  joinConsult,
  leaveToConsulted,
  leftWhileTransferring,
  startConsult,
  swapConsult,
  transfer,
  transferAnswered,
  transferFailed,
} from './transfer-moves.ts';
import { abandon, offer, offerFailed, route, waitedOn } from './waiting-moves.ts';

/**
 * The call after the event. Null when the event means nothing in this state: late, repeated, or about another leg.
 * @param house what the decision may ask
 */
export function nextCall(call: Call, event: CallEvent, house: Surroundings): CallStep | null {
  if (call.status.state === 'ended') return event.kind === 'customerRecognised' ? recognise(call, event, house) : null;
  const step = new Step(call, event.atMs, house);
  return decide(step, call.status, event) ? step : null;
}

/** When this call must be looked at again though nothing was told; null when only events matter. */
export function dueAtMs(call: Call, queue: QueueRules | null): number | null {
  const { status, consult } = call;
  switch (status.state) {
    case 'greeting':
    case 'ringing':
    case 'dialling':
    case 'callingBack':
    case 'rejoining':
    case 'transferring':
    case 'refusing':
    case 'leavingPlace':
    case 'voicemail':
      return status.giveUpAtMs;
    case 'inFlow':
      return call.flow === null ? null : flowDueAtMs(call.flow);
    case 'talking':
    case 'held':
      return consult?.state === 'ringing' ? consult.giveUpAtMs : null;
    case 'waiting': {
      const { announceAtMs, lookAgainAtMs = null } = status;
      const longest = queue?.maxWaitSeconds != null && call.queuedAtMs !== null ? call.queuedAtMs + queue.maxWaitSeconds * 1000 : null;
      const due = [announceAtMs, lookAgainAtMs, longest].filter((at) => at !== null);
      return due.length === 0 ? null : Math.min(...due);
    }
    default:
      return null;
  }
}

function decide(step: Step, status: CallStatus, event: CallEvent): boolean {
  const { call } = step;
  switch (event.kind) {
    case 'routed':
      return status.state === 'arriving' && call.lastSeq === 0 && route(step, event);
    case 'dialled':
      return status.state === 'arriving' && call.lastSeq === 0 && dial(step, event);
    case 'calledBack':
      return status.state === 'arriving' && call.lastSeq === 0 && callBack(step, event.queueId);
    case 'customerRecognised':
      if (call.customerId === event.customerId) return false;
      step.set({ customerId: event.customerId }).write('customerRecognised');
      return true;
    case 'agentAssigned':
      return status.state === 'waiting' && offer(step, status.playbackId, event);
    case 'legRinging':
      return status.state === 'dialling' && status.calling && event.legId === call.customerLegId && numberRings(step, status);
    case 'legAnswered':
      return legAnswered(step, status, event.legId);
    case 'legEnded':
      return event.legId === call.customerLegId
        ? customerLegEnded(step, status, event.cause, event.reason)
        : otherLegEnded(step, status, event.legId, event.cause);
    case 'playbackEnded':
      return playbackEnded(step, status, event.playbackId, event.completed ?? true);
    case 'digitPressed':
      return status.state === 'inFlow' && event.legId === call.customerLegId && tellFlow(step, event);
    case 'lookedUp':
      return status.state === 'inFlow' && tellFlow(step, event);
    case 'recordingEnded':
      return status.state === 'voicemail' && status.recordingId === event.recordingId && endMessage(step, status, event.seconds, 'system');
    case 'placeKept':
      return status.state === 'leavingPlace' && placeKept(step, status.queueId);
    case 'placeRefused':
      return status.state === 'leavingPlace' && tellFlow(step, { kind: 'exitFailed', reason: 'noNumber' });
    case 'agentRefused':
      return refused(step, status, event.agentId);
    case 'agentHungUp':
      return agentHungUp(step, status, event.agentId);
    case 'agentHeld':
      if (status.state !== 'talking' || status.agentId !== event.agentId) return false;
      return call.consult !== null && call.consult.state !== 'queued' && call.consult.state !== 'ringing' ? swapConsult(step, status, call.consult) : hold(step, status);
    case 'agentResumed':
      if (status.state !== 'held' || status.agentId !== event.agentId) return false;
      if (call.consult === null) return resume(step, status);
      return call.consult.state === 'private' ? swapConsult(step, status, call.consult) : endConsult(step, status, 'cancelled');
    case 'agentRejoins':
      return isWithAgent(status) && status.agentId === event.agentId ? rejoin(step, status, event) : rejoinDialling(step, status, event);
    case 'agentParked':
      return isOnTheLine(status) && status.agentId === event.agentId && call.consult === null && park(step, status);
    case 'agentGone':
      return status.state === 'parked' && status.agentId === event.agentId && giveUpOnAgent(step, status);
    case 'transferred':
      return isOnTheLine(status) && status.agentId === event.agentId && call.consult === null && call.direction !== 'internal' && transfer(step, status, event);
    case 'consultStarted':
      return isOnTheLine(status) && status.agentId === event.agentId && call.consult === null && call.direction !== 'internal' && startConsult(step, status, event.to);
    case 'consultAssigned':
      return isOnTheLine(status) && call.consult?.state === 'queued' && assignConsult(step, status, call.consult, event.to);
    case 'consultCancelled':
      return isOnTheLine(status) && status.agentId === event.agentId && endConsult(step, status, 'cancelled');
    case 'consultSwapped':
    case 'consultJoined':
      if (!isOnTheLine(status) || status.agentId !== event.agentId || call.consult === null || call.consult.state === 'queued' || call.consult.state === 'ringing') return false;
      return event.kind === 'consultSwapped' ? call.consult.state !== 'joined' && swapConsult(step, status, call.consult) : joinConsult(step, status, call.consult);
    case 'consultCompleted':
      return isOnTheLine(status) && status.agentId === event.agentId && call.consult !== null && leaveToConsulted(step, status, call.consult, event.fallbackQueueId);
    case 'released':
      return release(step, status, event.endedBy);
    case 'timePassed':
      return timePassed(step, status);
    case 'compared':
      return compare(step, status, event, { customerGone, otherLegEnded, legAnswered, offerFailed });
  }
}

function legAnswered(step: Step, status: CallStatus, legId: string): boolean {
  const { call } = step;
  if (status.state === 'dialling') {
    if (legId === status.legId && !status.calling) return callNumber(step, status);
    if (legId === status.legId && status.toneId === null) return ringsOn(step, status, legId);
    return legId === call.customerLegId && status.calling && numberAnswered(step, status);
  }
  if (status.state === 'callingBack') {
    if (legId !== call.customerLegId) return false;
    step.set({ answeredLeg: true }).write('customerAnswered');
    return enterQueue(step, true);
  }
  if (status.state === 'ringing' && status.legId === legId) {
    if (status.playbackId) step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
    step
      .set({ answeredAtMs: step.now, outcome: 'answered' })
      .openWrapUp(status.agentId)
      .enter({ state: 'talking', agentId: status.agentId, legId, device: status.device })
      .write('agentAnswered', { waitedMs: step.now - (call.queuedAtMs ?? step.now), ringMs: step.now - (call.offeredAtMs ?? step.now) }, status.agentId)
      .tellAgent({ agentId: status.agentId, kind: 'answered' })
      .joinCustomer(legId);
    return true;
  }
  if (status.state === 'rejoining' && status.legId === legId) return rejoined(step, { ...status, legId });
  if (status.state === 'transferring' && status.legId === legId) return transferAnswered(step, status);
  return isOnTheLine(status) && call.consult?.state === 'ringing' && call.consult.legId === legId && consultAnswered(step, status, call.consult);
}

/** The page is back while the number still rings: its own leg is up again, and hears it ring. */
function ringsOn(step: Step, status: Extract<CallStatus, { state: 'dialling' }>, legId: string): boolean {
  const toneId = step.nextPlaybackId();
  step.enter({ ...status, toneId }).write('agentRejoined', {}, status.agentId).act({ kind: 'playRinging', playbackId: toneId, legId });
  return true;
}

function rejoinDialling(step: Step, status: CallStatus, event: Extract<CallEvent, { kind: 'agentRejoins' }>): boolean {
  if (status.state !== 'dialling' || !status.calling || status.agentId !== event.agentId) return false;
  if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  const legId = step.nextLegId();
  step.enter({ ...status, legId, device: event.device, toneId: null });
  step.act({ kind: 'placeAgentLeg', legId, agentId: event.agentId, endpoint: event.endpoint, autoAnswer: true, ringTimeoutSeconds: ownDeviceSeconds });
  return true;
}

/** The switch does not know the customer's leg any more, and why is not known. */
function customerGone(step: Step, status: CallStatus): boolean {
  return status.state === 'refusing' ? customerLeft(step, status, 'system') : customerLegEnded(step, status, 'unknown');
}

function customerLegEnded(step: Step, status: CallStatus, cause: LegEndCause, reason?: string): boolean {
  if (status.state === 'dialling') return status.calling && numberFailed(step, status, cause, reason);
  if (status.state === 'callingBack') return callBackFailed(step, cause, reason);
  return customerLeft(step, status, 'customer');
}

function customerLeft(step: Step, status: CallStatus, endedBy: EndedBy): boolean {
  switch (status.state) {
    case 'arriving':
    case 'greeting':
    case 'inFlow':
    case 'leavingPlace':
      return finish(step.set({ outcome: 'abandonedBeforeQueue' }), endedBy);
    case 'voicemail':
      return endMessage(step, status, 0, endedBy === 'system' ? 'system' : 'customer');
    case 'refusing':
      return finish(step, status.reason === 'notInService' ? 'system' : endedBy);
    case 'waiting':
      return abandon(step, endedBy);
    case 'ringing':
      step.tellAgent({ agentId: status.agentId, kind: 'offerWithdrawn' }).act({ kind: 'hangUp', legId: status.legId });
      return abandon(step.set({ agentId: null }), endedBy);
    case 'dialling':
      return endDialling(step, status, 'cancelled', endedBy);
    case 'callingBack':
      return callBackFailed(step, 'normal');
    case 'talking':
    case 'held':
    case 'rejoining':
    case 'parked':
      return endTalk(step, status, endedBy);
    case 'transferring':
      return leftWhileTransferring(step, status);
    case 'onward':
      step.act({ kind: 'hangUp', legId: status.legId });
      if (endedBy !== 'customer') step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return finish(step, endedBy);
    case 'ended':
      return false;
  }
}

/** A leg that is not the customer's: the agent's, or a third party's. */
function otherLegEnded(step: Step, status: CallStatus, legId: string, cause: LegEndCause): boolean {
  const { consult } = step.call;
  if (consult !== null && 'legId' in consult && consult.legId === legId) return consultLegEnded(step, status, cause);
  if (!('legId' in status) || status.legId !== legId) return false;
  switch (status.state) {
    case 'ringing':
      return offerFailed(step, status, cause === 'refused' || cause === 'busy' ? 'offerRefused' : 'offerMissed', cause);
    case 'dialling':
      return ownLegEnded(step, status, cause);
    case 'talking':
    case 'held':
      // a desk phone is hung up to end the call; a browser says so first, so a leg that just vanishes is a reload or a crash
      if (status.device !== 'deskPhone' || cause !== 'normal') return loseAgentLeg(step, status);
      // with a third party there, it hands the customer on, as desk phones have always done
      return consult === null ? endTalk(step, status, 'agent') : leaveToConsulted(step, status, consult, null);
    case 'rejoining':
      step.enter({ ...status, legId: null });
      return true;
    case 'transferring':
      return notTaken(step, status, cause);
    case 'onward':
      step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return finish(step, 'agent');
  }
}

/** The third party is gone: the agent is with the customer again. While the agent's page loads, only the third party's part is settled. */
function consultLegEnded(step: Step, status: CallStatus, cause: LegEndCause): boolean {
  if (isOnTheLine(status)) return endConsult(step, status, cause === 'normal' && step.call.consult?.state === 'ringing' ? 'refused' : cause, true);
  if (step.call.consult?.state === 'joined') step.musicForCustomer();
  dismissConsult(step, cause, true);
  return true;
}

/** Whom the customer was handed to did not take them: the flow knows what then, else the queue does. */
function notTaken(step: Step, status: Extract<CallStatus, { state: 'transferring' }>, cause: string): boolean {
  transferFailed(step, status, cause);
  if (step.call.flow === null) return backToQueue(step, null);
  step.act({ kind: 'stopMusic', legId: step.call.customerLegId });
  return tellFlow(step, { kind: 'exitFailed', reason: cause });
}

function refused(step: Step, status: CallStatus, agentId: string): boolean {
  const { call } = step;
  if (status.state === 'ringing') return status.agentId === agentId && offerFailed(step, status, 'offerRefused');
  if (status.state === 'dialling') return call.peer?.agentId === agentId && status.calling && numberFailed(step, status, 'refused');
  if (status.state === 'transferring') return isTarget(status.target, agentId) && notTaken(step, status, 'refused');
  return isOnTheLine(status) && call.consult?.state === 'ringing' && isTarget(call.consult.target, agentId) && endConsult(step, status, 'refused');
}

const isTarget = (target: { kind: 'agent'; agentId: string } | { kind: 'number' }, agentId: string): boolean => target.kind === 'agent' && target.agentId === agentId;

/** What "hang up" means for this agent: their own conversation of the moment ends, never somebody else's. */
function agentHungUp(step: Step, status: CallStatus, agentId: string): boolean {
  const { consult, peer } = step.call;
  if (status.state === 'dialling') return status.agentId === agentId && endDialling(step, status, 'cancelled', 'agent');
  if (!isWithAgent(status)) return false;
  if (status.agentId !== agentId) {
    if (peer?.agentId === agentId) {
      step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return endTalk(step, status, 'customer');
    }
    if (consult === null || !('target' in consult) || consult.state === 'ringing' || !isTarget(consult.target, agentId)) return false;
    step.act({ kind: 'hangUp', legId: consult.legId });
    return consultLegEnded(step, status, 'normal');
  }
  if (consult !== null && isOnTheLine(status)) {
    if (consult.state === 'joined') return leaveToConsulted(step, status, consult, null);
    if (consult.state !== 'aside') return endConsult(step, status, 'cancelled');
  }
  return endTalk(step, status, 'agent');
}

function release(step: Step, status: CallStatus, endedBy: EndedBy): boolean {
  if (isWithAgent(status)) return endTalk(step, status, endedBy);
  if (status.state === 'ringing') return offerFailed(step, status, 'offerMissed', 'released');
  if (status.state === 'transferring') return notTaken(step, status, 'released');
  step.act({ kind: 'hangUp', legId: step.call.customerLegId });
  return customerLeft(step, status, endedBy);
}

function playbackEnded(step: Step, status: CallStatus, playbackId: string, completed: boolean): boolean {
  if (status.state === 'inFlow') return tellFlow(step, { kind: 'playbackEnded', playbackId, completed });
  if (!('playbackId' in status) || status.playbackId !== playbackId) return false;
  switch (status.state) {
    case 'greeting':
      if (!completed && status.giveUpAtMs > step.now + brokenGreetingGraceMs) {
        // who hangs up in the greeting was never in the queue, and must not ring at an agent for a moment
        step.enter({ ...status, giveUpAtMs: step.now + brokenGreetingGraceMs });
        return true;
      }
      return enterQueue(step);
    case 'refusing':
      step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return finish(step, 'system');
    case 'voicemail':
      return beginMessage(step, status);
    case 'waiting':
    case 'ringing':
      // a sentence silences the music
      step.enter({ ...status, playbackId: null }).act({ kind: 'startMusic', legId: step.call.customerLegId });
      return true;
  }
}

function timePassed(step: Step, status: CallStatus): boolean {
  const due = dueAtMs(step.call, step.queue);
  if (due === null || due > step.now) return false;
  switch (status.state) {
    case 'greeting':
      step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
      return enterQueue(step);
    case 'ringing':
      return offerFailed(step, status, 'offerMissed', 'noAnswer');
    case 'dialling':
      return status.calling ? numberFailed(step, status, 'noAnswer') : endDialling(step, status, 'cancelled', 'system');
    case 'callingBack':
      return callBackFailed(step, 'noAnswer');
    case 'rejoining':
      return giveUpOnAgent(step, status);
    case 'transferring':
      return notTaken(step, status, 'noAnswer');
    case 'talking':
    case 'held':
      return endConsult(step, status, 'noAnswer');
    case 'refusing':
      step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return finish(step, 'system');
    case 'waiting':
      return waitedOn(step, status);
    case 'inFlow':
      return tellFlow(step, { kind: 'timePassed' });
    case 'leavingPlace':
      return tellFlow(step, { kind: 'exitFailed', reason: 'notKept' });
    case 'voicemail':
      if (status.playbackId !== null) step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
      return status.playbackId !== null ? beginMessage(step, status) : endMessage(step.act({ kind: 'stopRecording', recordingId: status.recordingId }), status, 0, 'system');
    default:
      return false;
  }
}

/** The customer of a call can still be named after it ended: from the wrap-up, or when a new customer was made. */
function recognise(call: Call, event: Extract<CallEvent, { kind: 'customerRecognised' }>, house: Surroundings): CallStep | null {
  if (call.customerId === event.customerId) return null;
  return new Step(call, event.atMs, house).set({ customerId: event.customerId }).write('customerRecognised');
}
