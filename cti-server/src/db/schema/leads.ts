import { boolean, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { users } from './access.ts';

/*
 * What leads have besides their record, whose table comes from its declaration (crm/leads). Without foreign keys to leads: that table is
 * made when cti-server starts, after these.
 */
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/** The company's rules; one row at most. */
export const leadRules = pgTable('lead_rules', {
  id: integer().primaryKey(),
  rules: jsonb().notNull().$type<Record<string, unknown>>(),
  version: integer().notNull().default(0),
});

/** Who got the last lead of a route that hands them out in turn. */
export const leadTurns = pgTable('lead_turns', { routeId: uuid('route_id').primaryKey(), userId: uuid('user_id').notNull() });

/** Every change of hands: what limits, lock-outs and the question "who had it" are answered from. A null stands for the pool. */
export const leadMoves = pgTable(
  'lead_moves',
  {
    id: uuid().primaryKey(),
    leadId: uuid('lead_id').notNull(),
    at: at('at').notNull(),
    fromUserId: uuid('from_user_id'),
    toUserId: uuid('to_user_id'),
    /** made, given, byRule, grabbed; or into the pool: released, noFollowUp, notConverted, ownerLeft. */
    how: text().notNull(),
    actorId: uuid('actor_id'),
  },
  (t) => [
    index('lead_moves_lead').on(t.leadId, t.at.desc()),
    index('lead_moves_lost').on(t.fromUserId, t.leadId, t.at.desc()).where(sql`to_user_id is null`),
    index('lead_moves_grabbed').on(t.toUserId, t.at.desc()).where(sql`how = 'grabbed'`),
  ],
);

export const leadFollowUps = pgTable(
  'lead_follow_ups',
  {
    id: uuid().primaryKey(),
    leadId: uuid('lead_id').notNull(),
    at: at('at').notNull(),
    userId: uuid('user_id').references(() => users.id),
    text: text().notNull(),
    outcome: text().notNull(),
    nextStep: text('next_step'),
    nextStepAt: at('next_step_at'),
  },
  (t) => [index('lead_follow_ups_lead').on(t.leadId, t.at.desc(), t.id.desc())],
);

/** Each conversion with what it made, so that it can be taken back. */
export const leadConversions = pgTable(
  'lead_conversions',
  {
    id: uuid().primaryKey(),
    leadId: uuid('lead_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    contactId: uuid('contact_id'),
    isNewCustomer: boolean('is_new_customer').notNull(),
    /** The number that the customer did not have before. */
    phoneId: uuid('phone_id'),
    stageBefore: text('stage_before').notNull(),
    at: at('at').notNull(),
    userId: uuid('user_id').references(() => users.id),
    undoneAt: at('undone_at'),
  },
  (t) => [uniqueIndex('lead_conversions_once').on(t.leadId).where(sql`undone_at is null`), index('lead_conversions_customer').on(t.customerId)],
);

export const leadForms = pgTable(
  'lead_forms',
  {
    id: uuid().primaryKey(),
    /** Names the form in its public address. */
    token: text().notNull(),
    /** Signs the moment at which somebody opened the form. */
    secret: text().notNull(),
    definition: jsonb().notNull().$type<Record<string, unknown>>(),
    createdAt: at('created_at').notNull(),
    deletedAt: at('deleted_at'),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('lead_forms_token').on(t.token)],
);

/** Evidence of what somebody agreed to, when and where: the words as they stood on the form. */
export const leadConsents = pgTable(
  'lead_consents',
  {
    id: uuid().primaryKey(),
    leadId: uuid('lead_id').notNull(),
    formId: uuid('form_id').notNull().references(() => leadForms.id),
    at: at('at').notNull(),
    text: text().notNull(),
    agreed: boolean().notNull(),
    address: text().notNull(),
    page: text().notNull(),
    values: jsonb().notNull().$type<Record<string, unknown>>(),
  },
  (t) => [index('lead_consents_lead').on(t.leadId, t.at), index('lead_consents_form').on(t.formId, t.at)],
);
