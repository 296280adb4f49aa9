import { AnswerPace, type Pace } from './expected-wait-rules.ts';

/** What the estimate must hear of the ledger. Every other kind of event leaves it as it is. */
export interface QueueEvent {
  callId: string;
  kind: string;
  queueId: string | null;
  atMs: number;
}

interface Waiting {
  queueId: string;
  sinceMs: number;
  /** Rings somewhere: it waits for nobody to become free. */
  isOffered: boolean;
}

/** Offered sooner than this after it entered, a call did not have to wait: an agent was free. */
const atOnceMs = 1_000;

/**
 * The expected wait of every queue, folded from the ledger as events come; each costs the same however many wait. On several servers each
 * folds the events of all. A server that starts begins with what is usual and learns within some dozen answers.
 */
export class ExpectedWaits {
  readonly #paces = new Map<string, AnswerPace>();
  readonly #calls = new Map<string, Waiting>();
  /** Calls by queue that wait for somebody to become free. */
  readonly #counts = new Map<string, number>();

  fold(event: QueueEvent): void {
    const { callId, kind, queueId, atMs } = event;
    const call = this.#calls.get(callId);
    switch (kind) {
      case 'callQueued':
        if (queueId === null) return;
        this.#take(callId, atMs);
        this.#put(callId, { queueId, sinceMs: atMs, isOffered: false }, atMs);
        return;
      case 'callOffered':
        if (!call || call.isOffered) return;
        if (atMs - call.sinceMs >= atOnceMs) this.#of(call.queueId).advanced(atMs);
        this.#take(callId, atMs);
        this.#put(callId, { ...call, isOffered: true }, atMs);
        return;
      case 'offerMissed':
      case 'offerRefused':
      case 'offerLost':
        if (!call?.isOffered) return;
        this.#of(call.queueId).cameBack(atMs);
        this.#take(callId, atMs);
        this.#put(callId, { ...call, isOffered: false }, atMs);
        return;
      case 'callAbandoned':
        if (call) this.#of(call.queueId).abandoned(atMs);
        this.#take(callId, atMs);
        return;
      case 'agentAnswered':
      case 'callFlowedOut':
      case 'callEnded':
        this.#take(callId, atMs);
        return;
      default:
    }
  }

  /** These calls wait now and no others: to be told after a start, and whenever events may have been missed. */
  settle(waiting: Iterable<{ callId: string; queueId: string; sinceMs: number }>, atMs: number): void {
    for (const callId of [...this.#calls.keys()]) this.#take(callId, atMs);
    for (const { callId, ...call } of waiting) this.#put(callId, { ...call, isOffered: false }, atMs);
  }

  /** So many agents who serve the queue are at work: ready, ringing, in a call or in wrap-up. */
  agentsAre(queueId: string, atWork: number, atMs: number): void {
    this.#of(queueId).agentsAre(atWork, atMs);
  }

  /** Milliseconds until the call at this position (1: the next) will be answered; null while nobody is at work. */
  of(queueId: string, position: number): number | null {
    return this.#of(queueId).expectedWaitMs(position);
  }

  /** What the estimate is made of, for a screen that explains it. */
  paceOf(queueId: string): Pace {
    return this.#of(queueId).pace();
  }

  #put(callId: string, call: Waiting, atMs: number): void {
    this.#calls.set(callId, call);
    if (!call.isOffered) this.#count(call.queueId, 1, atMs);
  }
  #take(callId: string, atMs: number): void {
    const call = this.#calls.get(callId);
    if (!call) return;
    this.#calls.delete(callId);
    if (!call.isOffered) this.#count(call.queueId, -1, atMs);
  }
  #count(queueId: string, change: number, atMs: number): void {
    const waiting = (this.#counts.get(queueId) ?? 0) + change;
    this.#counts.set(queueId, waiting);
    this.#of(queueId).waitingIs(waiting, atMs);
  }

  #of(queueId: string): AnswerPace {
    const found = this.#paces.get(queueId);
    if (found) return found;
    const made = new AnswerPace();
    this.#paces.set(queueId, made);
    return made;
  }
}
