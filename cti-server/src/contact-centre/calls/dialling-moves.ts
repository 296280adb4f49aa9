import type { CallOutcome } from '../../contracts/index.ts';
import type { LegEndCause } from '../../telephony/port.ts';
import { finish, type Step } from './call-step.ts';
import type { CallEvent, CallStatus, EndedBy } from './call-types.ts';
import { numberRingSeconds, ownDeviceSeconds, rejoinGraceMs, ringMarginMs } from './call-types.ts';

/*
 * A call that an agent makes. The agent's own device first, which picks up by itself; only then the number rings, so that nobody who is
 * called ever hears silence. A call between colleagues is made the same way: the colleague's leg stands where the customer's would.
 */
type Dialling = Extract<CallStatus, { state: 'dialling' }>;

export function dial(step: Step, event: Extract<CallEvent, { kind: 'dialled' }>): boolean {
  const { call } = step;
  const { agentId, device, endpoint, peer } = event;
  const legId = step.nextLegId();
  step
    .set({ queueId: event.queueId, agentId, peer })
    .enter({ state: 'dialling', agentId, legId, device, calling: false, ringingSinceMs: null, toneId: null, giveUpAtMs: step.now + ownDeviceSeconds * 1000 + ringMarginMs })
    .write('callDialled', { to: peer === null ? (call.fromE164 ?? call.fromRaw) : null, toAgentId: peer?.agentId ?? null, shown: call.dialledNumber }, agentId)
    .tellAgent({ agentId, kind: 'dialled', park: event.park })
    .act({ kind: 'placeAgentLeg', legId, agentId, endpoint, autoAnswer: true, ringTimeoutSeconds: ownDeviceSeconds }, { kind: 'createRoom' });
  if (peer !== null) step.tellAgent({ agentId: peer.agentId, kind: 'offered', ringsUntilMs: step.now + numberRingSeconds * 1000 });
  return true;
}

/** The agent's device is there: now the number rings. The agent hears it ring. */
export function callNumber(step: Step, status: Dialling): boolean {
  const { call } = step;
  const toneId = step.nextPlaybackId();
  step.enter({ ...status, calling: true, toneId, giveUpAtMs: step.now + numberRingSeconds * 1000 + ringMarginMs });
  const legId = call.customerLegId;
  if (call.peer === null) {
    step.openWrapUp(status.agentId);
    step.act({ kind: 'placeNumberLeg', legId, number: call.fromE164 ?? call.fromRaw, callerNumber: call.dialledNumber, ringTimeoutSeconds: numberRingSeconds });
  } else {
    step.act({ kind: 'placeAgentLeg', legId, agentId: call.peer.agentId, endpoint: call.peer.endpoint, autoAnswer: false, ringTimeoutSeconds: numberRingSeconds });
  }
  if (status.legId !== null) step.act({ kind: 'playRinging', playbackId: toneId, legId: status.legId });
  return true;
}

export function numberRings(step: Step, status: Dialling): boolean {
  if (status.ringingSinceMs !== null) return false;
  step.enter({ ...status, ringingSinceMs: step.now }).write('customerRings', {}, status.agentId);
  return true;
}

export function numberAnswered(step: Step, status: Dialling): boolean {
  const { call } = step;
  const { agentId, legId, device, toneId } = status;
  step
    .set({ answeredAtMs: step.now, outcome: 'answered', answeredLeg: true })
    .write('customerAnswered', { ringMs: status.ringingSinceMs === null ? null : step.now - status.ringingSinceMs }, agentId);
  if (call.peer !== null) step.tellAgent({ agentId: call.peer.agentId, kind: 'answered' });
  if (legId === null || toneId === null) {
    // the page is just loading again: whoever answered hears music for that moment
    step.act({ kind: 'startMusic', legId: call.customerLegId });
    step.enter({ state: 'rejoining', agentId, legId, device, giveUpAtMs: step.now + rejoinGraceMs, wasHeld: false });
    return true;
  }
  step.act({ kind: 'stopPlaying', playbackId: toneId });
  step.enter({ state: 'talking', agentId, legId, device }).act({ kind: 'join', legIds: [legId, call.customerLegId] });
  return true;
}

const outcomes: Record<LegEndCause, CallOutcome> = {
  busy: 'busy',
  noAnswer: 'noAnswer',
  refused: 'rejected',
  unreachable: 'unreachable',
  congestion: 'failed',
  failed: 'failed',
  unknown: 'failed',
  // cleared without having been answered: the far end's own time-out
  normal: 'noAnswer',
};

/** The number did not answer, and why, in our word and the carrier's. */
export function numberFailed(step: Step, status: Dialling, cause: LegEndCause, reason?: string): boolean {
  step.write('dialFailed', { cause, ...(reason === undefined ? {} : { reason }) }, status.agentId);
  return endDialling(step, status, outcomes[cause], 'customer');
}

/** The agent's own device: reloading its page while the number rings is no reason to give up. */
export function ownLegEnded(step: Step, status: Dialling, cause: LegEndCause): boolean {
  const putDown = status.device === 'deskPhone' && cause === 'normal';
  if (status.calling && !putDown) {
    step.write('agentLegLost', {}, status.agentId).enter({ ...status, legId: null, toneId: null });
    return true;
  }
  return endDialling(step, status, 'cancelled', 'agent');
}

/** Ends what was begun: both legs go. After-call work only where a number was called. */
export function endDialling(step: Step, status: Dialling, outcome: CallOutcome, endedBy: EndedBy): boolean {
  const { call } = step;
  if (status.toneId !== null) step.act({ kind: 'stopPlaying', playbackId: status.toneId });
  if (status.calling) step.act({ kind: 'hangUp', legId: call.customerLegId });
  if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  if (call.peer !== null) step.tellAgent({ agentId: call.peer.agentId, kind: outcome === 'noAnswer' || outcome === 'rejected' ? 'offerMissed' : 'offerWithdrawn' });
  if (call.peer === null && status.calling) step.agentDone(status.agentId);
  else step.helperDone(status.agentId);
  return finish(step.set({ outcome }), endedBy);
}

/** Calls somebody back before an agent is asked. */
export function callBack(step: Step, queueId: string): boolean {
  const { call } = step;
  step
    .set({ queueId })
    .enter({ state: 'callingBack', giveUpAtMs: step.now + numberRingSeconds * 1000 + ringMarginMs })
    .write('callDialled', { to: call.fromE164 ?? call.fromRaw, toAgentId: null, shown: call.dialledNumber })
    .act({ kind: 'placeNumberLeg', legId: call.customerLegId, number: call.fromE164 ?? call.fromRaw, callerNumber: call.dialledNumber, ringTimeoutSeconds: numberRingSeconds });
  return true;
}

/** They did not answer. */
export function callBackFailed(step: Step, cause: LegEndCause, reason?: string): boolean {
  step.write('dialFailed', { cause, ...(reason === undefined ? {} : { reason }) }).act({ kind: 'hangUp', legId: step.call.customerLegId });
  return finish(step.set({ outcome: outcomes[cause] }), 'customer');
}
