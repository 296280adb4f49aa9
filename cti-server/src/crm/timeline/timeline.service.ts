import { z } from 'zod';
import { id, instant, type Page, type TimelineEntry } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { notFound } from '../../platform/errors.ts';
import type { HttpApp } from '../../platform/http.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Connection, Database } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { registerTimelineRoutes } from './timeline.routes.ts';
import { customerExists, insertEarlierNote, insertEntry, listEntries, removeEarlierNotes, removeTicketEntry, saveCallEntry, saveContactTime, saveTicketEntry } from './timeline.store.ts';

/** A call as the timeline tells it. What is null or left out is not known (yet) and never blanks what an earlier telling said. */
export interface RecordedCall {
  callId: string;
  customerId: string;
  /** When the call began, milliseconds since 1970. */
  atMs: number;
  direction?: 'inbound' | 'outbound' | 'internal';
  queueName?: string | null;
  agentId?: string | null;
  outcome?: string | null;
  talkSeconds?: number | null;
  waitSeconds?: number | null;
  dispositionName?: string | null;
  notes?: string | null;
  /** What the caller left where nobody answered. */
  voicemailId?: string | null;
}

export interface RecordedTicket {
  id: string;
  number: number;
  subject: string;
  status: string;
  priority: string;
  kind: string;
  /** Null takes the ticket out of every timeline. */
  customerId: string | null;
  openedAtMs: number;
  userId: string | null;
}

/** What happened before somebody was a customer, told once each by the id of where it is kept. */
export interface EarlierNote {
  refId: string;
  atMs: number;
  text: string;
  data: Record<string, unknown>;
  userId: string | null;
}

export interface Timeline {
  registerRoutes(app: HttpApp): void;
  list(customerId: string, query: { cursor?: string | undefined; limit: number }): Promise<Page<TimelineEntry>>;
  addNote(viewer: Pick<Viewer, 'userId'>, customerId: string, text: string): Promise<TimelineEntry>;
  /** Tells of a call, any number of times. With another customer than before, the entry moves there. */
  recordCall(connection: Connection, call: RecordedCall): Promise<void>;
  /** Tells of a ticket as it is now, any number of times; like a call, it is in one timeline at a time. */
  recordTicket(connection: Connection, ticket: RecordedTicket): Promise<void>;
  /** Tells what happened before; an entry that is there already stays as it is. */
  recordEarlier(connection: Connection, customerId: string, notes: readonly EarlierNote[]): Promise<void>;
  /** Somebody wrote or spoke to the customer, in another way than a call. */
  noteContact(connection: Connection, customerId: string, atMs: number): Promise<void>;
  /** Takes such entries back. */
  forgetEarlier(connection: Connection, customerId: string, refIds: readonly string[]): Promise<void>;
  /** Tells which fields of the customer somebody changed, from what to what. */
  recordChange(connection: Connection, viewer: Pick<Viewer, 'userId'>, customerId: string, changes: Record<string, { old: unknown; new: unknown }>): Promise<void>;
}

const position = z.tuple([instant, id]);

export function createTimeline(options: { database: Database; clock: Clock }): Timeline {
  const { database, clock } = options;
  const timeline: Timeline = {
    registerRoutes: (app) => registerTimelineRoutes(app, timeline),

    async list(customerId, query) {
      const entries = await listEntries(database, customerId, readCursor(query.cursor, position), query.limit + 1);
      if (entries.length === 0 && !(await customerExists(database, customerId))) throw notFound('customer');
      return toPage(entries, query.limit, (entry) => [entry.at, entry.id]);
    },

    async addNote(viewer, customerId, text) {
      if (!(await customerExists(database, customerId))) throw notFound('customer');
      const now = clock.now();
      return insertEntry(database, { id: newId(now), customerId, at: new Date(now), kind: 'note', summary: text, data: {}, userId: viewer.userId });
    },

    async recordCall(connection, call) {
      const { callId, customerId, atMs, ...told } = call;
      const data = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null && value !== undefined));
      const at = new Date(atMs);
      await saveCallEntry(connection, { id: newId(clock.now()), customerId, at, data, refId: callId, userId: call.agentId ?? null });
    },

    async recordTicket(connection, ticket) {
      const { id: refId, customerId, openedAtMs, subject, userId, ...data } = ticket;
      if (customerId === null) return removeTicketEntry(connection, refId);
      const at = new Date(openedAtMs);
      await saveTicketEntry(connection, { id: newId(clock.now()), customerId, at, kind: 'ticket', summary: subject, data, refId, userId });
    },

    async recordEarlier(connection, customerId, notes) {
      for (const { refId, atMs, text, data, userId } of notes) await insertEarlierNote(connection, { id: newId(atMs), customerId, at: new Date(atMs), kind: 'note', summary: text, data, refId, userId });
    },
    noteContact: (connection, customerId, atMs) => saveContactTime(connection, customerId, new Date(atMs)),
    forgetEarlier: (connection, customerId, refIds) => removeEarlierNotes(connection, customerId, refIds),

    async recordChange(connection, viewer, customerId, changes) {
      const now = clock.now();
      const summary = Object.keys(changes).join(', ');
      await insertEntry(connection, { id: newId(now), customerId, at: new Date(now), kind: 'change', summary, data: { changes }, userId: viewer.userId });
    },
  };
  return timeline;
}
