import { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import { id, instant, type Page, type Ticket, type ticketInput, type ticketQuery } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, notFound } from '../../platform/errors.ts';
import type { HttpApp } from '../../platform/http.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Connection, type Database, inTransaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { refuseUnknownReference } from '../refusals.ts';
import { foldSearch } from '../text-search.store.ts';
import type { Timeline } from '../timeline/index.ts';
import { closedAtAfter, ticketNumberIn, type TicketStatus } from './ticket-rules.ts';
import { registerTicketRoutes, type ticketChange } from './tickets.routes.ts';
import { fieldsOfReferences, findTicket, insertTicket, listTickets, lockTicket, type TicketRow, updateTicket } from './tickets.store.ts';

export interface Tickets {
  registerRoutes(app: HttpApp): void;
  /** The newest first. A search looks for the number of a ticket and for words of its subject. */
  list(query: z.output<typeof ticketQuery>): Promise<Page<Ticket>>;
  get(ticketId: string): Promise<Ticket>;
  /** With a customer, the ticket is in the customer's timeline as soon as it is there. */
  create(viewer: Viewer, input: z.output<typeof ticketInput>): Promise<Ticket>;
  /** Fields that are left out stay. Throws `changedMeanwhile` when the version is not the present one. */
  change(viewer: Viewer, ticketId: string, input: z.output<typeof ticketChange>): Promise<Ticket>;
}

const position = z.tuple([instant, id]);

export function createTickets(options: { database: Database; clock: Clock; audit: Audit; timeline: Pick<Timeline, 'recordTicket'> }): Tickets {
  const { database, clock, audit, timeline } = options;

  const tickets: Tickets = {
    registerRoutes: (app) => registerTicketRoutes(app, tickets),

    async list(query) {
      const { cursor, limit, search: typed, ...filter } = query;
      const search = typed ? { number: ticketNumberIn(typed), words: (await foldSearch(database, typed)).words } : undefined;
      const found = await listTickets(database, { ...filter, search }, readCursor(cursor, position), limit + 1);
      return toPage(found, limit, (ticket) => [ticket.openedAt, ticket.id]);
    },

    get: (ticketId) => present(database, ticketId),

    async create(viewer, input) {
      const now = new Date(clock.now());
      return inTransaction(database, async (tx) => {
        const made = await insertTicket(tx, {
          ...input,
          id: newId(now.getTime()),
          createdById: viewer.userId,
          openedAt: now,
          updatedAt: now,
          closedAt: closedAtAfter(input.status, null, now),
        });
        await tell(tx, made);
        await audit.record(tx, viewer, 'ticket.created', 'ticket', made.id, changesBetween(null, audited(made)));
        return present(tx, made.id);
      }).catch((error: unknown) => refuseUnknownReference(error, fieldsOfReferences));
    },

    async change(viewer, ticketId, input) {
      const { version, ...fields } = input;
      return inTransaction(database, async (tx) => {
        const before = await lockTicket(tx, ticketId);
        if (!before) throw notFound('ticket');
        if (before.version !== version) throw changedMeanwhile(await present(tx, ticketId));
        const changes = changesBetween(audited(before), { ...audited(before), ...given(fields) });
        if (Object.keys(changes).length === 0) return present(tx, ticketId);
        const now = new Date(clock.now());
        const closedAt = closedAtAfter(fields.status ?? (before.status as TicketStatus), before.closedAt, now);
        const after = await updateTicket(tx, ticketId, version, { ...given(fields), closedAt, updatedAt: now });
        await tell(tx, after);
        await audit.record(tx, viewer, 'ticket.changed', 'ticket', ticketId, changes);
        return present(tx, ticketId);
      }).catch((error: unknown) => refuseUnknownReference(error, fieldsOfReferences));
    },
  };
  return tickets;

  function tell(connection: Connection, row: TicketRow): Promise<void> {
    const { number, subject, status, priority, kind, customerId } = row;
    return timeline.recordTicket(connection, { id: row.id, number, subject, status, priority, kind, customerId, openedAtMs: row.openedAt.getTime(), userId: row.createdById });
  }
}

async function present(connection: Connection, ticketId: string): Promise<Ticket> {
  const found = await findTicket(connection, ticketId);
  if (!found) throw notFound('ticket');
  return found;
}

const audited = ({ subject, description, kind, status, priority, customerId, callId, assigneeId }: TicketRow) => ({
  subject, description, kind, status, priority, customerId, callId, assigneeId,
});

/** Without the fields that were left out. */
const given = <T extends object>(fields: T) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
