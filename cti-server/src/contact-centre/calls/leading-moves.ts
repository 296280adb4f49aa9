import { enterFlow, type FlowEvent, type FlowExit, type FlowStep, nextInFlow, type RunningFlow, type WaitingAction } from '../../contracts/index.ts';
import { answerFirst, finish, refuse, type Step } from './call-step.ts';
import type { CallEffect, CallStatus, TransferTarget } from './call-types.ts';
import { firstAnnouncementMs, longestPromptMs } from './call-types.ts';
import { named, ring } from './ringing-moves.ts';

/*
 * Where a caller is led before an agent is there: call flows, queues, and what is done where a queue takes nobody. They lead into each
 * other; `visitedQueueIds` and the flow's own limit of steps see to it that nobody goes round for ever.
 */

/** Into the queue that the call now belongs to, unless that takes nobody now. `again`: it was with an agent before, and goes first. */
export function enterQueue(step: Step, again = false): boolean {
  const { call } = step;
  step.set({ flow: null });
  const queueId = call.queueId ?? '';
  const over = step.house.overflow(queueId, call, null, step.now);
  if (!again && over.flowsOut) {
    step.write('callDiverted', { reason: over.flowsOut.reason, ...over.flowsOut.action });
    return divert(step, queueId, over.flowsOut.action);
  }
  answerFirst(step);
  step.set({ queuedAtMs: step.now, returned: again }).write('callQueued', again ? { again: true } : {});
  return wait(step, over.lookAgainAtMs);
}

/** Back to waiting, with music. */
function wait(step: Step, lookAgainAtMs: number | null): boolean {
  const announceAtMs = step.queue?.announcePosition ? step.now + firstAnnouncementMs : null;
  step.enter({ state: 'waiting', announceAtMs, playbackId: null, announcements: 0, lookAgainAtMs }).act({ kind: 'startMusic', legId: step.call.customerLegId });
  return true;
}

/** Nobody is with the customer any more: first in line of their queue, else of `fallbackQueueId`; without one the call ends. */
export function backToQueue(step: Step, fallbackQueueId: string | null): boolean {
  const queueId = step.call.queueId ?? fallbackQueueId;
  if (queueId === null) {
    step.act({ kind: 'hangUp', legId: step.call.customerLegId });
    return finish(step, 'system');
  }
  step.set({ queueId, agentId: null, outcome: null, answeredAtMs: null });
  return enterQueue(step, true);
}

/** Into another queue: its own rules, and a new entry in its figures. */
export function intoQueue(step: Step, queueId: string): boolean {
  step.set({ queueId, agentId: null, answeredAtMs: null, outcome: null, consult: null });
  return enterQueue(step);
}

/** What a queue does with a call that it does not take, or no longer. */
export function divert(step: Step, queueId: string, action: WaitingAction): boolean {
  step.set({ visitedQueueIds: [...step.call.visitedQueueIds, queueId] });
  switch (action.to) {
    case 'announcement':
      return refuse(step, action.announcement, 'flowedOut');
    case 'queue':
      return intoQueue(step, action.queueId);
    case 'voicemail':
      return takeMessage(step, queueId, [{ kind: 'sentence', name: 'leaveMessage' }]);
    case 'number':
      return handOver(step, { kind: 'number', number: action.number, callerNumber: step.call.dialledNumber });
    case 'flow': {
      const flow = step.house.publishedFlow(action.flowId);
      return flow === null ? refuse(step, 'callLater', 'flowedOut') : startFlow(step, flow);
    }
  }
}

// ── flows ──

export function startFlow(step: Step, flow: RunningFlow): boolean {
  const { call } = step;
  if (call.status.state === 'waiting') step.act({ kind: 'stopMusic', legId: call.customerLegId });
  answerFirst(step);
  const facts = { playbackPrefix: step.nextPlaybackId(), number: call.fromE164, country: call.country, dialledNumber: call.dialledNumber, caller: null };
  return follow(step, enterFlow(flow, facts, step.house, step.now));
}

/** Tells the flow what happened; false when that means nothing there. */
export function tellFlow(step: Step, event: FlowEvent): boolean {
  const { flow: position } = step.call;
  if (position === null) return false;
  const flow = step.house.flowVersion(position.versionId);
  if (flow === null) {
    // its version is not known any more, which only happens to a caller who stood in it for a day
    step.act({ kind: 'hangUp', legId: step.call.customerLegId });
    return finish(step.set({ outcome: 'abandonedBeforeQueue' }), 'system');
  }
  const next = nextInFlow(flow, position, event, step.house, step.now);
  return next !== null && follow(step, next);
}

function follow(step: Step, next: FlowStep): boolean {
  step.set({ flow: next.position }).enter({ state: 'inFlow' });
  if (next.trail.length > 0) step.write('flowSteps', { versionId: next.position.versionId, steps: next.trail });
  for (const effect of next.effects) {
    if (effect.kind === 'lookUp') step.act({ kind: 'lookUpCaller' });
    else if (effect.kind === 'stopPlaying') step.act(effect);
    else step.act({ kind: 'playPrompts', playbackId: effect.playbackId, prompts: effect.prompts });
  }
  return next.exit === null || leaveFlow(step, next.exit);
}

function leaveFlow(step: Step, exit: FlowExit): boolean {
  const { call } = step;
  switch (exit.kind) {
    case 'queue':
      if (step.house.rulesOf(exit.queueId) === null) return refuse(step, 'callLater', 'flowedOut');
      step.set({ queueId: exit.queueId, priorityBonus: call.priorityBonus + exit.priorityBonus });
      return enterQueue(step);
    case 'agent': {
      const target = step.house.reach(exit.agentId);
      return target === null ? tellFlow(step, { kind: 'exitFailed', reason: 'notFree' }) : handOver(step, target, exit.patienceSeconds);
    }
    case 'number':
      return handOver(step, { kind: 'number', number: exit.number, callerNumber: call.dialledNumber }, exit.ringSeconds);
    case 'voicemail':
      step.set({ queueId: exit.queueId });
      return takeMessage(step, exit.queueId, exit.prompts.length > 0 ? exit.prompts : [{ kind: 'sentence', name: 'leaveMessage' }]);
    case 'callbackOffer':
      step.enter({ state: 'leavingPlace', queueId: exit.queueId, giveUpAtMs: step.now + keepPlaceMs }).act({ kind: 'keepPlace', queueId: exit.queueId });
      return true;
    case 'hangUp':
      step.act({ kind: 'hangUp', legId: call.customerLegId });
      return finish(step.set({ outcome: 'servedByFlow' }), 'system');
  }
}

/** How long the writing down of a place may take. */
const keepPlaceMs = 5_000;

/** The place is written down, and the caller is told so. */
export function placeKept(step: Step, queueId: string): boolean {
  step.set({ queueId, flow: null }).write('placeKept');
  return refuse(step, 'weCallBack', 'callbackTaken');
}

/** Straight to an agent or a number, with music until the answer. */
function handOver(step: Step, target: TransferTarget, ringSeconds?: number): boolean {
  const { call } = step;
  answerFirst(step);
  if (call.status.state !== 'waiting') step.act({ kind: 'startMusic', legId: call.customerLegId });
  const { legId, giveUpAtMs } = ring(step, target, ringSeconds);
  step.act({ kind: 'createRoom' }).write('callTransferred', { how: 'led', ...named(target) });
  step.enter({ state: 'transferring', target, legId, giveUpAtMs, fromAgentId: null });
  return true;
}

// ── voicemail ──

type Said = Extract<CallEffect, { kind: 'playPrompts' }>;

function takeMessage(step: Step, queueId: string, prompts: Said['prompts']): boolean {
  const { call } = step;
  if (call.status.state === 'waiting') step.act({ kind: 'stopMusic', legId: call.customerLegId });
  answerFirst(step);
  const playbackId = step.nextPlaybackId();
  step.enter({ state: 'voicemail', queueId, playbackId, recordingId: `voicemail-${call.id}`, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playPrompts', playbackId, prompts });
  return true;
}

/** The caller has heard what to do: now they are recorded. */
export function beginMessage(step: Step, status: Extract<CallStatus, { state: 'voicemail' }>): boolean {
  const rules = step.house.rulesOf(status.queueId);
  const maxSeconds = rules?.voicemailMaxSeconds ?? 120;
  step
    .enter({ ...status, playbackId: null, giveUpAtMs: step.now + (maxSeconds + 10) * 1000 })
    .write('voicemailBegan')
    .act({ kind: 'record', recordingId: status.recordingId, maxSeconds, silenceSeconds: rules?.voicemailSilenceSeconds ?? 5 });
  return true;
}

/** The message is there, as far as one was spoken: the call is over. */
export function endMessage(step: Step, status: Extract<CallStatus, { state: 'voicemail' }>, seconds: number, endedBy: 'customer' | 'system'): boolean {
  const began = status.playbackId === null;
  if (began) step.write('voicemailLeft', { seconds, queueId: status.queueId, recordingId: status.recordingId });
  if (endedBy === 'system') step.act({ kind: 'hangUp', legId: step.call.customerLegId });
  return finish(step.set({ queueId: status.queueId, outcome: began ? 'voicemail' : 'abandonedBeforeQueue' }), endedBy);
}
