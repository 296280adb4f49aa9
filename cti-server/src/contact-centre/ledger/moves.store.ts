import type { Database } from '../../db/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import { isDatabaseAway } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Move, MoveResult } from './moves.ts';

export interface MoveWriter {
  /**
   * Saves a move durably. Moves are saved in the order they are given, many at a time. While the database is away it waits and tries
   * again for ever: a move is never lost and never saved twice. Rejects only when the database refuses the move itself (a defect).
   */
  save(move: Move): Promise<MoveResult>;
  /** Waits until all that was given is saved. */
  drain(): Promise<void>;
  /** Since when the database has been away; null while it answers. */
  awaySinceMs(): number | null;
}

interface Waiting {
  move: Move;
  done: (result: MoveResult) => void;
  fail: (error: unknown) => void;
}

/** More than this in one statement would make the first of them wait too long. */
const largestBatch = 64;
const mostLooks = 3;
const retryMs = [50, 100, 200, 400, 800, 1000] as const;

/**
 * Group commit: while one batch is under way, the next collects. A quiet system pays one round trip, a busy one a fraction of it per call.
 */
export function createMoveWriter(options: { database: Database; clock: Clock; logger: Logger }): MoveWriter {
  const { database, clock, logger } = options;
  const pool = database.$client;
  const waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let awaySinceMs: number | null = null;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, independent(waiting));
      await writeUntilDone(batch);
    }
    // in the same step as the last look: a move that is given a moment later must find that nobody writes
    writing = null;
  };

  const writeUntilDone = async (batch: Waiting[]): Promise<void> => {
    for (let attempt = 0; ; attempt++) {
      try {
        const results = await write(batch.map((entry) => entry.move));
        if (awaySinceMs !== null) logger.info({ awayMs: clock.now() - awaySinceMs }, 'database is back');
        awaySinceMs = null;
        batch.forEach((entry, index) => entry.done(results[index] ?? 'ok'));
        return;
      } catch (error) {
        if (!isDatabaseAway(error)) {
          if (batch.length === 1) return batch[0]?.fail(error);
          // one of them is at fault: the others must not suffer
          for (const entry of batch) await writeUntilDone([entry]);
          return;
        }
        if (awaySinceMs === null) {
          awaySinceMs = clock.now();
          logger.error({ err: error, moves: batch.length }, 'database is away: calls go on, their moves wait');
        }
        await new Promise<void>((resolve) => clock.setTimer(retryMs[Math.min(attempt, retryMs.length - 1)] ?? 1000, resolve));
      }
    }
  };

  /** At once when nobody else moved any of them; else one by one, which tells whose turn it was. */
  const write = async (moves: Move[]): Promise<MoveResult[]> => {
    try {
      await pool.query({ name: 'save_moves_at_once', text: 'select save_moves_at_once($1, $2, $3, $4, $5)', values: toLists(moves) });
      return moves.map(() => 'ok');
    } catch (error) {
      if (!needsOneByOne(error)) throw error;
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await writeOneByOne(moves);
      } catch (error) {
        // two who make the same row at the same moment: the next look finds it there
        if (!needsOneByOne(error) || attempt === mostLooks) throw error;
      }
    }
  };

  const writeOneByOne = async (moves: Move[]): Promise<MoveResult[]> => {
    const answer = await pool.query<{ ordinal: number; result: MoveResult }>({
      name: 'save_moves',
      text: 'select ordinal, result from save_moves($1::jsonb)',
      values: [JSON.stringify(moves.map(toRow))],
    });
    return answer.rows.map((row) => row.result);
  };

  return {
    save: (move) =>
      new Promise((done, fail) => {
        waiting.push({ move, done, fail });
        writing ??= run();
      }),
    drain: async () => {
      while (writing) await writing;
    },
    awaySinceMs: () => awaySinceMs,
  };
}

/** How many of the first moves may be saved at once: no call and no agent may be moved twice in one statement. */
function independent(entries: readonly Waiting[]): number {
  const touched = new Set<string>();
  let count = 0;
  for (const { move } of entries) {
    const ids = move.agents.map((agent) => agent.after.id);
    if (move.call) ids.push(move.call.after.id);
    if (count === largestBatch || ids.some((id) => touched.has(id))) break;
    for (const id of ids) touched.add(id);
    count += 1;
  }
  return count;
}

/** Somebody else moved one of them, it was saved already, or two servers waited for each other: nothing of the whole was saved. */
const needsOneByOne = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'MV001' || error.code === '23505' || error.code === '40P01');

/** The lists that save_moves_at_once() in the migrations reads. */
function toLists(moves: readonly Move[]): (string | null)[] {
  const calls = moves.flatMap(({ id, call }) => (call ? [{ move: id, base: call.before, state: call.after }] : []));
  const agents = moves.flatMap((move) =>
    move.agents.map(({ before, after }) => ({ move: move.id, base: before.version, state: after, at: before.status === after.status ? null : move.atMs })),
  );
  const events = moves.flatMap(({ call, ledger }) => ledger.map((entry) => ({ ...entry, callId: call?.after.id })));
  const wrapUps = moves.flatMap(({ wrapUp }) => wrapUp ?? []);
  const lists = [calls.filter((call) => call.base === 0), calls.filter((call) => call.base > 0), agents, events, wrapUps];
  return lists.map((list) => (list.length === 0 ? null : JSON.stringify(list)));
}

/** The shape that save_moves() in the migrations reads. */
function toRow(move: Move): unknown {
  const call = move.call?.after;
  return {
    id: move.id,
    call: call && {
      id: call.id,
      baseVersion: move.call?.before,
      version: call.version,
      lineId: call.lineId,
      state: call,
      fromRaw: call.fromRaw,
      fromE164: call.fromE164,
      dialledNumber: call.dialledNumber,
      queueId: call.queueId,
      customerId: call.customerId,
      agentId: call.agentId,
      outcome: call.outcome,
      endedBy: call.endedBy,
      startedAt: toInstant(call.startedAtMs),
      queuedAt: toInstantOrNull(call.queuedAtMs),
      answeredAt: toInstantOrNull(call.answeredAtMs),
      endedAt: toInstantOrNull(call.endedAtMs),
    },
    agents: move.agents.map(({ before, after }) => ({
      id: after.id,
      baseVersion: before.version,
      version: after.version,
      state: after,
      event:
        before.status === after.status
          ? null
          : {
              at: toInstant(move.atMs),
              state: after.status.state,
              reasonCodeId: after.status.state === 'notReady' ? after.status.reasonCodeId : null,
              callId: 'callId' in after.status ? after.status.callId : null,
            },
    })),
    events: move.ledger.map((entry) => ({ ...entry, callId: call?.id, at: toInstant(entry.atMs), atMs: undefined })),
    wrapUp: move.wrapUp && {
      callId: move.wrapUp.callId,
      agentId: move.wrapUp.agentId,
      queueId: move.wrapUp.queueId,
      startedAt: toInstant(move.wrapUp.startedAtMs),
    },
  };
}
