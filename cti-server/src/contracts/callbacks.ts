import { z } from 'zod';
import { id, instant, line, locale, pageQuery, requiredLine, text } from './basics.ts';
import { labels } from './record-fields.ts';

/** An agent's own promise; anybody's of a queue; a caller who left and kept the place in the queue; asked for on a website. */
export const callbackKinds = ['personal', 'queue', 'keptPlace', 'web'] as const;
export const callbackKind = z.enum(callbackKinds);
export type CallbackKind = z.infer<typeof callbackKind>;
/** `open` waits for its time or for somebody; `claimed`: somebody is about to call; `calling`: the call is being made. The rest is final. */
export const callbackStates = ['open', 'claimed', 'calling', 'done', 'failed', 'cancelled'] as const;
export const callbackState = z.enum(callbackStates);
export type CallbackState = z.infer<typeof callbackState>;
/** How the call of an attempt ended; `cancelled`: by the agent, before anybody answered. */
export const attemptOutcomes = ['answered', 'busy', 'noAnswer', 'rejected', 'unreachable', 'failed', 'cancelled'] as const;
export const attemptOutcome = z.enum(attemptOutcomes);
export type AttemptOutcome = z.infer<typeof attemptOutcome>;

/** Who is called first for a place that was kept. `off`: the queue does not offer to keep it. */
export const callbackMode = z.enum(['off', 'customerFirst', 'agentFirst']);
export type CallbackMode = z.infer<typeof callbackMode>;

/** An IANA name such as Europe/Madrid. */
export const timeZoneName = requiredLine(60).refine(isTimeZone, { message: 'must be the name of a time zone' });
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const person = z.object({ id, name: z.string() });
export const callback = z.object({
  id,
  kind: callbackKind,
  state: callbackState,
  /** E.164. */
  number: z.string(),
  /** ISO 3166 alpha-2, when the number tells it. */
  country: z.string().nullable(),
  customerId: id.nullable(),
  /** The customer's name, or what the person is called otherwise; may be empty. */
  contactName: z.string(),
  queue: person.nullable(),
  /** Whose it is; null: anybody's who serves the queue. */
  agent: person.nullable(),
  dueAt: instant,
  remindAt: instant,
  /** The zone of whoever is called. */
  timeZone: z.string(),
  note: z.string(),
  tries: z.int(),
  lastOutcome: attemptOutcome.nullable(),
  claimedBy: person.nullable(),
  /** In the queue since: of a place that was kept. */
  queuedAt: instant.nullable(),
  createdBy: person.nullable(),
  createdAt: instant,
  endedAt: instant.nullable(),
  /** Due for so long that somebody should look after it. */
  overdue: z.boolean(),
  version: z.int(),
});
export type Callback = z.infer<typeof callback>;

export const callbackAttempt = z.object({ callId: id, at: instant, agent: person.nullable(), outcome: attemptOutcome });
export type CallbackAttempt = z.infer<typeof callbackAttempt>;
export const callbackWithAttempts = callback.extend({
  attempts: z.array(callbackAttempt),
  /** What was agreed to on a website, word for word. */
  consents: z.array(z.object({ at: instant, text: z.string(), page: z.string() })),
});
export type CallbackWithAttempts = z.infer<typeof callbackWithAttempts>;

/** `mine`: given to me, or claimed by me; `queue`: of my queues and nobody's yet; `overdue`, `open`, `ended`: all that I may see. */
export const callbackTab = z.enum(['mine', 'queue', 'overdue', 'open', 'ended']);
export type CallbackTab = z.infer<typeof callbackTab>;
export const callbackQuery = pageQuery.extend({ tab: callbackTab, customerId: id.optional(), queueId: id.optional() });

export const callbackInput = z
  .strictObject({
    /** In any spelling; kept as E.164. */
    number: requiredLine(40),
    customerId: id.nullable().default(null),
    contactName: line(200).default(''),
    /** Without a queue it is personal: the agent's, or one's own. */
    queueId: id.nullable().default(null),
    agentId: id.nullable().default(null),
    dueAt: instant,
    /** Left out, it is told from the number. */
    timeZone: timeZoneName.optional(),
    note: text(2_000).default(''),
    sourceCallId: id.nullable().default(null),
  });
export type CallbackInput = z.infer<typeof callbackInput>;
const version = z.int().min(0);
export const callbackReschedule = z.strictObject({ dueAt: instant, timeZone: timeZoneName.optional(), note: text(2_000).optional(), version });
/** To an agent, or back to a queue. */
export const callbackReassign = z
  .strictObject({ agentId: id.nullable(), queueId: id.nullable(), version })
  .refine((input) => input.agentId !== null || input.queueId !== null, { message: 'somebody must have it', path: ['agentId'] });
export const callbackSnooze = z.strictObject({ minutes: z.union([z.literal(5), z.literal(15), z.literal(60)]) });
export const callbackComplete = z.strictObject({ note: text(2_000).optional() });

/** Where a number is at home; with several zones somebody has to say which. */
export const numberZones = z.object({ e164: z.string().nullable(), country: z.string().nullable(), zones: z.array(z.string()), guess: z.string() });
export type NumberZones = z.infer<typeof numberZones>;
export const numberZonesQuery = z.object({ number: z.string().max(60) });
/** Whom a callback may be given to. */
export const callbackPeople = z.object({ agents: z.array(person), queues: z.array(person) });
export type CallbackPeople = z.infer<typeof callbackPeople>;

/** What a person is told of callbacks and voicemail, whole with every change. */
export const followUps = z.object({
  /** Mine whose time has come, the longest due first; twenty at most. */
  reminders: z.array(callback),
  mineDue: z.int(),
  /** Due in the queues that I serve, and nobody's yet. */
  queueDue: z.int(),
  /** Of those I look after; 0 for who supervises nobody. */
  overdue: z.int(),
  newVoicemails: z.int(),
});
export type FollowUps = z.infer<typeof followUps>;

/** A text in each language in which visitors may come. */
const texts = z.strictObject({ es: text(5_000), en: text(5_000), 'zh-CN': text(5_000), 'zh-TW': text(5_000) });
export const callbackFormInput = z.strictObject({
  name: requiredLine(80),
  title: labels,
  queueId: id,
  /** What people agree to, in their language; kept as it was shown. Empty in all languages: the form asks for no consent. */
  consentText: texts.default({ es: '', en: '', 'zh-CN': '', 'zh-TW': '' }),
  /** Websites that may show the form, such as https://example.org. */
  origins: z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)).max(50).default([]),
  /** Who fills it in faster is taken for a machine. */
  minimumSeconds: z.int().min(0).max(120).default(3),
  /** How far ahead a wished time may lie; 0: people cannot wish for one. */
  daysAhead: z.int().min(0).max(60).default(7),
  /** So many callbacks one number may ask for in a day. */
  perNumberADay: z.int().min(1).max(20).default(3),
  active: z.boolean().default(true),
});
export const callbackForm = callbackFormInput.extend({ origins: z.array(z.string()), id, token: z.string(), version: z.int(), callbacks: z.int(), lastAt: instant.nullable(), /** The line for the website. */ snippet: z.string() });
export type CallbackForm = z.infer<typeof callbackForm>;

/** What a website needs to draw a form. `stamp` comes back with the answer and shows when the form was opened. */
export const publicCallbackForm = z.object({ title: labels, consentText: texts, minimumSeconds: z.int(), daysAhead: z.int(), captcha: z.boolean(), stamp: z.string() });
export const publicCallbackInput = z.object({
  name: line(120).default(''),
  number: requiredLine(40),
  /** Null: as soon as possible. */
  wishedAt: instant.nullable().default(null),
  timeZone: timeZoneName.optional(),
  locale,
  consent: z.boolean().default(false),
  stamp: z.string().max(200),
  /** A field that people do not see: whoever fills it in is a machine. */
  website: z.string().max(2_000).default(''),
  page: z.string().max(2_000).default(''),
  captcha: z.string().max(5_000).optional(),
});
