import { z } from 'zod';
import { id, instant, line, pageQuery, requiredLine, text } from './basics.ts';
import { addressPoint, emailPoint, phone, phoneInput } from './contact-points.ts';

/** A important, B general, C abandoned. */
export const customerTier = z.enum(['A', 'B', 'C']);

/** The languages that somebody may like best to be spoken to in. */
export const customerLanguages = ['es', 'en', 'zh-CN', 'zh-TW', 'ca', 'gl', 'eu', 'pt', 'fr', 'de', 'it', 'ar', 'other'] as const;
export const customerFields = z.strictObject({
  name: requiredLine(200),
  kind: z.enum(['person', 'company']).default('person'),
  company: line(200).nullable().default(null),
  tier: customerTier.default('B'),
  email: z.email().max(200).nullable().default(null),
  street: line(200).nullable().default(null),
  postcode: line(20).nullable().default(null),
  city: line(120).nullable().default(null),
  region: line(120).nullable().default(null),
  country: z.string().regex(/^[A-Z]{2}$/).nullable().default(null),
  language: z.enum(customerLanguages).nullable().default(null),
  doNotCall: z.boolean().nullable().default(null),
  doNotCallReason: line(300).nullable().default(null),
  notes: text(20_000).default(''),
});
export const customerInput = customerFields.extend({ phones: z.array(phoneInput).max(20).default([]) });
export const contact = z.object({ id, name: z.string(), jobTitle: z.string().nullable(), email: z.string().nullable(), version: z.int() });
export const contactInput = z.strictObject({
  name: requiredLine(200),
  jobTitle: line(120).nullable().default(null),
  email: z.email().max(200).nullable().default(null),
});

export const customerRow = z.object({
  id,
  name: z.string(),
  kind: z.enum(['person', 'company']),
  company: z.string().nullable(),
  tier: customerTier,
  email: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
  mainPhone: z.string().nullable(),
  openTickets: z.int(),
  lastContactAt: instant.nullable(),
});
export type CustomerRow = z.infer<typeof customerRow>;
export const customer = z.object({
  id,
  name: z.string(),
  kind: z.enum(['person', 'company']),
  company: z.string().nullable(),
  tier: customerTier,
  email: z.string().nullable(),
  /** The main address; others are in `addresses`. */
  street: z.string().nullable(),
  postcode: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  country: z.string().nullable(),
  language: z.enum(customerLanguages).nullable(),
  doNotCall: z.boolean().nullable(),
  doNotCallReason: z.string().nullable(),
  doNotCallSince: instant.nullable(),
  doNotCallByName: z.string().nullable(),
  notes: z.string(),
  phones: z.array(phone),
  /** Besides the main one, which is `email`. */
  emails: z.array(emailPoint),
  addresses: z.array(addressPoint),
  contacts: z.array(contact),
  createdAt: instant,
  updatedAt: instant,
  version: z.int(),
});
export type Customer = z.infer<typeof customer>;
/** `search` finds names, companies, e-mails and numbers in any spelling, accents folded. */
export const customerQuery = pageQuery.extend({ search: line(100).optional(), tier: customerTier.optional() });

export const ticketStatus = z.enum(['open', 'inProgress', 'waitingForCustomer', 'solved', 'closed']);
export const ticketPriority = z.enum(['low', 'normal', 'high', 'urgent']);
/** One of the company's kinds, see {@link ticketRules}. */
export const ticketKind = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/);
export const ticketInput = z.strictObject({
  subject: requiredLine(200),
  description: text(20_000).default(''),
  /** Left out: the company's first kind, and the status with which that kind begins. */
  kind: ticketKind.optional(),
  status: ticketStatus.optional(),
  priority: ticketPriority.default('normal'),
  customerId: id.nullable().default(null),
  /** The call it was opened from. */
  callId: id.nullable().default(null),
  assigneeId: id.nullable().default(null),
});
export const ticket = z.object({
  id,
  /** Counts up; what people say on the phone. */
  number: z.int(),
  subject: z.string(),
  description: z.string(),
  kind: ticketKind,
  status: ticketStatus,
  priority: ticketPriority,
  customerId: id.nullable(),
  customerName: z.string().nullable(),
  callId: id.nullable(),
  assigneeId: id.nullable(),
  assigneeName: z.string().nullable(),
  createdByName: z.string().nullable(),
  openedAt: instant,
  updatedAt: instant,
  closedAt: instant.nullable(),
  version: z.int(),
});
export type Ticket = z.infer<typeof ticket>;
export const ticketQuery = pageQuery.extend({
  search: line(100).optional(),
  status: ticketStatus.optional(),
  open: z.stringbool().optional(),
  customerId: id.optional(),
  assigneeId: id.optional(),
  /** Nobody's: whoever takes tickets may take it. The oldest come first. */
  unassigned: z.stringbool().optional(),
});

/** One line in a customer's history. `call` entries carry the call's id in `refId`, `ticket` entries the ticket's. */
export const timelineEntry = z.object({
  id,
  at: instant,
  kind: z.enum(['call', 'ticket', 'note', 'change']),
  summary: z.string(),
  /** Values for the console to word the entry in the reader's language. */
  data: z.record(z.string(), z.unknown()),
  refId: id.nullable(),
  userId: id.nullable(),
  userName: z.string().nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;
export const noteInput = z.strictObject({ text: text(20_000).min(1) });
