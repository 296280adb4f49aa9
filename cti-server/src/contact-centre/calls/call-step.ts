import type { AgentConsequence, Call, CallEffect, CallStatus, CallStep, EndedBy, LedgerKind, QueueRules } from './call-types.ts';
import { firstAnnouncementMs, longestPromptMs } from './call-types.ts';

/** The rules of a queue; null for one that is gone. */
export type RulesOf = (queueId: string) => QueueRules | null;

/** Collects what one event does to a call. */
export class Step {
  call: Call;
  readonly ledger: CallStep['ledger'] = [];
  readonly effects: CallEffect[] = [];
  readonly agents: AgentConsequence[] = [];
  wrapUp: CallStep['wrapUp'] = null;
  readonly now: number;
  readonly #rulesOf: RulesOf;

  constructor(call: Call, now: number, rulesOf: RulesOf) {
    this.call = { ...call, version: call.version + 1 };
    this.now = now;
    this.#rulesOf = rulesOf;
  }
  /** The rules of the queue that the call is in now. */
  get queue(): QueueRules | null {
    return this.call.queueId === null ? null : this.#rulesOf(this.call.queueId);
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
    if (effects.some((effect) => effect.kind === 'createRoom')) this.call.hasRoom = true;
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
  /** The customer hears music instead of the room. */
  musicForCustomer(): this {
    const legId = this.call.customerLegId;
    return this.act({ kind: 'leave', legId }, { kind: 'startMusic', legId });
  }
  /** The customer comes out of the music into the room, with whom else is named. */
  joinCustomer(...others: string[]): this {
    const legId = this.call.customerLegId;
    return this.act({ kind: 'stopMusic', legId }, { kind: 'join', legIds: [legId, ...others] });
  }
  /** Opens notes and after-call work, unless the queue gives no time for any. */
  openWrapUp(agentId: string): this {
    if (this.queue?.wrapUpSeconds !== 0) this.wrapUp = { agentId, queueId: this.call.queueId, startedAtMs: this.now };
    return this;
  }
  /** The agent is out of the call, with the after-call work that the queue asks for. */
  agentDone(agentId: string): this {
    const seconds = this.queue?.wrapUpSeconds;
    return this.tellAgent({ agentId, kind: 'callEnded', wrapUpEndsAtMs: seconds == null ? null : this.now + seconds * 1000 });
  }
  /** Somebody who only helped is out of the call: no after-call work. */
  helperDone(agentId: string): this {
    return this.tellAgent({ agentId, kind: 'callEnded', wrapUpEndsAtMs: this.now });
  }
}

/** Into the queue that the call now belongs to. `again`: it was with an agent before, and goes first. */
export function enterQueue(step: Step, again = false): boolean {
  step.set({ queuedAtMs: step.now, returned: again }).write('callQueued', again ? { again: true } : {});
  return wait(step);
}

/** Back to waiting, with music. */
export function wait(step: Step): boolean {
  const announceAtMs = step.queue?.announcePosition ? step.now + firstAnnouncementMs : null;
  step.enter({ state: 'waiting', announceAtMs, playbackId: null, announcements: 0 }).act({ kind: 'startMusic', legId: step.call.customerLegId });
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

export function refuse(step: Step, reason: 'notInService' | 'waitedTooLong', kind: LedgerKind): boolean {
  const { call } = step;
  step.write(kind);
  if (!call.answeredLeg) step.act({ kind: 'answer', legId: call.customerLegId }).set({ answeredLeg: true });
  if (reason === 'waitedTooLong') step.act({ kind: 'stopMusic', legId: call.customerLegId });
  const playbackId = step.nextPlaybackId();
  step.set({ outcome: reason === 'notInService' ? 'notInService' : 'flowedOut' });
  step.enter({ state: 'refusing', reason, playbackId, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playRefusal', playbackId, reason });
  return true;
}

/** The end of every call: the last line of its ledger, the room goes. */
export function finish(step: Step, endedBy: EndedBy): boolean {
  const { call } = step;
  step.set({ endedAtMs: step.now, endedBy, consult: null }).write('callEnded', { endedBy, outcome: call.outcome }, call.agentId).enter({ state: 'ended' });
  if (call.hasRoom) step.act({ kind: 'destroyRoom' });
  return true;
}
