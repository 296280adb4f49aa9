import type { AttemptOutcome, CallbackKind, CallbackMode, CallbackState } from '../../contracts/index.ts';

/*
 * Whom to call back, when, and who does it. Pure.
 *
 *              claimed                 dialled
 *   open ────────────────► claimed ────────────────► calling ──answered──► done
 *    ▲  ◄──released, ran out──┘                         │
 *    │                                                  ├──no answer, busy, …: again later ──► open
 *    └── rescheduled, reassigned (open, claimed)        └──… for the last time ─────────────► failed
 *
 *   open, claimed ──cancelled──► cancelled               open, claimed, calling ──completed──► done
 *
 * Of many who claim the same one wins: the others find it claimed. A claim runs out, so that nobody who closed the browser keeps it. An
 * attempt is told by its call and may come at any time, also when nothing of its beginning was saved; what is final stays.
 */

export interface CallbackFacts {
  state: CallbackState;
  kind: CallbackKind;
  queueId: string | null;
  /** Whose it is; null: anybody's who serves the queue. */
  agentId: string | null;
  dueAtMs: number;
  remindAtMs: number;
  tries: number;
  lastOutcome: AttemptOutcome | null;
  claimedBy: string | null;
  claimedUntilMs: number | null;
  callId: string | null;
  endedAtMs: number | null;
}

export type CallbackEvent = { atMs: number } & (
  | { kind: 'claimed'; agentId: string }
  | { kind: 'released' }
  | { kind: 'claimRanOut' }
  | { kind: 'dialled'; agentId: string; callId: string }
  | { kind: 'attempted'; callId: string; outcome: AttemptOutcome }
  | { kind: 'completed' }
  | { kind: 'cancelled' }
  | { kind: 'rescheduled'; dueAtMs: number }
  | { kind: 'reassigned'; agentId: string | null; queueId: string | null }
  | { kind: 'snoozed'; untilMs: number }
);

export interface RetryRules {
  /** After so many attempts that reached nobody it has failed. */
  maxTries: number;
  afterMs: Readonly<Record<Exclude<AttemptOutcome, 'answered'>, number>>;
}

const minuteMs = 60_000;
/** Somebody busy is there; somebody who does not answer is not, and should not be rung again and again. What failed may work soon. */
export const defaultRetries: RetryRules = {
  maxTries: 5,
  afterMs: { busy: 10 * minuteMs, noAnswer: 60 * minuteMs, rejected: 60 * minuteMs, unreachable: 30 * minuteMs, failed: 10 * minuteMs, cancelled: 0 },
};

/** From claiming to dialling. */
export const claimMs = 10 * minuteMs;
/** Longer than any call: what is still `calling` then was forgotten by a server that died. */
export const callingMs = 4 * 60 * minuteMs;
/** Due for longer than this, a callback is overdue. */
export const overdueAfterMs = 15 * minuteMs;

const finals: ReadonlySet<CallbackState> = new Set(['done', 'failed', 'cancelled']);
export const isFinal = (state: CallbackState): boolean => finals.has(state);
export const isDue = (callback: Pick<CallbackFacts, 'state' | 'dueAtMs'>, nowMs: number): boolean => !isFinal(callback.state) && callback.dueAtMs <= nowMs;
/** Nobody has begun although its time is long past. */
export const isOverdue = (callback: Pick<CallbackFacts, 'state' | 'dueAtMs'>, nowMs: number): boolean => callback.state !== 'calling' && isDue(callback, nowMs - overdueAfterMs);

const hasRunOut = (callback: CallbackFacts, atMs: number): boolean => callback.claimedUntilMs !== null && callback.claimedUntilMs <= atMs;
const unclaimed = { state: 'open', claimedBy: null, claimedUntilMs: null, callId: null } as const;

export type NextCallback<Facts extends CallbackFacts> = { callback: Facts } | { refused: 'ended' | 'taken' | 'calling' };

/** The callback after the event; the same object when it changes nothing. */
export function nextCallback<Facts extends CallbackFacts>(callback: Facts, event: CallbackEvent, retries: RetryRules = defaultRetries): NextCallback<Facts> {
  const { atMs } = event;
  if (isFinal(callback.state)) return event.kind === 'attempted' || event.kind === 'claimRanOut' || event.kind === 'released' ? { callback } : { refused: 'ended' };
  const isFree = callback.state === 'open' || hasRunOut(callback, atMs);
  switch (event.kind) {
    case 'claimed':
      if (!isFree && callback.claimedBy !== event.agentId) return { refused: 'taken' };
      if (callback.state === 'calling' && !isFree) return { refused: 'calling' };
      return { callback: { ...callback, ...unclaimed, state: 'claimed', claimedBy: event.agentId, claimedUntilMs: atMs + claimMs } };
    case 'released':
      return { callback: callback.state === 'claimed' ? { ...callback, ...unclaimed } : callback };
    case 'claimRanOut':
      return { callback: callback.state !== 'open' && hasRunOut(callback, atMs) ? { ...callback, ...unclaimed } : callback };
    case 'dialled':
      if (callback.callId === event.callId) return { callback };
      if (!isFree && callback.claimedBy !== event.agentId) return { refused: 'taken' };
      return { callback: { ...callback, state: 'calling', claimedBy: event.agentId, claimedUntilMs: atMs + callingMs, callId: event.callId } };
    case 'attempted': {
      const { outcome } = event;
      // another call is being made meanwhile: this one only counts
      const isOther = callback.state === 'calling' && callback.callId !== event.callId;
      if (outcome === 'answered') return { callback: { ...callback, ...unclaimed, lastOutcome: outcome, state: 'done', endedAtMs: atMs } };
      if (outcome === 'cancelled') return { callback: isOther ? callback : { ...callback, ...unclaimed, lastOutcome: outcome } };
      const tries = callback.tries + 1;
      if (isOther) return { callback: { ...callback, tries, lastOutcome: outcome } };
      if (tries >= retries.maxTries) return { callback: { ...callback, ...unclaimed, tries, lastOutcome: outcome, state: 'failed', endedAtMs: atMs } };
      const dueAtMs = atMs + retries.afterMs[outcome];
      return { callback: { ...callback, ...unclaimed, tries, lastOutcome: outcome, dueAtMs, remindAtMs: dueAtMs } };
    }
    case 'completed':
      return { callback: { ...callback, ...unclaimed, state: 'done', endedAtMs: atMs } };
    case 'cancelled':
      if (callback.state === 'calling' && !isFree) return { refused: 'calling' };
      return { callback: { ...callback, ...unclaimed, state: 'cancelled', endedAtMs: atMs } };
    case 'rescheduled':
      if (callback.state === 'calling' && !isFree) return { refused: 'calling' };
      return { callback: { ...callback, ...unclaimed, dueAtMs: event.dueAtMs, remindAtMs: event.dueAtMs } };
    case 'reassigned':
      if (callback.state === 'calling' && !isFree) return { refused: 'calling' };
      return { callback: { ...callback, ...unclaimed, agentId: event.agentId, queueId: event.queueId, remindAtMs: callback.dueAtMs } };
    case 'snoozed':
      return { callback: { ...callback, remindAtMs: event.untilMs } };
  }
}

/** Who asks: what is theirs, and how far they look after others'. */
export interface Reach {
  userId: string;
  /** Served by the user. */
  queueIds: ReadonlySet<string>;
  /** Null: everybody. Else these people's and these queues' as well. */
  others: { agentIds: ReadonlySet<string>; queueIds: ReadonlySet<string> } | null;
  /** May change what is others'. */
  manages: boolean;
}

type Whose = Pick<CallbackFacts, 'agentId' | 'queueId'>;

/** Whether somebody may take it on: the one it was given to, else whoever serves its queue. */
export const mayClaim = (reach: Pick<Reach, 'userId' | 'queueIds'>, callback: Whose): boolean =>
  callback.agentId !== null ? callback.agentId === reach.userId : callback.queueId !== null && reach.queueIds.has(callback.queueId);

/** Whether somebody may move it, give it to another or call it off: who may take it on, who made it, and who looks after them. */
export function mayArrange(reach: Reach, callback: Whose & { createdBy: string | null }): boolean {
  if (mayClaim(reach, callback) || callback.createdBy === reach.userId) return true;
  if (!reach.manages) return false;
  if (reach.others === null) return true;
  return callback.agentId !== null ? reach.others.agentIds.has(callback.agentId) : callback.queueId !== null && reach.others.queueIds.has(callback.queueId);
}

/** A place in a queue, kept for a caller who hung up: it is routed like a waiting call, and `returned` never. */
export interface KeptPlace {
  callbackId: string;
  queueId: string;
  priority: number;
  /** When the caller came into the queue, not when they hung up. */
  queuedAtMs: number;
  /** Not before: a place whose customer was busy waits a little. */
  dueAtMs: number;
  number: string;
  customerId: string | null;
  contactName: string;
}

/**
 * What to do when an agent would be free for a place.
 *
 * `agentFirst`: the agent is taken as for a call and rung; once the agent is there the customer is called. Nobody ever waits for an agent,
 * and an agent may wait for a ring that nobody answers.
 * `customerFirst`: the customer is called while the agent stays free for others; once they answer they stand in the queue with the place
 * they kept, ahead of all who came later, and the next agent is rung. Agents lose no time, and the customer may hear music for a moment.
 *
 * Whoever does not come: the agent's refusal or silence gives the place back (`release`), the customer's is an attempt (`noteAttempt`).
 */
export interface PlaceCallPlan {
  first: 'agent' | 'customer';
  /** The agent counts as taken from the beginning. */
  holdsAgent: boolean;
  /** How the customer's leg goes on once they answered. */
  whenCustomerAnswers: 'joinAgent' | 'waitInKeptPlace';
}

/** A place that was kept before the queue stopped keeping any (`off`) is called with the agent first. */
export function planPlaceCall(mode: CallbackMode): PlaceCallPlan {
  return mode === 'customerFirst'
    ? { first: 'customer', holdsAgent: false, whenCustomerAnswers: 'waitInKeptPlace' }
    : { first: 'agent', holdsAgent: true, whenCustomerAnswers: 'joinAgent' };
}
