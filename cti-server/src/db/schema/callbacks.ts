import { customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { users } from './access.ts';
import { queues } from './contact-centre.ts';
import { customers } from './crm.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Somebody who is to be called back (contact-centre/callbacks). */
export const callbacks = pgTable(
  'callbacks',
  {
    id: uuid().primaryKey(),
    /** personal, queue, keptPlace, web. */
    kind: text().notNull(),
    number: text().notNull(),
    customerId: uuid('customer_id').references(() => customers.id, { onDelete: 'set null' }),
    contactName: text('contact_name').notNull(),
    queueId: uuid('queue_id').references(() => queues.id),
    /** Whose it is; null: anybody's who serves the queue. */
    agentId: uuid('agent_id').references(() => users.id),
    dueAt: at('due_at').notNull(),
    /** Later than `due_at` once somebody asked to be reminded again. */
    remindAt: at('remind_at').notNull(),
    /** The zone of whoever is called. */
    timeZone: text('time_zone').notNull(),
    note: text().notNull(),
    /** open, claimed, calling; done, failed, cancelled. */
    state: text().notNull(),
    tries: integer().notNull().default(0),
    lastOutcome: text('last_outcome'),
    claimedBy: uuid('claimed_by').references(() => users.id),
    claimedUntil: at('claimed_until'),
    /** The call that is being made. */
    callId: uuid('call_id'),
    sourceCallId: uuid('source_call_id'),
    /** Since when the caller waits, and with which priority: the place that was kept. */
    queuedAt: at('queued_at'),
    priority: integer().notNull().default(0),
    createdBy: uuid('created_by').references(() => users.id),
    createdAt: at('created_at').notNull(),
    endedAt: at('ended_at'),
    version: integer().notNull().default(0),
  },
  (t) => [
    index('callbacks_of_agent').on(t.agentId, t.dueAt, t.id).where(sql`ended_at is null`),
    index('callbacks_of_queue').on(t.queueId, t.dueAt, t.id).where(sql`ended_at is null and agent_id is null`),
    index('callbacks_due').on(t.dueAt, t.id).where(sql`ended_at is null`),
    index('callbacks_remind').on(t.remindAt, t.id).where(sql`ended_at is null and agent_id is not null`),
    index('callbacks_ended').on(t.endedAt.desc(), t.id.desc()).where(sql`ended_at is not null`),
    index('callbacks_customer').on(t.customerId, t.dueAt.desc()),
    index('callbacks_number').on(t.number, t.createdAt),
    uniqueIndex('callbacks_place_of_call').on(t.sourceCallId).where(sql`kind = 'keptPlace'`),
    uniqueIndex('callbacks_place_of_number').on(t.queueId, t.number).where(sql`kind = 'keptPlace' and ended_at is null`),
  ],
);

export const callbackAttempts = pgTable(
  'callback_attempts',
  {
    callbackId: uuid('callback_id').notNull().references(() => callbacks.id, { onDelete: 'cascade' }),
    callId: uuid('call_id').notNull(),
    at: at('at').notNull(),
    agentId: uuid('agent_id').references(() => users.id),
    outcome: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.callbackId, t.callId] })],
);

export const callbackForms = pgTable(
  'callback_forms',
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
  (t) => [uniqueIndex('callback_forms_token').on(t.token)],
);

/** Evidence of what somebody agreed to: the words as they were shown, in the language in which they were. */
export const callbackConsents = pgTable(
  'callback_consents',
  {
    id: uuid().primaryKey(),
    callbackId: uuid('callback_id').notNull().references(() => callbacks.id, { onDelete: 'cascade' }),
    formId: uuid('form_id').notNull().references(() => callbackForms.id),
    at: at('at').notNull(),
    text: text().notNull(),
    locale: text().notNull(),
    address: text().notNull(),
    page: text().notNull(),
    answer: jsonb().notNull().$type<Record<string, unknown>>(),
  },
  (t) => [index('callback_consents_callback').on(t.callbackId, t.at), index('callback_consents_form').on(t.formId, t.at)],
);

/** What callers said to a queue where nobody answered (contact-centre/voicemail). */
export const voicemails = pgTable(
  'voicemails',
  {
    id: uuid().primaryKey(),
    callId: uuid('call_id').notNull(),
    lineId: text('line_id').notNull(),
    recordingId: text('recording_id').notNull(),
    queueId: uuid('queue_id').notNull().references(() => queues.id),
    fromRaw: text('from_raw').notNull(),
    fromE164: text('from_e164'),
    customerId: uuid('customer_id').references(() => customers.id, { onDelete: 'set null' }),
    recordedAt: at('recorded_at').notNull(),
    seconds: integer().notNull(),
    /** atSwitch: to be fetched; kept: in `voicemail_sounds`; lost: the switch has it no longer. */
    sound: text().notNull(),
    heardBy: uuid('heard_by').references(() => users.id),
    heardAt: at('heard_at'),
    assigneeId: uuid('assignee_id').references(() => users.id),
    /** new, open, done. */
    state: text().notNull(),
    transcript: text().notNull(),
    note: text().notNull(),
    doneAt: at('done_at'),
    version: integer().notNull().default(0),
  },
  (t) => [
    uniqueIndex('voicemails_call').on(t.callId),
    index('voicemails_queue').on(t.queueId, t.state, t.recordedAt.desc(), t.id.desc()),
    index('voicemails_recorded').on(t.recordedAt.desc(), t.id.desc()),
    index('voicemails_customer').on(t.customerId, t.recordedAt.desc()),
    index('voicemails_unfetched').on(t.recordedAt).where(sql`sound = 'atSwitch'`),
  ],
);

/** Beside the row, so that lists read no sound. */
export const voicemailSounds = pgTable('voicemail_sounds', {
  voicemailId: uuid('voicemail_id').primaryKey().references(() => voicemails.id, { onDelete: 'cascade' }),
  mediaType: text('media_type').notNull(),
  bytes: integer().notNull(),
  content: bytea().notNull(),
});
