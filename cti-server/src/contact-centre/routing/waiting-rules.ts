import type { Calendar, Queue, WaitingAction } from '../../contracts/index.ts';
import { hoursAt } from '../../contracts/index.ts';

/*
 * When a call does not wait in its queue, or no longer, and where it goes instead. Pure: `overflowOf` is asked on arrival, and again when
 * the time it named has come, when an agent of the queue comes or goes, and when the queue or its calendar is changed.
 *
 * On arrival: closed, then nobody there, then full. While waiting: the queue closed, then the longest wait is over, then nobody there.
 */

export type WaitingQueue = Pick<
  Queue,
  'id' | 'maxLength' | 'whenFull' | 'maxWaitSeconds' | 'afterMaxWait' | 'noAgentsWhen' | 'noAgentsAfterSeconds' | 'whenNoAgents' | 'afterHours' | 'atClosing'
>;

export interface WaitingFacts {
  /** When the call entered the queue; null: it arrives. */
  queuedAtMs: number | null;
  /** Calls that wait in the queue now, without this one. */
  waiting: number;
  /** Since when nobody who serves the queue is signed in for work; null: somebody is. */
  noneLoggedInSinceMs: number | null;
  /** Since when nobody's device can be reached; null: somebody's can. */
  noneReachableSinceMs: number | null;
  /** The queue's; null: always open. */
  calendar: Calendar | null;
  /** Queues that the call was in before. It is not sent back to them: it would go round for ever. */
  visitedQueueIds: readonly string[];
}

export type OverflowReason = 'closed' | 'noAgents' | 'full' | 'closing' | 'waitedTooLong';

export interface Overflow {
  flowsOut: { action: WaitingAction; reason: OverflowReason } | null;
  /** When the answer may change by the passing of time alone; null: never, or the call flows out. */
  lookAgainAtMs: number | null;
}

/** Whether the call flows out of the queue now, where to and why; else when to ask again. */
export function overflowOf(queue: WaitingQueue, facts: WaitingFacts, nowMs: number): Overflow {
  const isArriving = facts.queuedAtMs === null;
  let lookAgainAtMs: number | null = null;
  const consider = (atMs: number | null): void => {
    if (atMs !== null && atMs > nowMs && (lookAgainAtMs === null || atMs < lookAgainAtMs)) lookAgainAtMs = atMs;
  };
  const flowOut = (action: WaitingAction, reason: OverflowReason): Overflow => ({ flowsOut: { action, reason }, lookAgainAtMs: null });
  const maySend = (action: WaitingAction): boolean => action.to !== 'queue' || (action.queueId !== queue.id && !facts.visitedQueueIds.includes(action.queueId));

  if (facts.calendar !== null && (isArriving || queue.atClosing !== null)) {
    const hours = hoursAt(facts.calendar, nowMs);
    const action = isArriving ? queue.afterHours : queue.atClosing;
    if (!hours.isOpen && action !== null && maySend(action)) return flowOut(action, isArriving ? 'closed' : 'closing');
    if (hours.isOpen && queue.atClosing !== null) consider(hours.changesAtMs);
  }

  if (facts.queuedAtMs !== null && queue.maxWaitSeconds !== null) {
    const giveUpAtMs = facts.queuedAtMs + queue.maxWaitSeconds * 1000;
    if (giveUpAtMs <= nowMs && maySend(queue.afterMaxWait)) return flowOut(queue.afterMaxWait, 'waitedTooLong');
    consider(giveUpAtMs);
  } else if (isArriving && queue.maxWaitSeconds !== null) {
    consider(nowMs + queue.maxWaitSeconds * 1000);
  }

  const goneSinceMs =
    queue.noAgentsWhen === 'noneLoggedIn' ? facts.noneLoggedInSinceMs : queue.noAgentsWhen === 'noneReachable' ? facts.noneReachableSinceMs : null;
  if (goneSinceMs !== null) {
    const sureAtMs = goneSinceMs + queue.noAgentsAfterSeconds * 1000;
    if (sureAtMs <= nowMs && maySend(queue.whenNoAgents)) return flowOut(queue.whenNoAgents, 'noAgents');
    consider(sureAtMs);
  }

  if (isArriving && queue.maxLength !== null && facts.waiting >= queue.maxLength && maySend(queue.whenFull)) return flowOut(queue.whenFull, 'full');
  return { flowsOut: null, lookAgainAtMs };
}

/** Keeps the instant since when a count is zero: `before` is what was kept, null while somebody was there. */
export const noneSince = (before: number | null, count: number, nowMs: number): number | null => (count > 0 ? null : (before ?? nowMs));
