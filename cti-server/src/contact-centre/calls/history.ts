import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Directory } from '../directory/index.ts';
import type { CallBoard } from './call-board.ts';
import type { Call, CallDirection } from './call-types.ts';
import type { CallsStore } from './calls.store.ts';
import type { WrapUpsStore } from './wrap-ups.store.ts';

/** A call as the customer's history tells it. */
export interface HistoryEntry {
  callId: string;
  customerId: string;
  atMs: number;
  direction: CallDirection;
  queueName: string | null;
  agentId: string | null;
  outcome: string | null;
  talkSeconds: number | null;
  waitSeconds: number | null;
  dispositionName: string | null;
  notes: string | null;
}

export interface HistoryOptions {
  board: CallBoard;
  store: CallsStore;
  wrapUps: WrapUpsStore;
  directory: Directory;
  clock: Clock;
  logger: Logger;
  save(entry: HistoryEntry): Promise<void>;
}

const retryMs = 2_000;
/** What a crash may have kept from being told is looked for this far back. */
const makeUpMs = 24 * 3600_000;

/**
 * Brings calls into the customers' history. It is told after the fact and may be told again at any time, so it never holds up a call; what
 * fails is tried again, and a start makes up for what a crash prevented.
 */
export class History {
  readonly #o: HistoryOptions;
  constructor(options: HistoryOptions) {
    this.#o = options;
  }

  record(callId: string): void {
    this.#record(callId).catch((error: unknown) => {
      this.#o.logger.warn({ err: error, callId }, 'a call is not in the history yet; tried again');
      this.#o.clock.setTimer(retryMs, () => this.record(callId));
    });
  }

  async makeUp(): Promise<void> {
    for (const call of await this.#o.store.endedWithCustomerSince(this.#o.clock.now() - makeUpMs)) await this.#tell(call);
  }

  async #record(callId: string): Promise<void> {
    const call = this.#o.board.find(callId) ?? (await this.#o.store.find(callId))?.call;
    if (call && call.status.state === 'ended') await this.#tell(call);
  }

  async #tell(call: Call): Promise<void> {
    if (call.customerId === null) return;
    const { directory, wrapUps } = this.#o;
    const queue = call.queueId === null ? undefined : directory.queue(call.queueId);
    // a queue that gives no time for after-call work opens none
    const wrapUp = call.agentId === null || queue?.wrapUpSeconds === 0 ? null : await wrapUps.find(call.id, call.agentId);
    await this.#o.save({
      callId: call.id,
      customerId: call.customerId,
      atMs: call.startedAtMs,
      direction: call.direction,
      queueName: queue?.name ?? null,
      agentId: call.answeredAtMs === null ? null : call.agentId,
      outcome: call.outcome,
      talkSeconds: call.answeredAtMs === null || call.endedAtMs === null ? null : Math.round((call.endedAtMs - call.answeredAtMs) / 1000),
      waitSeconds: call.queuedAtMs === null ? null : Math.round(((call.answeredAtMs ?? call.endedAtMs ?? call.queuedAtMs) - call.queuedAtMs) / 1000),
      dispositionName: wrapUp?.dispositionId ? (directory.disposition(wrapUp.dispositionId)?.name ?? null) : null,
      notes: wrapUp?.notes ? wrapUp.notes : null,
    });
  }
}
