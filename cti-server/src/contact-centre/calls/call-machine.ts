import type {
  AgentConsequence,
  Call,
  CallEffect,
  CallEvent,
  CallStatus,
  CallStep,
  Device,
  EndedBy,
  LedgerKind,
  QueueRules,
} from './call-types.ts';
import { brokenGreetingGraceMs, firstAnnouncementMs, longestPromptMs, rejoinGraceMs, ringMarginMs } from './call-types.ts';

/** Collects what one event does to a call. */
class Step {
  call: Call;
  readonly ledger: CallStep['ledger'] = [];
  readonly effects: CallEffect[] = [];
  readonly agents: AgentConsequence[] = [];
  wrapUp: CallStep['wrapUp'] = null;
  readonly now: number;
  readonly queue: QueueRules | null;

  constructor(call: Call, now: number, queue: QueueRules | null) {
    this.call = { ...call, version: call.version + 1 };
    this.now = now;
    this.queue = queue;
  }
  enter(status: CallStatus): this {
    this.call.status = status;
    return this;
  }
  set(fields: Partial<Call>): this {
    Object.assign(this.call, fields);
    return this;
  }
  write(kind: LedgerKind, data: Record<string, unknown> = {}, agentId: string | null = null): this {
    const { call } = this;
    call.lastSeq += 1;
    this.ledger.push({ seq: call.lastSeq, atMs: this.now, kind, queueId: call.queueId, agentId, customerId: call.customerId, data });
    return this;
  }
  act(...effects: CallEffect[]): this {
    this.effects.push(...effects);
    return this;
  }
  tellAgent(consequence: AgentConsequence): this {
    this.agents.push(consequence);
    return this;
  }
  nextLegId(): string {
    this.call.legCount += 1;
    return `${this.call.id}-a${String(this.call.legCount)}`;
  }
  nextPlaybackId(): string {
    this.call.legCount += 1;
    return `${this.call.id}-p${String(this.call.legCount)}`;
  }
}

/**
 * The call after the event. Null when the event means nothing in this state: late, repeated, or about another leg.
 * @param queue the rules of the call's queue; null while it has none
 */
export function nextCall(call: Call, event: CallEvent, queue: QueueRules | null): CallStep | null {
  if (call.status.state === 'ended') return event.kind === 'customerRecognised' ? recognise(call, event) : null;
  const step = new Step(call, event.atMs, queue);
  return decide(step, call.status, event) ? step : null;
}

/** When this call must be looked at again though nothing was told; null when only events matter. */
export function dueAtMs(call: Call, queue: QueueRules | null): number | null {
  const { status } = call;
  switch (status.state) {
    case 'greeting':
    case 'ringing':
    case 'rejoining':
    case 'refusing':
      return status.giveUpAtMs;
    case 'waiting': {
      const giveUp = queue?.maxWaitSeconds != null && call.queuedAtMs !== null ? call.queuedAtMs + queue.maxWaitSeconds * 1000 : null;
      if (giveUp === null || status.announceAtMs === null) return giveUp ?? status.announceAtMs;
      return Math.min(giveUp, status.announceAtMs);
    }
    default:
      return null;
  }
}

function decide(step: Step, status: CallStatus, event: CallEvent): boolean {
  const { call } = step;
  switch (event.kind) {
    case 'routed':
      return status.state === 'arriving' && call.lastSeq === 0 && route(step, event.queueId);
    case 'customerRecognised':
      if (call.customerId === event.customerId) return false;
      step.set({ customerId: event.customerId }).write('customerRecognised');
      return true;
    case 'agentAssigned':
      return status.state === 'waiting' && offer(step, status.playbackId, event);
    case 'legAnswered':
      return legAnswered(step, status, event.legId);
    case 'legEnded':
      return event.legId === call.customerLegId ? customerLeft(step, status, 'customer') : agentLegEnded(step, status, event.legId, event.cause);
    case 'playbackEnded':
      return playbackEnded(step, status, event.playbackId, event.completed ?? true);
    case 'agentRefused':
      return status.state === 'ringing' && status.agentId === event.agentId && offerFailed(step, status, 'offerRefused');
    case 'agentHungUp':
      if ((status.state !== 'talking' && status.state !== 'held' && status.state !== 'rejoining') || status.agentId !== event.agentId) return false;
      return endTalk(step, status, 'agent');
    case 'agentHeld':
      if (status.state !== 'talking' || status.agentId !== event.agentId) return false;
      step.enter({ ...status, state: 'held', sinceMs: step.now }).write('callHeld', {}, status.agentId);
      step.act({ kind: 'leaveRoom' }, { kind: 'startMusic' });
      return true;
    case 'agentResumed':
      if (status.state !== 'held' || status.agentId !== event.agentId) return false;
      step.enter({ state: 'talking', agentId: status.agentId, legId: status.legId, device: status.device });
      step.write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId);
      step.act({ kind: 'stopMusic' }, { kind: 'join', legIds: [call.customerLegId] });
      return true;
    case 'agentRejoins':
      return rejoin(step, status, event);
    case 'released':
      return release(step, status, event.endedBy);
    case 'timePassed':
      return timePassed(step, status);
    case 'compared':
      return compare(step, status, event);
  }
}

function route(step: Step, queueId: string | null): boolean {
  const { call, queue } = step;
  step.set({ queueId }).write('callArrived', { from: call.fromE164 ?? call.fromRaw, dialled: call.dialledNumber });
  if (queueId === null || queue === null) return refuse(step, 'notInService', 'callNotInService');
  if (!call.answeredLeg) step.act({ kind: 'answer', legId: call.customerLegId }).set({ answeredLeg: true });
  if (!queue.playGreeting) return enterQueue(step);
  const playbackId = step.nextPlaybackId();
  step.enter({ state: 'greeting', playbackId, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playGreeting', playbackId });
  return true;
}

function enterQueue(step: Step): boolean {
  step.set({ queuedAtMs: step.now, returned: false }).write('callQueued');
  return wait(step);
}

/** Back to waiting, with music. */
function wait(step: Step): boolean {
  const announceAtMs = step.queue?.announcePosition ? step.now + firstAnnouncementMs : null;
  step.enter({ state: 'waiting', announceAtMs, playbackId: null, announcements: 0 }).act({ kind: 'startMusic' });
  return true;
}

function refuse(step: Step, reason: 'notInService' | 'waitedTooLong', kind: LedgerKind): boolean {
  const { call } = step;
  step.write(kind);
  if (!call.answeredLeg) step.act({ kind: 'answer', legId: call.customerLegId }).set({ answeredLeg: true });
  if (reason === 'waitedTooLong') step.act({ kind: 'stopMusic' });
  const playbackId = step.nextPlaybackId();
  step.set({ outcome: reason === 'notInService' ? 'notInService' : 'flowedOut' });
  step.enter({ state: 'refusing', reason, playbackId, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playRefusal', playbackId, reason });
  return true;
}

function offer(step: Step, playbackId: string | null, to: { agentId: string; device: Device; endpoint: string }): boolean {
  const { call } = step;
  const ringTimeoutSeconds = step.queue?.ringTimeoutSeconds ?? 20;
  const ringsUntilMs = step.now + ringTimeoutSeconds * 1000;
  const legId = step.nextLegId();
  step
    .set({ agentId: to.agentId, offeredAtMs: step.now })
    .enter({ state: 'ringing', agentId: to.agentId, legId, device: to.device, giveUpAtMs: ringsUntilMs + ringMarginMs, playbackId })
    .write('callOffered', { waitedMs: step.now - (call.queuedAtMs ?? step.now) }, to.agentId)
    .tellAgent({ agentId: to.agentId, kind: 'offered', ringsUntilMs })
    .act(
      { kind: 'placeAgentLeg', legId, agentId: to.agentId, endpoint: to.endpoint, autoAnswer: false, ringTimeoutSeconds },
      { kind: 'createRoom' },
    );
  return true;
}

function legAnswered(step: Step, status: CallStatus, legId: string): boolean {
  const { call } = step;
  if (status.state === 'ringing' && status.legId === legId) {
    if (status.playbackId) step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
    // a queue with no time for after-call work asks for none
    if (step.queue?.wrapUpSeconds !== 0) step.wrapUp = { agentId: status.agentId, queueId: call.queueId, startedAtMs: step.now };
    step
      .set({ answeredAtMs: step.now, outcome: 'answered' })
      .enter({ state: 'talking', agentId: status.agentId, legId, device: status.device })
      .write('agentAnswered', { waitedMs: step.now - (call.queuedAtMs ?? step.now), ringMs: step.now - (call.offeredAtMs ?? step.now) }, status.agentId)
      .tellAgent({ agentId: status.agentId, kind: 'answered' })
      .act({ kind: 'stopMusic' }, { kind: 'join', legIds: [call.customerLegId, legId] });
    return true;
  }
  if (status.state === 'rejoining' && status.legId === legId) {
    const talk = { agentId: status.agentId, legId, device: status.device };
    step.write('agentRejoined', {}, status.agentId);
    if (status.wasHeld) {
      step.enter({ ...talk, state: 'held', sinceMs: step.now }).act({ kind: 'join', legIds: [legId] });
    } else {
      step.enter({ ...talk, state: 'talking' }).act({ kind: 'stopMusic' }, { kind: 'join', legIds: [call.customerLegId, legId] });
    }
    return true;
  }
  return false;
}

function customerLeft(step: Step, status: CallStatus, endedBy: EndedBy): boolean {
  switch (status.state) {
    case 'arriving':
    case 'greeting':
      return finish(step.set({ outcome: 'abandonedBeforeQueue' }), endedBy);
    case 'refusing':
      return finish(step, status.reason === 'notInService' ? 'system' : endedBy);
    case 'waiting':
      return abandon(step, endedBy);
    case 'ringing':
      step.tellAgent({ agentId: status.agentId, kind: 'offerWithdrawn' }).act({ kind: 'hangUp', legId: status.legId });
      return abandon(step.set({ agentId: null }), endedBy);
    case 'talking':
    case 'held':
    case 'rejoining':
      return endTalk(step, status, endedBy);
    case 'ended':
      return false;
  }
}

function abandon(step: Step, endedBy: EndedBy): boolean {
  const waitedMs = step.now - (step.call.queuedAtMs ?? step.now);
  const short = waitedMs < (step.queue?.shortAbandonSeconds ?? 0) * 1000;
  step.set({ outcome: short ? 'shortAbandoned' : 'abandoned' }).write('callAbandoned', { short, waitedMs });
  return finish(step, endedBy);
}

/** The end of every call: the last line of its ledger, the room goes. */
function finish(step: Step, endedBy: EndedBy): boolean {
  const { call } = step;
  step.set({ endedAtMs: step.now, endedBy }).write('callEnded', { endedBy, outcome: call.outcome }, call.agentId).enter({ state: 'ended' });
  if (call.offeredAtMs !== null) step.act({ kind: 'destroyRoom' });
  return true;
}

type TalkStatus = Extract<CallStatus, { state: 'talking' | 'held' | 'rejoining' }>;

/** Customer or agent hung up: both legs go, the agent has after-call work. */
function endTalk(step: Step, status: TalkStatus, endedBy: EndedBy): boolean {
  const { call, queue } = step;
  const wrapUpEndsAtMs = queue?.wrapUpSeconds == null ? null : step.now + queue.wrapUpSeconds * 1000;
  if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  if (endedBy !== 'customer') step.act({ kind: 'hangUp', legId: call.customerLegId });
  step.tellAgent({ agentId: status.agentId, kind: 'callEnded', wrapUpEndsAtMs });
  return finish(step, endedBy);
}

function agentLegEnded(step: Step, status: CallStatus, legId: string, cause: string): boolean {
  switch (status.state) {
    case 'ringing':
      return status.legId === legId && offerFailed(step, status, cause === 'refused' || cause === 'busy' ? 'offerRefused' : 'offerMissed', cause);
    case 'talking':
    case 'held':
      if (status.legId !== legId) return false;
      // a desk phone is hung up to end the call; a browser says so first, so a leg that just vanishes is a reload or a crash
      if (status.device === 'deskPhone' && cause === 'normal') return endTalk(step, status, 'agent');
      return loseAgentLeg(step, status);
    case 'rejoining':
      if (status.legId !== legId) return false;
      step.enter({ ...status, legId: null });
      return true;
    default:
      return false;
  }
}

function offerFailed(step: Step, status: Extract<CallStatus, { state: 'ringing' }>, kind: 'offerMissed' | 'offerRefused' | 'offerLost', cause = 'refused'): boolean {
  step
    .write(kind, { cause }, status.agentId)
    .set({ returned: true, agentId: null })
    .tellAgent({ agentId: status.agentId, kind: kind === 'offerLost' ? 'offerWithdrawn' : 'offerMissed' })
    .act({ kind: 'hangUp', legId: status.legId });
  const announceAtMs = step.queue?.announcePosition ? step.now + step.queue.announceEverySeconds * 1000 : null;
  // the music plays on; a sentence that is being spoken ends by itself
  step.enter({ state: 'waiting', announceAtMs, playbackId: status.playbackId, announcements: 1 });
  return true;
}

function loseAgentLeg(step: Step, status: Extract<CallStatus, { state: 'talking' | 'held' }>): boolean {
  step
    .write('agentLegLost', {}, status.agentId)
    .enter({ state: 'rejoining', agentId: status.agentId, legId: null, device: status.device, giveUpAtMs: step.now + rejoinGraceMs, wasHeld: status.state === 'held' });
  if (status.state === 'talking') step.act({ kind: 'leaveRoom' }, { kind: 'startMusic' });
  return true;
}

function rejoin(step: Step, status: CallStatus, event: { agentId: string; device: Device; endpoint: string }): boolean {
  if ((status.state !== 'talking' && status.state !== 'held' && status.state !== 'rejoining') || status.agentId !== event.agentId) return false;
  if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  if (status.state === 'talking') step.write('agentLegLost', {}, event.agentId).act({ kind: 'leaveRoom' }, { kind: 'startMusic' });
  const legId = step.nextLegId();
  step
    .enter({
      state: 'rejoining',
      agentId: event.agentId,
      legId,
      device: event.device,
      giveUpAtMs: step.now + rejoinGraceMs,
      wasHeld: status.state === 'held' || (status.state === 'rejoining' && status.wasHeld),
    })
    .act(
      { kind: 'placeAgentLeg', legId, agentId: event.agentId, endpoint: event.endpoint, autoAnswer: true, ringTimeoutSeconds: rejoinGraceMs / 1000 },
      { kind: 'createRoom' },
    );
  return true;
}

/** The agent did not come back: the customer is served by somebody else, first in line. */
function giveUpOnAgent(step: Step, status: Extract<CallStatus, { state: 'rejoining' }>): boolean {
  if (status.legId !== null) step.act({ kind: 'hangUp', legId: status.legId });
  step.write('agentLost', {}, status.agentId).tellAgent({ agentId: status.agentId, kind: 'deviceLost' });
  step.set({ agentId: null, outcome: null, answeredAtMs: null, queuedAtMs: step.now, returned: true }).write('callQueued', { again: true });
  return wait(step);
}

function release(step: Step, status: CallStatus, endedBy: EndedBy): boolean {
  if (status.state === 'talking' || status.state === 'held' || status.state === 'rejoining') return endTalk(step, status, endedBy);
  if (status.state === 'ringing') return offerFailed(step, status, 'offerMissed', 'released');
  step.act({ kind: 'hangUp', legId: step.call.customerLegId });
  return customerLeft(step, status, endedBy);
}

function playbackEnded(step: Step, status: CallStatus, playbackId: string, completed: boolean): boolean {
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
    case 'waiting':
    case 'ringing':
      // a sentence silences the music
      step.enter({ ...status, playbackId: null }).act({ kind: 'startMusic' });
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
    case 'rejoining':
      return giveUpOnAgent(step, status);
    case 'refusing':
      step.act({ kind: 'hangUp', legId: step.call.customerLegId });
      return finish(step, 'system');
    case 'waiting': {
      const { maxWaitSeconds } = step.queue ?? { maxWaitSeconds: null };
      if (maxWaitSeconds !== null && step.call.queuedAtMs !== null && step.call.queuedAtMs + maxWaitSeconds * 1000 <= step.now) {
        return refuse(step, 'waitedTooLong', 'callFlowedOut');
      }
      const playbackId = step.nextPlaybackId();
      step
        .enter({
          state: 'waiting',
          announceAtMs: step.now + (step.queue?.announceEverySeconds ?? 60) * 1000,
          playbackId,
          announcements: status.announcements + 1,
        })
        .act({ kind: 'playAnnouncement', playbackId, first: status.announcements === 0 });
      return true;
    }
    default:
      return false;
  }
}

/** After a gap each difference between what we think and what the switch holds becomes the event that was missed. */
function compare(step: Step, status: CallStatus, seen: Extract<CallEvent, { kind: 'compared' }>): boolean {
  const { call } = step;
  if (!seen.aliveLegIds.has(call.customerLegId)) return customerLeft(step, status, status.state === 'refusing' ? 'system' : 'customer');
  switch (status.state) {
    case 'arriving':
      step.act({ kind: 'answer', legId: call.customerLegId });
      return true;
    case 'greeting':
      // whether it was heard to its end is not known; hearing it twice is worse than missing its last words
      step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
      return enterQueue(step);
    case 'refusing':
    case 'ended':
      return false;
    case 'waiting':
      step.enter({ ...status, playbackId: null }).act({ kind: 'startMusic' });
      return true;
    case 'ringing':
      if (seen.answeredLegIds.has(status.legId)) return legAnswered(step, status, status.legId);
      // the agent may even have answered while nobody listened: rung again is right, "missed" would be unjust before the time was over
      if (!seen.aliveLegIds.has(status.legId)) return offerFailed(step, status, step.now < status.giveUpAtMs ? 'offerLost' : 'offerMissed', 'unknown');
      return false;
    case 'rejoining':
      if (status.legId === null) return false;
      if (seen.answeredLegIds.has(status.legId)) return legAnswered(step, status, status.legId);
      if (!seen.aliveLegIds.has(status.legId)) return agentLegEnded(step, status, status.legId, 'unknown');
      return false;
    case 'talking':
    case 'held': {
      if (!seen.aliveLegIds.has(status.legId)) return agentLegEnded(step, status, status.legId, 'unknown');
      const shouldBeThere = status.state === 'talking' ? [call.customerLegId, status.legId] : [status.legId];
      const missing = shouldBeThere.filter((legId) => !seen.roomLegIds.has(legId));
      if (missing.length === 0) return false;
      if (missing.includes(call.customerLegId)) step.act({ kind: 'stopMusic' });
      step.act({ kind: 'createRoom' }, { kind: 'join', legIds: missing });
      return true;
    }
  }
}

/** The customer of a call can still be named after it ended: from the wrap-up, or when a new customer was made. */
function recognise(call: Call, event: Extract<CallEvent, { kind: 'customerRecognised' }>): CallStep | null {
  if (call.customerId === event.customerId) return null;
  return new Step(call, event.atMs, null).set({ customerId: event.customerId }).write('customerRecognised');
}
