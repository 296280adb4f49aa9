import { newId } from '../../platform/ids.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, inTransaction } from '../database.store.ts';
import { correctPoolsAt, type DueLead, lockDueLeads, lockLeftLeads, poolLeads, type Pooling, refreshPoolsAt, settleLeads } from './circulation.store.ts';
import { readRules } from './lead-rules.store.ts';
import { insertMoves } from './moves.store.ts';
import { dueFate } from './pool-rules.ts';

/** What one round of the rules' work did. */
export interface CirculationReport {
  /** Came in past the rules, as by an import, and are under them now. */
  settled: number;
  /** Got another time at which they go, because the rules changed. */
  rescheduled: number;
  pooled: Record<'noFollowUp' | 'notConverted' | 'ownerLeft', number>;
}

/** One transaction looks after so many leads: short enough that nobody waits for it. */
const batch = 500;
const refreshBatch = 5_000;

/**
 * The company's rules, kept without anybody asking: leads whose time has come go to the pool, the longest overdue first. Any number of
 * servers may run it at the same time.
 */
export function createCirculation(options: { database: Database; clock: Clock }) {
  const { database, clock } = options;
  let refreshedVersion: number | null = null;

  async function repeat(run: () => Promise<number>): Promise<number> {
    for (let total = 0; ; ) {
      const done = await run();
      total += done;
      if (done < batch) return total;
    }
  }

  /** After a change of the rules: when each lead goes to the pool now. */
  async function refresh(): Promise<number> {
    const { circulation, version } = await readRules(database);
    let total = 0;
    for (let afterId: string | null = null; ; ) {
      const { lastId, changed } = await refreshPoolsAt(database, circulation, afterId, refreshBatch);
      total += changed;
      if (lastId === null) break;
      afterId = lastId;
    }
    refreshedVersion = version;
    return total;
  }

  const pool = (find: 'due' | 'left', pooled: CirculationReport['pooled']): Promise<number> =>
    repeat(() =>
      inTransaction(database, async (tx) => {
        const { circulation } = await readRules(tx, true);
        const nowMs = clock.now();
        const leads: DueLead[] = find === 'due' ? await lockDueLeads(tx, nowMs, batch) : await lockLeftLeads(tx, batch);
        const poolings: Pooling[] = [];
        const early: string[] = [];
        for (const lead of leads) {
          const fate = find === 'due' ? dueFate(lead, circulation, nowMs) : null;
          if (find === 'due' && fate === null) early.push(lead.id);
          else poolings.push({ id: lead.id, ownerId: lead.ownerId, reason: fate?.because ?? 'ownerLeft', ruleDays: fate?.ruleDays ?? null });
        }
        await correctPoolsAt(tx, early, circulation);
        await poolLeads(tx, poolings, nowMs);
        await insertMoves(tx, poolings.map((one) => ({ id: newId(nowMs), leadId: one.id, atMs: nowMs, fromUserId: one.ownerId, toUserId: null, how: one.reason as 'noFollowUp', actorId: null })));
        for (const one of poolings) pooled[one.reason as keyof typeof pooled] += 1;
        return leads.length;
      }),
    );

  return {
    refresh,
    async run(): Promise<CirculationReport> {
      const { circulation, version } = await readRules(database);
      const settled = await repeat(() => inTransaction(database, (tx) => settleLeads(tx, circulation, clock.now(), batch)));
      const rescheduled = settled > 0 || refreshedVersion !== version ? await refresh() : 0;
      const pooled = { noFollowUp: 0, notConverted: 0, ownerLeft: 0 };
      await pool('left', pooled);
      await pool('due', pooled);
      return { settled, rescheduled, pooled };
    },
  };
}
export type Circulation = ReturnType<typeof createCirculation>;
