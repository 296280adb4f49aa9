import type { LegEndCause } from '../../telephony/port.ts';
import type { Step } from './call-step.ts';
import type { CallEvent, CallStatus } from './call-types.ts';
import { beginMessage, enterQueue, tellFlow } from './leading-moves.ts';

/** What the machine does on being told what the comparison only infers. */
interface Told {
  customerGone(step: Step, status: CallStatus): boolean;
  offerFailed(step: Step, status: Ringing, kind: 'offerMissed' | 'offerLost', cause: string): boolean;
  otherLegEnded(step: Step, status: CallStatus, legId: string, cause: LegEndCause): boolean;
  legAnswered(step: Step, status: CallStatus, legId: string): boolean;
}
type Ringing = Extract<CallStatus, { state: 'ringing' }>;
type Seen = Extract<CallEvent, { kind: 'compared' }>;

/** After a gap each difference between what we think and what the switch holds becomes the event that was missed. */
export function compare(step: Step, status: CallStatus, seen: Seen, told: Told): boolean {
  const { call } = step;
  if (status.state === 'dialling') return compareDialling(step, status, seen, told);
  if (!seen.aliveLegIds.has(call.customerLegId)) return told.customerGone(step, status);
  if (status.state === 'callingBack') return seen.answeredLegIds.has(call.customerLegId) && told.legAnswered(step, status, call.customerLegId);
  const { consult } = call;
  if (consult !== null && 'legId' in consult) {
    if (!seen.aliveLegIds.has(consult.legId)) return told.otherLegEnded(step, status, consult.legId, consult.state === 'ringing' ? 'noAnswer' : 'unknown');
    if (consult.state === 'ringing' && seen.answeredLegIds.has(consult.legId)) return told.legAnswered(step, status, consult.legId);
  }
  switch (status.state) {
    case 'arriving':
      step.act({ kind: 'answer', legId: call.customerLegId });
      return true;
    case 'greeting':
      // whether it was heard to its end is not known; hearing it twice is worse than missing its last words
      step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
      return enterQueue(step);
    case 'inFlow':
      return tellFlow(step, { kind: 'compared' });
    case 'leavingPlace':
      // asked twice, it is one place
      step.act({ kind: 'keepPlace', queueId: status.queueId });
      return true;
    case 'voicemail':
      // whether the sentence was heard, or the recording began, is not known: asked again, a recording that runs is left alone
      return status.playbackId !== null && beginMessage(step, status);
    case 'refusing':
    case 'parked':
    case 'ended':
      return false;
    case 'waiting':
      step.enter({ ...status, playbackId: null }).act({ kind: 'startMusic', legId: call.customerLegId });
      return true;
    case 'ringing':
      return compareRinging(step, status, seen, told);
    case 'transferring':
    case 'rejoining':
      if (status.legId === null) return false;
      if (seen.answeredLegIds.has(status.legId)) return told.legAnswered(step, status, status.legId);
      if (!seen.aliveLegIds.has(status.legId)) return told.otherLegEnded(step, status, status.legId, 'unknown');
      return false;
    case 'talking':
    case 'held':
    case 'onward': {
      if (!seen.aliveLegIds.has(status.legId)) return told.otherLegEnded(step, status, status.legId, 'unknown');
      const shouldBeThere = whoTalks(step, status).filter((legId) => !seen.roomLegIds.has(legId));
      if (shouldBeThere.length === 0) return false;
      if (shouldBeThere.includes(call.customerLegId)) step.act({ kind: 'stopMusic', legId: call.customerLegId });
      step.act({ kind: 'createRoom' }, { kind: 'join', legIds: shouldBeThere });
      return true;
    }
  }
}

/** The legs that hear each other. An agent who waits for a third party to answer hears it ring, outside the room. */
function whoTalks(step: Step, status: Extract<CallStatus, { state: 'talking' | 'held' | 'onward' }>): string[] {
  const { customerLegId, consult } = step.call;
  const legIds = status.state === 'held' ? [] : [customerLegId];
  if (consult?.state !== 'ringing') legIds.push(status.legId);
  if (consult?.state === 'private' || consult?.state === 'joined') legIds.push(consult.legId);
  return legIds;
}

function compareRinging(step: Step, status: Ringing, seen: Seen, told: Told): boolean {
  if (seen.answeredLegIds.has(status.legId)) return told.legAnswered(step, status, status.legId);
  if (seen.aliveLegIds.has(status.legId)) return false;
  // the agent may even have answered while nobody listened: rung again is right, "missed" would be unjust before the time was over
  return told.offerFailed(step, status, step.now < status.giveUpAtMs ? 'offerLost' : 'offerMissed', 'unknown');
}

function compareDialling(step: Step, status: Extract<CallStatus, { state: 'dialling' }>, seen: Seen, told: Told): boolean {
  const { customerLegId } = step.call;
  if (status.calling && seen.answeredLegIds.has(customerLegId)) return told.legAnswered(step, status, customerLegId);
  if (status.calling && !seen.aliveLegIds.has(customerLegId)) return told.customerGone(step, status);
  if (status.legId === null) return false;
  if (!status.calling && seen.answeredLegIds.has(status.legId)) return told.legAnswered(step, status, status.legId);
  if (!seen.aliveLegIds.has(status.legId)) return told.otherLegEnded(step, status, status.legId, 'unknown');
  return false;
}
