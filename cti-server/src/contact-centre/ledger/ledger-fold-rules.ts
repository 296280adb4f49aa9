import type { LedgerKind } from '../calls/index.ts';

/*
 * Figures folded from the ledger, the same for live screens and for reports. Definitions: an *offered* call entered the queue; each entry
 * ends in exactly one of answered, abandoned, short abandoned or flowed out, so that at any moment
 *
 *   offered = answered + abandoned + short abandoned + flowed out + still waiting
 */
export interface QueueCounts {
  offered: number;
  answered: number;
  /** Answered within the queue's service level. */
  answeredInTime: number;
  abandoned: number;
  shortAbandoned: number;
  flowedOut: number;
  /** Sum of the waits of answered calls; divided by `answered` it is the average speed of answer. */
  waitMsOfAnswered: number;
}

export const noCounts = (): QueueCounts => ({
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  shortAbandoned: 0,
  flowedOut: 0,
  waitMsOfAnswered: 0,
});

export interface FoldedEvent {
  kind: LedgerKind | string;
  data: Record<string, unknown>;
}

/** Adds one event to the counts of its queue. Events that are no figure leave them as they are. */
export function foldEvent(counts: QueueCounts, event: FoldedEvent, serviceLevelSeconds: number): void {
  switch (event.kind) {
    case 'callQueued':
      counts.offered += 1;
      break;
    case 'agentAnswered': {
      const waitedMs = Number(event.data['waitedMs'] ?? 0);
      counts.answered += 1;
      counts.waitMsOfAnswered += waitedMs;
      if (waitedMs <= serviceLevelSeconds * 1000) counts.answeredInTime += 1;
      break;
    }
    case 'callAbandoned':
      if (event.data['short'] === true) counts.shortAbandoned += 1;
      else counts.abandoned += 1;
      break;
    case 'callFlowedOut':
      counts.flowedOut += 1;
      break;
    default:
  }
}

/** How many calls wait according to the counts; must equal the calls that really wait. */
export const stillWaiting = (counts: QueueCounts): number =>
  counts.offered - counts.answered - counts.abandoned - counts.shortAbandoned - counts.flowedOut;

/**
 * Counts that begin in the middle of the ledger, at midnight. A call that was waiting then is offered to the new day as it was to the old
 * one, and its end belongs to the day on which it ends: so the equation above holds within each day.
 */
export class CountsSince {
  readonly counts = new Map<string, QueueCounts>();
  /** Calls that were offered and whose end was not read yet. */
  readonly #open = new Map<string, string>();
  readonly #serviceLevelSeconds: (queueId: string) => number;

  constructor(serviceLevelSeconds: (queueId: string) => number) {
    this.#serviceLevelSeconds = serviceLevelSeconds;
  }

  add(event: FoldedEvent & { callId: string; queueId: string | null }): void {
    const { callId, queueId } = event;
    if (queueId === null) return;
    if (event.kind === 'callQueued') this.#open.set(callId, queueId);
    else if (endsTheWait.has(event.kind) && !this.#open.delete(callId)) this.of(queueId).offered += 1;
    foldEvent(this.of(queueId), event, this.#serviceLevelSeconds(queueId));
  }

  /** These calls wait now; one that was not read has been waiting since before the beginning. */
  settle(waiting: Iterable<{ callId: string; queueId: string }>): void {
    for (const { callId, queueId } of waiting) if (!this.#open.has(callId)) this.of(queueId).offered += 1;
  }

  of(queueId: string): QueueCounts {
    const found = this.counts.get(queueId);
    if (found) return found;
    const made = noCounts();
    this.counts.set(queueId, made);
    return made;
  }
}

const endsTheWait: ReadonlySet<string> = new Set<LedgerKind>(['agentAnswered', 'callAbandoned', 'callFlowedOut']);
