import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import { calls, customers, type Database, wrapUps } from '../../db/index.ts';
import type { WrapUp } from '../../contracts/index.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import type { Call } from './call-types.ts';

export interface OpenWrapUp extends WrapUp {
  agentId: string;
}

export interface WrapUpsStore {
  /** Whether what a disposition asks for was made for this call: its ticket, a callback, or that the number must not be called. */
  hasFollowUp(callId: string, action: 'ticket' | 'callback' | 'doNotCall'): Promise<boolean>;
  open(agentId: string): Promise<OpenWrapUp[]>;
  find(callId: string, agentId: string): Promise<OpenWrapUp | null>;
  /** Saves if `revision` is not older than what is kept; null when it is, or when the wrap-up is not open. */
  save(callId: string, agentId: string, change: { dispositionId?: string | null; notes?: string; revision: number }): Promise<OpenWrapUp | null>;
  complete(callId: string, agentId: string, change: { dispositionId: string | null; notes?: string; atMs: number }): Promise<OpenWrapUp | null>;
}

export function createWrapUpsStore(database: Database): WrapUpsStore {
  const select = () =>
    database
      .select({ wrapUp: wrapUps, callState: calls.state, customerId: calls.customerId, customerName: customers.name })
      .from(wrapUps)
      .innerJoin(calls, eq(calls.id, wrapUps.callId))
      .leftJoin(customers, eq(customers.id, calls.customerId));
  type Row = Awaited<ReturnType<typeof select>>[number];
  const read = (row: Row): OpenWrapUp => {
    const call = row.callState as Call;
    return {
      agentId: row.wrapUp.agentId,
      callId: row.wrapUp.callId,
      queueId: row.wrapUp.queueId,
      customerId: row.customerId,
      customerName: row.customerName,
      from: { raw: call.fromRaw, e164: call.fromE164, country: call.country },
      startedAt: toInstant(row.wrapUp.startedAt.getTime()),
      dispositionId: row.wrapUp.dispositionId,
      notes: row.wrapUp.notes,
      completedAt: toInstantOrNull(row.wrapUp.completedAt?.getTime() ?? null),
      revision: row.wrapUp.revision,
    };
  };
  const find = async (callId: string, agentId: string): Promise<OpenWrapUp | null> => {
    const [row] = await select().where(and(eq(wrapUps.callId, callId), eq(wrapUps.agentId, agentId)));
    return row ? read(row) : null;
  };

  const followUps = {
    ticket: sql`exists (select 1 from tickets t where t.call_id = c.id)`,
    callback: sql`exists (select 1 from callbacks b where b.source_call_id = c.id)`,
    doNotCall: sql`(exists (select 1 from customer_phones p where p.e164 = c.from_e164 and p.do_not_call)
      or exists (select 1 from customers p where p.id = c.customer_id and p.do_not_call))`,
  };
  return {
    hasFollowUp: async (callId, action) => {
      const { rows } = await database.execute<{ done: boolean }>(sql`select ${followUps[action]} as done from calls c where c.id = ${callId}`);
      return rows[0]?.done ?? false;
    },
    find,
    open: async (agentId) =>
      (await select().where(and(eq(wrapUps.agentId, agentId), isNull(wrapUps.completedAt))).orderBy(asc(wrapUps.startedAt)).limit(50)).map(read),
    save: async (callId, agentId, change) => {
      const saved = await database
        .update(wrapUps)
        .set({
          ...(change.dispositionId === undefined ? {} : { dispositionId: change.dispositionId }),
          ...(change.notes === undefined ? {} : { notes: change.notes }),
          revision: sql`greatest(${wrapUps.revision}, ${change.revision}) + 1`,
        })
        .where(and(eq(wrapUps.callId, callId), eq(wrapUps.agentId, agentId), isNull(wrapUps.completedAt), sql`${wrapUps.revision} <= ${change.revision}`))
        .returning({ callId: wrapUps.callId });
      return saved.length > 0 ? find(callId, agentId) : null;
    },
    complete: async (callId, agentId, change) => {
      const saved = await database
        .update(wrapUps)
        .set({
          dispositionId: change.dispositionId,
          ...(change.notes === undefined ? {} : { notes: change.notes }),
          completedAt: new Date(change.atMs),
          revision: sql`${wrapUps.revision} + 1`,
        })
        .where(and(eq(wrapUps.callId, callId), eq(wrapUps.agentId, agentId), isNull(wrapUps.completedAt)))
        .returning({ callId: wrapUps.callId });
      return saved.length > 0 ? find(callId, agentId) : null;
    },
  };
}
