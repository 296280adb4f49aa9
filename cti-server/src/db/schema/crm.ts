import { bigint, boolean, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { users } from './access.ts';

type Consents = Record<string, { given: 'yes' | 'no' | 'unknown'; source: string; wording: string; at: string | null; until: string | null }>;

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

export const customers = pgTable(
  'customers',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    kind: text().notNull(),
    company: text(),
    tier: text().notNull(),
    email: text(),
    city: text(),
    country: text(),
    notes: text().notNull().default(''),
    /** Name, company and e-mail in lower case without accents, for the search (see search_text() in the migrations). */
    searchText: text('search_text')
      .notNull()
      .generatedAlwaysAs(sql`search_text(name, company, email)`),
    lastContactAt: at('last_contact_at'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    deletedAt: at('deleted_at'),
    version: integer().notNull().default(0),
  },
  (t) => [
    index('customers_search').using('gin', sql`${t.searchText} gin_trgm_ops`),
    // trigrams need three characters; a Chinese name has two
    index('customers_han').using('gin', sql`han_grams(${t.searchText})`),
    // The order of lists: search_text begins with the name, so "Álvarez" stands beside "alvarez". "C" makes the same index find beginnings.
    index('customers_order').on(sql`${t.searchText} collate "C"`, t.id).where(sql`deleted_at is null`),
    index('customers_han_order').on(sql`${t.searchText} collate "C"`, t.id, t.tier).where(sql`deleted_at is null and han_grams(search_text) <> '{}'::text[]`),
    index('customers_tier_order').on(t.tier, sql`${t.searchText} collate "C"`, t.id).where(sql`deleted_at is null`),
  ],
);

export const contacts = pgTable(
  'contacts',
  {
    id: uuid().primaryKey(),
    customerId: uuid('customer_id').notNull().references(() => customers.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    jobTitle: text('job_title'),
    email: text(),
    deletedAt: at('deleted_at'),
    version: integer().notNull().default(0),
  },
  (t) => [index('contacts_customer').on(t.customerId)],
);

export const customerPhones = pgTable(
  'customer_phones',
  {
    id: uuid().primaryKey(),
    customerId: uuid('customer_id').notNull().references(() => customers.id, { onDelete: 'cascade' }),
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
    e164: text().notNull(),
    kind: text().notNull(),
    label: text().notNull().default(''),
    isMain: boolean('is_main').notNull().default(false),
    /** What was agreed to, by purpose, as the contract has it. */
    consents: jsonb().notNull().default({}).$type<Consents>(),
    doNotCall: boolean('do_not_call').notNull().default(false),
    doNotCallReason: text('do_not_call_reason').notNull().default(''),
    doNotCallSince: at('do_not_call_since'),
    doNotCallById: uuid('do_not_call_by_id').references(() => users.id),
  },
  (t) => [
    uniqueIndex('customer_phones_once').on(t.e164, t.customerId),
    index('customer_phones_customer').on(t.customerId),
    index('customer_phones_contact').on(t.contactId).where(sql`contact_id is not null`),
    // numbers by their beginning and by their end
    index('customer_phones_beginning').on(sql`${t.e164} collate "C"`, t.customerId),
    index('customer_phones_end').on(sql`reverse(${t.e164}) collate "C"`, t.customerId),
  ],
);

/** E-mails besides the record's own. */
export const customerEmails = pgTable(
  'customer_emails',
  {
    id: uuid().primaryKey(),
    customerId: uuid('customer_id').notNull().references(() => customers.id, { onDelete: 'cascade' }),
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
    address: text().notNull(),
    kind: text().notNull(),
    label: text().notNull().default(''),
    consents: jsonb().notNull().default({}).$type<Consents>(),
    /** The merge that brought it, which takes it away again when it is undone. */
    mergeId: uuid('merge_id'),
  },
  (t) => [uniqueIndex('customer_emails_once').on(sql`lower(${t.address})`, t.customerId), index('customer_emails_customer').on(t.customerId)],
);

/** Addresses besides the record's own. */
export const customerAddresses = pgTable(
  'customer_addresses',
  {
    id: uuid().primaryKey(),
    customerId: uuid('customer_id').notNull().references(() => customers.id, { onDelete: 'cascade' }),
    contactId: uuid('contact_id').references(() => contacts.id, { onDelete: 'set null' }),
    kind: text().notNull(),
    label: text().notNull().default(''),
    street: text(),
    postcode: text(),
    city: text(),
    region: text(),
    country: text(),
    mergeId: uuid('merge_id'),
  },
  (t) => [index('customer_addresses_customer').on(t.customerId)],
);

export const tickets = pgTable(
  'tickets',
  {
    id: uuid().primaryKey(),
    number: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity({ startWith: 1001 }),
    subject: text().notNull(),
    description: text().notNull().default(''),
    kind: text().notNull(),
    status: text().notNull(),
    priority: text().notNull(),
    customerId: uuid('customer_id').references(() => customers.id),
    /** No foreign key: the CRM knows nothing of calls but their ids. */
    callId: uuid('call_id'),
    assigneeId: uuid('assignee_id').references(() => users.id),
    createdById: uuid('created_by_id').references(() => users.id),
    openedAt: at('opened_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    /** Set exactly while the status is `solved` or `closed`. */
    closedAt: at('closed_at'),
    deletedAt: at('deleted_at'),
    version: integer().notNull().default(0),
  },
  (t) => [
    uniqueIndex('tickets_number').on(t.number),
    index('tickets_customer').on(t.customerId, t.openedAt.desc(), t.id.desc()),
    index('tickets_status').on(t.status, t.openedAt.desc(), t.id.desc()),
    index('tickets_assignee').on(t.assigneeId, t.openedAt.desc(), t.id.desc()),
    // the screen that rings asks for these, and every line of a customer list counts them
    index('tickets_open').on(t.customerId, t.openedAt.desc(), t.id.desc()).where(sql`closed_at is null`),
    index('tickets_open_order').on(t.openedAt.desc(), t.id.desc()).where(sql`closed_at is null`),
    index('tickets_search').using('gin', sql`fold_text(${t.subject}) gin_trgm_ops`),
    index('tickets_han').using('gin', sql`han_grams(fold_text(${t.subject}))`),
    index('tickets_opened').on(t.openedAt.desc(), t.id.desc()),
    index('tickets_call').on(t.callId),
    // what lies there for whoever takes it, the oldest first
    index('tickets_unassigned').on(t.openedAt, t.id).where(sql`assignee_id is null and closed_at is null and deleted_at is null`),
  ],
);

/** One row: the kinds of tickets with their ways, and who gets which. */
export const ticketRules = pgTable('ticket_rules', { id: integer().primaryKey(), rules: jsonb().notNull().$type<Record<string, unknown>>(), version: integer().notNull().default(0) });

/** Who got the last ticket of a route. */
export const ticketTurns = pgTable('ticket_turns', { routeId: uuid('route_id').primaryKey(), userId: uuid('user_id').notNull() });

/** All that happened with a customer. An entry that stands for a call or a ticket is made once, however often it is told. */
export const timelineEntries = pgTable(
  'timeline_entries',
  {
    id: uuid().primaryKey(),
    customerId: uuid('customer_id').notNull().references(() => customers.id, { onDelete: 'cascade' }),
    at: at('at').notNull(),
    kind: text().notNull(),
    summary: text().notNull(),
    data: jsonb().notNull().$type<Record<string, unknown>>(),
    refId: uuid('ref_id'),
    userId: uuid('user_id'),
  },
  (t) => [
    index('timeline_customer').on(t.customerId, t.at.desc(), t.id.desc()),
    // what the screen that rings shows
    index('timeline_contacts').on(t.customerId, t.at.desc(), t.id.desc()).where(sql`kind in ('call', 'note')`),
    // a call or a ticket belongs to one customer at a time: linked to another one, its entry moves
    uniqueIndex('timeline_once').on(t.refId, t.kind).where(sql`ref_id is not null`),
  ],
);
