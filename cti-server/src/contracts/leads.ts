import { z } from 'zod';
import { id, instant, line, pageQuery, requiredLine, text } from './basics.ts';
import { labels } from './record-fields.ts';
import { record } from './records.ts';

export const leadSources = ['form', 'import', 'call', 'api', 'referral', 'event'] as const;
export const leadStages = ['new', 'contacted', 'qualified', 'proposal', 'lost', 'converted'] as const;
/** Stages in which a lead is worked on: only these count for the maximum held, and only these go round. */
export const openLeadStages = ['new', 'contacted', 'qualified', 'proposal'] as const;
export const leadGrades = ['A', 'B', 'C', 'D'] as const;
/** Why a lead lies in the pool: nobody had it yet, somebody gave it back, or which rule took it. */
export const poolReasons = ['unassigned', 'released', 'noFollowUp', 'notConverted', 'ownerLeft'] as const;
export const poolReason = z.enum(poolReasons);
export type PoolReason = z.infer<typeof poolReason>;

const days = (most: number) => z.int().min(1).max(most);
/** Null or 0: there is no such rule. */
export const circulationRules = z.strictObject({
  /** So many days without a follow-up, and the lead goes to the pool. */
  noFollowUpDays: days(3_650).nullable().default(null),
  /** So many days held without being converted, and it goes to the pool. */
  convertWithinDays: days(3_650).nullable().default(null),
  /** So many days no rule takes it from a new owner. */
  protectedDays: z.int().min(0).max(3_650).default(0),
  /** Open leads that one person may hold at a time. */
  maxHeld: z.int().min(1).max(100_000).nullable().default(null),
  /** So many days the one who lost it to the pool may not take it again. */
  lockOutDays: z.int().min(0).max(3_650).default(0),
  /** Leads that one person may take from the pool in a day of the company's zone. */
  grabsPerDay: z.int().min(1).max(10_000).nullable().default(null),
});
export type CirculationRules = z.infer<typeof circulationRules>;

/** Who gets leads of a kind. The first route that fits and has somebody who may take the lead wins. An empty list fits everything. */
export const leadRoute = z.strictObject({
  id,
  name: requiredLine(80),
  countries: z.array(z.string().regex(/^[A-Z]{2}$/)).max(250).default([]),
  /** Compared without case and accents. */
  cities: z.array(requiredLine(120)).max(200).default([]),
  /** Beginnings of numbers as E.164, such as +3493. */
  phonePrefixes: z.array(z.string().regex(/^\+\d{1,14}$/)).max(200).default([]),
  sources: z.array(z.enum(leadSources)).max(10).default([]),
  grades: z.array(z.enum(leadGrades)).max(4).default([]),
  /** These, and whoever has one of these skills of the contact centre. */
  userIds: z.array(id).max(500).default([]),
  skillIds: z.array(id).max(50).default([]),
  how: z.enum(['inTurn', 'leastLoaded']).default('inTurn'),
});
export type LeadRoute = z.infer<typeof leadRoute>;

export const leadRulesInput = z.strictObject({
  circulation: circulationRules,
  /** Routes are followed as soon as a lead comes in, not only when somebody asks. */
  assignAtCapture: z.boolean().default(false),
  routes: z.array(leadRoute).max(50).default([]),
  version: z.int().min(0),
});
export const leadRules = leadRulesInput;
export type LeadRules = z.infer<typeof leadRules>;
/** With the names of the people in the routes. */
export const leadRulesAnswer = leadRules.extend({ names: z.record(z.string(), z.string()) });
export type LeadRulesAnswer = z.infer<typeof leadRulesAnswer>;

export const takeRefusals = ['taken', 'leadClosed', 'maximumHeld', 'lockedOut', 'grabsUsedUp'] as const;
/** Why somebody may not take a lead; null when they may. `until`: from then on they may; `limit`: the number that is reached. */
export const takeRefusal = z.object({ reason: z.enum(takeRefusals), until: instant.nullable(), limit: z.int().nullable() });

/** What the rules say of a lead just now, for the card to explain. */
export const leadCirculation = z.object({
  state: z.enum(['held', 'pool', 'closed']),
  /** When it goes to the pool, and by which rule; null when no rule will take it. */
  poolsAt: instant.nullable(),
  because: z.enum(['noFollowUp', 'notConverted']).nullable(),
  /** The days of that rule. */
  ruleDays: z.int().nullable(),
  /** It would go earlier, but for the protection of its owner. */
  delayedByProtection: z.boolean(),
  protectedUntil: instant.nullable(),
  /** Less than a day is left. */
  goesSoon: z.boolean(),
  pooledAt: instant.nullable(),
  poolReason: poolReason.nullable(),
  /** Whether the viewer may take it from the pool; null when it lies not there. */
  grab: z.object({ allowed: z.boolean(), refusal: takeRefusal.nullable() }).nullable(),
});
export type LeadCirculation = z.infer<typeof leadCirculation>;

export const leadRow = z.object({ lead: record, circulation: leadCirculation });
export type LeadRow = z.infer<typeof leadRow>;
export const leadQuery = pageQuery.extend({
  /** One's own, those that soonest go to the pool first; the pool, the newest in it first; everybody's one may see. */
  tab: z.enum(['mine', 'pool', 'team']),
  search: line(100).optional(),
});
/** How far somebody has used their limits. */
export const leadLimits = z.object({ held: z.int(), maxHeld: z.int().nullable(), grabbedToday: z.int(), grabsPerDay: z.int().nullable() });
export type LeadLimits = z.infer<typeof leadLimits>;

export const followUpOutcomes = ['reached', 'notReached', 'interested', 'notInterested', 'callBack', 'other'] as const;
export const followUpInput = z.strictObject({
  text: text(20_000).min(1),
  outcome: z.enum(followUpOutcomes).default('other'),
  /** Left out, they stay. */
  nextStep: line(300).nullable().optional(),
  nextStepAt: instant.nullable().optional(),
});
export const followUp = z.object({
  id,
  at: instant,
  userId: id.nullable(),
  userName: z.string().nullable(),
  text: z.string(),
  outcome: z.enum(followUpOutcomes),
  nextStep: z.string().nullable(),
  nextStepAt: instant.nullable(),
});
export type FollowUp = z.infer<typeof followUp>;

export const assignInput = z.strictObject({ /** Leads of the pool; left out, the oldest of it. */ ids: z.array(id).max(500).optional(), limit: z.int().min(1).max(500).default(100) });
/** `left`: stay where they are, with the reason: no route fits, or nobody of it may take them, or they are not in the pool. */
export const assignAnswer = z.object({
  assigned: z.array(z.object({ id, ownerId: id, ownerName: z.string(), route: z.string() })),
  left: z.array(z.object({ id, reason: z.enum(['noRoute', 'nobodyFree', 'notInPool']) })),
});
export type AssignAnswer = z.infer<typeof assignAnswer>;

/** To a new customer, made from the lead, or to one that is there. */
export const convertInput = z.strictObject({ customerId: id.nullable().default(null), contact: z.boolean().default(false) });
export const leadConversion = z.object({
  customerId: id,
  contactId: id.nullable(),
  isNewCustomer: z.boolean(),
  at: instant,
  userName: z.string().nullable(),
  /** It can be taken back as long as nothing else happened with the customer. */
  undo: z.object({ allowed: z.boolean(), reason: z.enum(['customerUsed', 'undone']).nullable() }),
});
export type LeadConversion = z.infer<typeof leadConversion>;

/** What a form may ask for. */
export const leadFormFields = ['name', 'company', 'phone', 'email', 'city', 'country', 'notes'] as const;
export const leadFormInput = z.strictObject({
  name: requiredLine(80),
  title: labels,
  fields: z.array(z.strictObject({ key: z.enum(leadFormFields), required: z.boolean().default(false) })).min(1).max(leadFormFields.length),
  /** What people agree to; kept word for word with each lead. Empty: the form asks for no consent. */
  consentText: text(5_000).default(''),
  /** Websites that may show the form, such as https://example.org. */
  origins: z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)).max(50).default([]),
  /** Who fills it in faster is taken for a machine. */
  minimumSeconds: z.int().min(0).max(120).default(3),
  source: z.enum(leadSources).default('form'),
  active: z.boolean().default(true),
});
export const leadForm = leadFormInput.extend({ origins: z.array(z.string()), id, token: z.string(), version: z.int(), leads: z.int(), lastLeadAt: instant.nullable() });
export type LeadForm = z.infer<typeof leadForm>;

/** What a website needs to draw a form. `stamp` comes back with the answer and shows when the form was opened. */
export const publicLeadForm = z.object({ title: labels, fields: leadFormInput.shape.fields, consentText: z.string(), minimumSeconds: z.int(), stamp: z.string() });
export const publicLeadInput = z.object({
  fields: z.record(z.string().max(40), z.string().max(20_000)),
  consent: z.boolean().default(false),
  stamp: z.string().max(200),
  /** A field that people do not see: whoever fills it in is a machine. */
  website: z.string().max(2_000).default(''),
  page: z.string().max(2_000).default(''),
  captcha: z.string().max(5_000).optional(),
});
