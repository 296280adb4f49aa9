import { z } from 'zod';
import { id, instant, line, requiredLine, text } from './basics.ts';

/** What somebody may have agreed to, or refused, for one of their numbers or e-mails. */
export const contactPurposes = ['call', 'sms', 'email'] as const;
export const contactPurpose = z.enum(contactPurposes);
export type ContactPurpose = z.infer<typeof contactPurpose>;
export const consent = z.strictObject({
  given: z.enum(['yes', 'no', 'unknown']),
  /** Where it comes from: a form, a contract, a call. */
  source: line(200).default(''),
  /** What they agreed to, word for word. */
  wording: text(5_000).default(''),
  at: instant.nullable().default(null),
  /** The last day on which it holds, in the company's zone. */
  until: z.iso.date().nullable().default(null),
});
export type Consent = z.infer<typeof consent>;
/** A purpose that is not named is unknown. */
export const consents = z.partialRecord(contactPurpose, consent);
export type Consents = z.infer<typeof consents>;

export const phoneKinds = ['mobile', 'work', 'home', 'switchboard', 'fax', 'other'] as const;
export const phoneKind = z.enum(phoneKinds);
export const phone = z.object({
  id,
  e164: z.string(),
  kind: phoneKind,
  label: z.string(),
  contactId: id.nullable(),
  isMain: z.boolean(),
  consents,
  doNotCall: z.boolean(),
  doNotCallReason: z.string(),
  doNotCallSince: instant.nullable(),
  doNotCallByName: z.string().nullable(),
});
export type CustomerPhone = z.infer<typeof phone>;
/** In any spelling a person would write; stored as E.164, with the company's country where none is given. */
export const phoneInput = z.strictObject({
  number: requiredLine(40),
  kind: phoneKind.default('mobile'),
  label: line(60).default(''),
  contactId: id.nullable().default(null),
  consents: consents.default({}),
  doNotCall: z.boolean().default(false),
  doNotCallReason: line(300).default(''),
});
/** What is left out stays. `isMain: true` makes it the main number. */
export const phoneChange = z.strictObject({
  number: requiredLine(40).optional(),
  kind: phoneKind.optional(),
  label: line(60).optional(),
  contactId: id.nullable().optional(),
  consents: consents.optional(),
  doNotCall: z.boolean().optional(),
  doNotCallReason: line(300).optional(),
  isMain: z.literal(true).optional(),
});

export const emailKinds = ['work', 'personal', 'billing', 'other'] as const;
export const emailPoint = z.object({ id, address: z.string(), kind: z.enum(emailKinds), label: z.string(), contactId: id.nullable(), consents });
export type EmailPoint = z.infer<typeof emailPoint>;
export const emailInput = z.strictObject({ address: z.email().max(200).toLowerCase(), kind: z.enum(emailKinds).default('work'), label: line(60).default(''), contactId: id.nullable().default(null), consents: consents.default({}) });
export const emailChange = z.strictObject({ address: z.email().max(200).toLowerCase().optional(), kind: z.enum(emailKinds).optional(), label: line(60).optional(), contactId: id.nullable().optional(), consents: consents.optional() });

export const addressKinds = ['home', 'work', 'billing', 'delivery', 'other'] as const;
const part = (max: number) => line(max).nullable();
const country = z.string().regex(/^[A-Z]{2}$/).nullable();
export const addressPoint = z.object({
  id,
  kind: z.enum(addressKinds),
  label: z.string(),
  contactId: id.nullable(),
  street: z.string().nullable(),
  postcode: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  country: z.string().nullable(),
});
export type AddressPoint = z.infer<typeof addressPoint>;
export const addressInput = z.strictObject({
  kind: z.enum(addressKinds).default('work'),
  label: line(60).default(''),
  contactId: id.nullable().default(null),
  street: part(200).default(null),
  postcode: part(20).default(null),
  city: part(120).default(null),
  region: part(120).default(null),
  country: country.default(null),
});
export const addressChange = z.strictObject({
  kind: z.enum(addressKinds).optional(),
  label: line(60).optional(),
  contactId: id.nullable().optional(),
  street: part(200).optional(),
  postcode: part(20).optional(),
  city: part(120).optional(),
  region: part(120).optional(),
  country: country.optional(),
});

/** Why somebody should not be called. The product asks before it dials, and never dials of itself. */
export const callRefusalReasons = ['customerDoNotCall', 'numberDoNotCall', 'consentRefused', 'consentExpired'] as const;
export const callRefusal = z.object({
  reason: z.enum(callRefusalReasons),
  customerId: id,
  customerName: z.string(),
  /** The number it is said of; null when it is said of the customer as a whole. */
  number: z.string().nullable(),
  /** In the words of whoever wrote it down; empty when they gave none. */
  text: z.string(),
  since: instant.nullable(),
  /** The last day on which the consent held. */
  until: z.string().nullable(),
  byName: z.string().nullable(),
});
export type CallRefusal = z.infer<typeof callRefusal>;
export const mayCallQuery = z.object({ number: line(60).optional(), customerId: id.optional() });
export const mayCallAnswer = z.object({ allowed: z.boolean(), refusals: z.array(callRefusal) });
export type MayCallAnswer = z.infer<typeof mayCallAnswer>;
