import { answerFirst, finish, refuse, type Step } from './call-step.ts';
import type { CallEvent, CallStatus, Device, EndedBy } from './call-types.ts';
import { divert, enterQueue, startFlow } from './leading-moves.ts';
import { longestPromptMs, ringMarginMs } from './call-types.ts';

/* From the arrival to an agent: greeting, queue, offers. */

export function route(step: Step, event: Extract<CallEvent, { kind: 'routed' }>): boolean {
  const { call } = step.set({ queueId: event.queueId, priorityBonus: event.priorityBonus ?? 0 });
  const { queue } = step;
  step.write('callArrived', { from: call.fromE164 ?? call.fromRaw, dialled: call.dialledNumber });
  const flow = event.flowId == null ? null : step.house.publishedFlow(event.flowId);
  if (flow !== null) return startFlow(step.set({ queueId: null }), flow);
  if (event.queueId === null || queue === null) {
    step.write('callNotInService');
    return refuse(step, 'notInService', 'notInService');
  }
  answerFirst(step);
  if (!queue.playGreeting) return enterQueue(step);
  const playbackId = step.nextPlaybackId();
  step.enter({ state: 'greeting', playbackId, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playGreeting', playbackId });
  return true;
}

/** Rings at an agent; the customer goes on hearing music. */
export function offer(step: Step, playbackId: string | null, to: { agentId: string; device: Device; endpoint: string }): boolean {
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

/** The agent did not take it: back to the head of the queue. */
export function offerFailed(step: Step, status: Extract<CallStatus, { state: 'ringing' }>, kind: 'offerMissed' | 'offerRefused' | 'offerLost', cause = 'refused'): boolean {
  step
    .write(kind, { cause }, status.agentId)
    .set({ returned: true, agentId: null })
    .tellAgent({ agentId: status.agentId, kind: kind === 'offerLost' ? 'offerWithdrawn' : 'offerMissed' })
    .act({ kind: 'hangUp', legId: status.legId });
  const announceAtMs = step.queue?.announcePosition ? step.now + step.queue.announceEverySeconds * 1000 : null;
  // the music plays on; a sentence that is being spoken ends by itself
  const over = step.house.overflow(step.call.queueId ?? '', step.call, step.call.queuedAtMs, step.now);
  step.enter({ state: 'waiting', announceAtMs, playbackId: status.playbackId, announcements: 1, lookAgainAtMs: over.flowsOut ? step.now : over.lookAgainAtMs });
  return true;
}

/** The moment has come to say something to who waits, or to send them elsewhere. */
export function waitedOn(step: Step, status: Extract<CallStatus, { state: 'waiting' }>): boolean {
  const { call } = step;
  const queueId = call.queueId ?? '';
  const over = step.house.overflow(queueId, call, call.queuedAtMs, step.now);
  if (over.flowsOut) {
    if (status.playbackId !== null) step.act({ kind: 'stopPlaying', playbackId: status.playbackId });
    step.write('callFlowedOut', { reason: over.flowsOut.reason, ...over.flowsOut.action });
    return divert(step, queueId, over.flowsOut.action);
  }
  const { lookAgainAtMs } = over;
  if (status.announceAtMs === null || status.announceAtMs > step.now) {
    step.enter({ ...status, lookAgainAtMs });
    return true;
  }
  const playbackId = step.nextPlaybackId();
  const announceAtMs = step.now + (step.queue?.announceEverySeconds ?? 60) * 1000;
  step
    .enter({ state: 'waiting', announceAtMs, playbackId, announcements: status.announcements + 1, lookAgainAtMs })
    .act({ kind: 'playAnnouncement', playbackId, first: status.announcements === 0 });
  return true;
}

export function abandon(step: Step, endedBy: EndedBy): boolean {
  const waitedMs = step.now - (step.call.queuedAtMs ?? step.now);
  const short = waitedMs < (step.queue?.shortAbandonSeconds ?? 0) * 1000;
  step.set({ outcome: short ? 'shortAbandoned' : 'abandoned' }).write('callAbandoned', { short, waitedMs });
  return finish(step, endedBy);
}
