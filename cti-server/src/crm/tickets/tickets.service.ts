import { z } from 'zod';
import { id, instant, type Page, type Ticket, type ticketInput, type ticketQuery } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, notFound } from '../../platform/errors.ts';
import type { HttpApp } from '../../platform/http.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Connection, type Database, inTransaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import type { RecordsService } from '../records/index.ts';
import { refusePlainly, refuseUnknownReference } from '../refusals.ts';
import { foldSearch } from '../text-search.store.ts';
import type { Timeline } from '../timeline/index.ts';
import { createTicketAssignment, type UsersWithSkills } from './ticket-assignment.ts';
import { readTicketRules } from './ticket-rules.store.ts';
import { ticketNumberIn } from './ticket-rules.ts';
import { registerTicketRoutes, type ticketChange } from './tickets.routes.ts';
import { fieldsOfReferences, findTicket, listTickets, lockTicket, type TicketRow } from './tickets.store.ts';

export interface Tickets {
  registerRoutes(app: HttpApp): void;
  /** The newest first. A search looks for the number of a ticket and for words of its subject. */
  list(query: z.output<typeof ticketQuery>): Promise<Page<Ticket>>;
  get(ticketId: string): Promise<Ticket>;
  /** From nobody to the viewer. However many ask at once, one gets it; the others are told 409 `taken`. */
  grab(viewer: Viewer, ticketId: string): Promise<Ticket>;
  /** With a customer, the ticket is in the customer's timeline as soon as it is there. */
  create(viewer: Viewer, input: z.output<typeof ticketInput>): Promise<Ticket>;
  /** Fields that are left out stay. Throws `changedMeanwhile` when the version is not the present one. */
  change(viewer: Viewer, ticketId: string, input: z.output<typeof ticketChange>): Promise<Ticket>;
}

const position = z.tuple([instant, id]);

export function createTickets(options: {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: Pick<RecordsService, 'typeFor' | 'scopeOf' | 'insertMany' | 'changeIn' | 'saveChange'>;
  /** Left out, routes by skill reach only the people and teams they name. */
  usersWithSkills?: UsersWithSkills;
  /** The company changed its kinds: forms and filters are to offer the new ones. */
  onRules?(): Promise<void>;
}): Tickets {
  const { database, clock, records } = options;
  const assignment = createTicketAssignment({ ...options, usersWithSkills: options.usersWithSkills ?? (() => Promise.resolve([])), onRules: options.onRules ?? (() => Promise.resolve()) });

  const tickets: Tickets = {
    registerRoutes: (app) => registerTicketRoutes(app, tickets, assignment),

    async grab(viewer, ticketId) {
      await assignment.grab(viewer, ticketId);
      return present(database, ticketId);
    },

    async list(query) {
      const { cursor, limit, search: typed, ...filter } = query;
      const search = typed ? { number: ticketNumberIn(typed), words: (await foldSearch(database, typed)).words } : undefined;
      const found = await listTickets(database, { ...filter, search }, readCursor(cursor, position), limit + 1);
      return toPage(found, limit, (ticket) => [ticket.openedAt, ticket.id]);
    },

    get: (ticketId) => present(database, ticketId),

    async create(viewer, input) {
      const { assigneeId, ...given } = input;
      return inTransaction(database, async (tx) => {
        const ticketId = newId(clock.now());
        const { kinds } = await readTicketRules(tx);
        const kind = given.kind ?? kinds.find((one) => !one.retired)?.value ?? 'other';
        const fields = { ...given, kind, status: given.status ?? kinds.find((one) => one.value === kind)?.initial ?? 'open' };
        await records.insertMany(tx, records.typeFor(viewer, 'ticket', 'create'), viewer, [{ id: ticketId, fields, ownerId: assigneeId, tags: [] }], null);
        return present(tx, ticketId);
      }).catch((error: unknown) => refuseUnknownReference(error, fieldsOfReferences)).catch(refusePlainly);
    },

    async change(viewer, ticketId, input) {
      const { version, assigneeId, ...fields } = input;
      return inTransaction(database, async (tx) => {
        const before = await lockTicket(tx, ticketId);
        if (!before) throw notFound('ticket');
        if (before.version !== version) throw changedMeanwhile(await present(tx, ticketId));
        await records.changeIn(tx, viewer, records.typeFor(viewer, 'ticket'), ticketId, { version, fields: given(fields), ownerId: assigneeId });
        return present(tx, ticketId);
      }).catch((error: unknown) => refuseUnknownReference(error, fieldsOfReferences)).catch(refusePlainly);
    },
  };
  return tickets;
}

/** The ticket in its customer's timeline, as it is now. */
export function tellTimeline(timeline: Pick<Timeline, 'recordTicket'>, connection: Connection, row: TicketRow): Promise<void> {
  const { number, subject, status, priority, kind, customerId } = row;
  return timeline.recordTicket(connection, { id: row.id, number, subject, status, priority, kind, customerId, openedAtMs: row.openedAt.getTime(), userId: row.createdById });
}

async function present(connection: Connection, ticketId: string): Promise<Ticket> {
  const found = await findTicket(connection, ticketId);
  if (!found) throw notFound('ticket');
  return found;
}

/** Without the fields that were left out. */
const given = <T extends object>(fields: T) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
