import type { CallOutcome, RunningFlow } from '../../contracts/index.ts';
import type { Overflow } from '../routing/index.ts';
import type { AgentConsequence, Call, CallEffect, CallStatus, CallStep, EndedBy, LedgerKind, QueueRules, Refusal, TransferTarget } from './call-types.ts';
import { longestPromptMs } from './call-types.ts';

/** What a decision may ask of the house, as it is at that moment. Nothing of it has an effect. */
export interface Surroundings {
  /** The rules of a queue; null for one that is gone. */
  rulesOf(queueId: string): QueueRules | null;
  /** Whether the call flows out of this queue, where to and why; else when to look again. `queuedAtMs` is null on arrival. */
  overflow(queueId: string, call: Call, queuedAtMs: number | null, nowMs: number): Overflow;
  publishedFlow(flowId: string): RunningFlow | null;
  flowVersion(versionId: string): RunningFlow | null;
  isOpen(calendarId: string, atMs: number): boolean;
  /** Where a free agent is reached; null when they are not free. */
  reach(agentId: string): TransferTarget | null;
}

/** Collects what one event does to a call. */
export class Step {
  call: Call;
  readonly ledger: CallStep['ledger'] = [];
  readonly effects: CallEffect[] = [];
  readonly agents: AgentConsequence[] = [];
  wrapUp: CallStep['wrapUp'] = null;
  readonly now: number;
  readonly house: Surroundings;

  constructor(call: Call, now: number, house: Surroundings) {
    this.call = { ...call, version: call.version + 1 };
    this.now = now;
    this.house = house;
  }
  /** The rules of the queue that the call is in now. */
  get queue(): QueueRules | null {
    return this.call.queueId === null ? null : this.house.rulesOf(this.call.queueId);
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

/** Tells the caller why, and ends the call. */
export function refuse(step: Step, reason: Refusal, outcome: CallOutcome): boolean {
  answerFirst(step);
  if (step.call.status.state === 'waiting') step.act({ kind: 'stopMusic', legId: step.call.customerLegId });
  const playbackId = step.nextPlaybackId();
  step.set({ outcome });
  step.enter({ state: 'refusing', reason, playbackId, giveUpAtMs: step.now + longestPromptMs }).act({ kind: 'playRefusal', playbackId, reason });
  return true;
}

/** Nobody hears anything before the call is answered. */
export function answerFirst(step: Step): void {
  if (step.call.answeredLeg) return;
  step.act({ kind: 'answer', legId: step.call.customerLegId }).set({ answeredLeg: true });
}

/** The end of every call: the last line of its ledger, the room goes. */
export function finish(step: Step, endedBy: EndedBy): boolean {
  const { call } = step;
  step.set({ endedAtMs: step.now, endedBy, consult: null, flow: null }).write('callEnded', { endedBy, outcome: call.outcome }, call.agentId).enter({ state: 'ended' });
  if (call.hasRoom) step.act({ kind: 'destroyRoom' });
  return true;
}
