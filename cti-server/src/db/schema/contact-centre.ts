import { type AnyPgColumn, bigint, boolean, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import type { ExceptionDay, WeeklyOpening } from '../../contracts/index.ts';
import { users } from './access.ts';
import { customers } from './crm.ts';
import { flows } from './flows.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/** Phone lines. One server at a time owns a line: the lease says which, and until when. */
export const lines = pgTable('lines', {
  id: text().primaryKey(),
  kind: text().notNull(),
  ownerId: uuid('owner_id'),
  leaseUntil: at('lease_until'),
  switchStartedAt: at('switch_started_at'),
});

/** Running processes of the product; a row whose `seen_at` is old belongs to a dead one. */
export const processes = pgTable('processes', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  host: text().notNull(),
  pid: integer().notNull(),
  startedAt: at('started_at').notNull(),
  seenAt: at('seen_at').notNull(),
  detail: text().notNull().default(''),
});

export const skills = pgTable('skills', { id: uuid().primaryKey(), name: text().notNull(), version: integer().notNull().default(0) }, (t) => [
  uniqueIndex('skills_name').on(sql`lower(${t.name})`),
]);

/** When a house is open. `weekly` and `exceptions` as contracts/hours.ts has them. */
export const calendars = pgTable(
  'calendars',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    timeZone: text('time_zone').notNull(),
    weekly: jsonb().$type<WeeklyOpening[]>().notNull(),
    exceptions: jsonb().$type<ExceptionDay[]>().notNull(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('calendars_name').on(sql`lower(${t.name})`)],
);

export const queues = pgTable(
  'queues',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    priority: integer().notNull(),
    language: text().notNull(),
    playGreeting: boolean('play_greeting').notNull(),
    announcePosition: boolean('announce_position').notNull(),
    announceEverySeconds: integer('announce_every_seconds').notNull(),
    ringTimeoutSeconds: integer('ring_timeout_seconds').notNull(),
    maxWaitSeconds: integer('max_wait_seconds'),
    shortAbandonSeconds: integer('short_abandon_seconds').notNull(),
    serviceLevelSeconds: integer('service_level_seconds').notNull(),
    wrapUpSeconds: integer('wrap_up_seconds'),
    calendarId: uuid('calendar_id').references(() => calendars.id),
    outboundNumberId: uuid('outbound_number_id').references((): AnyPgColumn => numbers.id),
    /** What routing, waiting and wrap-up need beyond the columns: `queueRules` of contracts/queue-rules.ts, which fills in what is missing. */
    rules: jsonb().notNull().default({}),
    active: boolean().notNull(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('queues_name').on(sql`lower(${t.name})`)],
);

export const queueSkills = pgTable(
  'queue_skills',
  {
    queueId: uuid('queue_id').notNull().references(() => queues.id, { onDelete: 'cascade' }),
    skillId: uuid('skill_id').notNull().references(() => skills.id),
    minLevel: smallint('min_level').notNull(),
  },
  (t) => [primaryKey({ columns: [t.queueId, t.skillId] })],
);

export const queueAgents = pgTable(
  'queue_agents',
  {
    queueId: uuid('queue_id').notNull().references(() => queues.id, { onDelete: 'cascade' }),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.queueId, t.userId] }), index('queue_agents_user').on(t.userId)],
);

export const agentSkills = pgTable(
  'agent_skills',
  {
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    skillId: uuid('skill_id').notNull().references(() => skills.id),
    level: smallint().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.skillId] })],
);

export const numbers = pgTable(
  'numbers',
  {
    id: uuid().primaryKey(),
    number: text().notNull(),
    label: text().notNull(),
    queueId: uuid('queue_id').references(() => queues.id),
    /** Leads into a call flow; that decides then, and not the queue. */
    flowId: uuid('flow_id').references(() => flows.id),
    priorityBonus: integer('priority_bonus').notNull().default(0),
    outboundNumberId: uuid('outbound_number_id').references((): AnyPgColumn => numbers.id),
    country: text(),
    active: boolean().notNull(),
    version: integer().notNull().default(0),
  },
  (t) => [
    uniqueIndex('numbers_number').on(t.number),
    // +34…, 0034… and 34… are the same number to a trunk: see canonicalNumber in directory/number-spelling.ts
    uniqueIndex('numbers_spelling').on(sql`regexp_replace(${t.number}, '^([+]|00)(?=[0-9]{3})', '')`),
  ],
);

export const reasonCodes = pgTable(
  'reason_codes',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    active: boolean().notNull(),
    sortOrder: integer('sort_order').notNull(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('reason_codes_name').on(sql`lower(${t.name})`)],
);

export const dispositions = pgTable(
  'dispositions',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    active: boolean().notNull(),
    sortOrder: integer('sort_order').notNull(),
    queueIds: uuid('queue_ids').array().notNull(),
    parentId: uuid('parent_id').references((): AnyPgColumn => dispositions.id),
    nextAction: text('next_action').notNull().default('none'),
    version: integer().notNull().default(0),
  },
  // a name is given once among those of the same parent
  (t) => [uniqueIndex('dispositions_name').on(sql`lower(${t.name})`, sql`coalesce(${t.parentId}, '00000000-0000-0000-0000-000000000000'::uuid)`)],
);

/** An agent's present state (see agent-machine.ts). Changed only together with its line in `agent_events`, under its version. */
export const agents = pgTable('agents', {
  userId: uuid('user_id').primaryKey().references(() => users.id, { onDelete: 'cascade' }),
  version: integer().notNull().default(0),
  /** The move that made this version: a repeated save of the same move is recognised. */
  lastMove: uuid('last_move'),
  state: jsonb().notNull(),
});

/** What an administrator sets for an agent. */
export const agentSettings = pgTable(
  'agent_settings',
  {
    userId: uuid('user_id').primaryKey().references(() => users.id, { onDelete: 'cascade' }),
    extension: text(),
    /** MD5 of `user:realm:password` as SIP digest wants it, to hand the account to a fresh switch again. */
    deskPhoneDigest: text('desk_phone_digest'),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('agent_settings_extension').on(t.extension)],
);

/** SIP accounts that live at the switch, each with the browser session it was made for. */
export const sipEndpoints = pgTable(
  'sip_endpoints',
  {
    endpoint: text().primaryKey(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    /** Not a foreign key: the row outlives the session until the switch has dropped the account. */
    sessionId: uuid('session_id'),
    lineId: text('line_id').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    index('sip_endpoints_user').on(t.userId),
    // one account per browser session and line: asking again at the same moment makes no second one
    uniqueIndex('sip_endpoints_session_line').on(t.sessionId, t.lineId),
  ],
);

/** A conversation with a customer. `state` is the machine's state (call-machine.ts); the columns are what lists and reports look for. */
export const calls = pgTable(
  'calls',
  {
    id: uuid().primaryKey(),
    version: integer().notNull(),
    lastMove: uuid('last_move'),
    lineId: text('line_id').notNull(),
    state: jsonb().notNull(),
    direction: text().notNull().generatedAlwaysAs(sql`coalesce(state->>'direction', 'inbound')`),
    fromRaw: text('from_raw').notNull(),
    fromE164: text('from_e164'),
    dialledNumber: text('dialled_number').notNull(),
    queueId: uuid('queue_id').references(() => queues.id),
    customerId: uuid('customer_id').references(() => customers.id),
    agentId: uuid('agent_id').references(() => users.id),
    outcome: text(),
    endedBy: text('ended_by'),
    /** Of the last after-call work; kept by a trigger on `wrap_ups`. */
    dispositionId: uuid('disposition_id').references(() => dispositions.id),
    /** The later call in which somebody spoke with the number that had called in vain; kept by triggers. */
    returnedById: uuid('returned_by_id'),
    startedAt: at('started_at').notNull(),
    queuedAt: at('queued_at'),
    answeredAt: at('answered_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('calls_open').on(t.lineId).where(sql`${t.endedAt} is null`),
    index('calls_started').on(t.startedAt, t.id),
    index('calls_customer').on(t.customerId, t.startedAt, t.id).where(sql`customer_id is not null`),
    index('calls_agent').on(t.agentId, t.startedAt, t.id).where(sql`agent_id is not null`),
    index('calls_queue').on(t.queueId, t.startedAt, t.id),
    index('calls_from').on(t.fromE164, t.startedAt, t.id),
    index('calls_disposition').on(t.dispositionId, t.startedAt, t.id).where(sql`disposition_id is not null`),
    index('calls_outcome').on(t.outcome, t.startedAt, t.id).where(sql`outcome is not null`),
    index('calls_direction').on(t.direction, t.startedAt, t.id).where(sql`direction <> 'inbound'`),
    index('calls_dialled').on(t.dialledNumber, t.startedAt, t.id),
    index('calls_from_end').on(sql`reverse(${t.fromE164}) collate "C"`),
    index('calls_withheld').on(t.startedAt, t.id).where(sql`from_e164 is null`),
    index('calls_untaken').on(t.queueId, t.startedAt, t.id).where(sql`agent_id is null`),
    index('calls_wait').on(sql`round(extract(epoch from coalesce(answered_at, ended_at) - queued_at))`, t.id),
    index('calls_talk').on(sql`round(extract(epoch from ended_at - answered_at))`, t.id),
    index('calls_to_return').on(t.startedAt, t.id).where(sql`answered_at is null and ended_at is not null and returned_by_id is null`),
    index('calls_number_to_return').on(t.fromE164).where(sql`answered_at is null and ended_at is not null and returned_by_id is null`),
  ],
);

/** The ledger: append-only, ordered per call. Every figure is folded from it. */
export const callEvents = pgTable(
  'call_events',
  {
    callId: uuid('call_id').notNull(),
    seq: integer().notNull(),
    at: at('at').notNull(),
    kind: text().notNull(),
    queueId: uuid('queue_id'),
    agentId: uuid('agent_id'),
    customerId: uuid('customer_id'),
    data: jsonb().notNull(),
  },
  (t) => [primaryKey({ columns: [t.callId, t.seq] }), index('call_events_at').on(t.at)],
);

/** The agents' side of the ledger: each change of state, `seq` being the agent's version. */
export const agentEvents = pgTable(
  'agent_events',
  {
    agentId: uuid('agent_id').notNull(),
    seq: integer().notNull(),
    at: at('at').notNull(),
    state: text().notNull(),
    reasonCodeId: uuid('reason_code_id'),
    callId: uuid('call_id'),
  },
  (t) => [primaryKey({ columns: [t.agentId, t.seq] }), index('agent_events_at').on(t.at)],
);

/** What agents were, from when to when: folded from `agent_events` by a trigger as they come. */
export const agentSpans = pgTable(
  'agent_spans',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    agentId: uuid('agent_id').notNull(),
    state: text().notNull(),
    reasonCodeId: uuid('reason_code_id'),
    callId: uuid('call_id'),
    fromAt: at('from_at').notNull(),
    /** Null: still. */
    untilAt: at('until_at'),
  },
  (t) => [
    index('agent_spans_from').on(t.fromAt, t.id),
    index('agent_spans_agent').on(t.agentId, t.fromAt, t.id),
    index('agent_spans_reason').on(t.reasonCodeId, t.fromAt, t.id).where(sql`reason_code_id is not null`),
    index('agent_spans_seconds').on(sql`round(extract(epoch from until_at - from_at))`, t.id),
  ],
);

/** Notes and after-call work: made by the server when the agent answers, open until the agent completes it. */
export const wrapUps = pgTable(
  'wrap_ups',
  {
    callId: uuid('call_id').notNull(),
    agentId: uuid('agent_id').notNull().references(() => users.id),
    queueId: uuid('queue_id'),
    startedAt: at('started_at').notNull(),
    dispositionId: uuid('disposition_id').references(() => dispositions.id),
    notes: text().notNull().default(''),
    revision: integer().notNull().default(0),
    completedAt: at('completed_at'),
  },
  (t) => [primaryKey({ columns: [t.callId, t.agentId] }), index('wrap_ups_open').on(t.agentId, t.startedAt).where(sql`${t.completedAt} is null`)],
);
