import { and, asc, eq, isNull } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { CallStory } from '../../contracts/index.ts';
import { callEvents, calls, type Database, dispositions, queues, tickets, users, wrapUps } from '../../db/index.ts';

/** What belongs to a call beside its line in the list. */
export function createCallStoriesStore(database: Database) {
  return {
    events: async (callId: string): Promise<CallStory['events']> => {
      const rows = await database
        .select({ seq: callEvents.seq, at: callEvents.at, kind: callEvents.kind, queueName: queues.name, agentName: users.name, data: callEvents.data })
        .from(callEvents)
        .leftJoin(queues, eq(queues.id, callEvents.queueId))
        .leftJoin(users, eq(users.id, callEvents.agentId))
        .where(eq(callEvents.callId, callId))
        .orderBy(asc(callEvents.seq));
      return rows.map((row) => ({ ...row, at: row.at.toISOString(), data: row.data as Record<string, unknown> }));
    },
    wrapUps: async (callId: string): Promise<CallStory['wrapUps']> => {
      const rows = await database
        .select({ agentId: wrapUps.agentId, agentName: users.name, startedAt: wrapUps.startedAt, completedAt: wrapUps.completedAt, dispositionName: dispositions.name, notes: wrapUps.notes })
        .from(wrapUps)
        .innerJoin(users, eq(users.id, wrapUps.agentId))
        .leftJoin(dispositions, eq(dispositions.id, wrapUps.dispositionId))
        .where(eq(wrapUps.callId, callId))
        .orderBy(asc(wrapUps.startedAt));
      return rows.map((row) => ({ ...row, startedAt: row.startedAt.toISOString(), completedAt: row.completedAt?.toISOString() ?? null }));
    },
    /** Tickets that were opened from the call. */
    tickets: (callId: string): Promise<CallStory['tickets']> =>
      database
        .select({ id: tickets.id, number: tickets.number, subject: tickets.subject, status: tickets.status })
        .from(tickets)
        .where(and(eq(tickets.callId, callId), isNull(tickets.deletedAt)))
        .orderBy(asc(tickets.number))
        .limit(50),
    /** The call in which somebody spoke with the number that had called in vain; null when nobody did. */
    returnedBy: async (callId: string): Promise<CallStory['returnedBy']> => {
      const later = alias(calls, 'later');
      const [row] = await database
        .select({ id: later.id, at: later.startedAt, agentName: users.name })
        .from(calls)
        .innerJoin(later, eq(later.id, calls.returnedById))
        .leftJoin(users, eq(users.id, later.agentId))
        .where(eq(calls.id, callId));
      return row ? { ...row, at: row.at.toISOString() } : null;
    },
  };
}
