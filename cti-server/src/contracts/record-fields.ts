import { z } from 'zod';
import { e164, id, instant, line, text } from './basics.ts';

/** A word in the console's four languages. */
export const labels = z.strictObject({ es: line(80), en: line(80), 'zh-CN': line(80), 'zh-TW': line(80) });
export type Labels = z.infer<typeof labels>;

/** What a field can hold. `user` is somebody of the house; `link` another record; `money` an amount in the company's currency. */
export const fieldKinds = ['text', 'longText', 'number', 'money', 'date', 'instant', 'pick', 'multiPick', 'phone', 'email', 'link', 'user', 'file', 'yesNo'] as const;
export const fieldKind = z.enum(fieldKinds);
export type FieldKind = z.infer<typeof fieldKind>;

/** A value of a pick list. One in use is never deleted but retired: it stays readable and can no longer be chosen. */
export const pickOption = z.strictObject({ value: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/), label: labels, retired: z.boolean().default(false) });
export type PickOption = z.infer<typeof pickOption>;

/** One field of a record type, as the declaration or an administrator made it, and as the console draws it. */
export const recordField = z.object({
  /** The name in the API; never changes, so that a renamed field breaks no import, view or export. */
  key: z.string(),
  kind: fieldKind,
  label: labels,
  required: z.boolean(),
  /** No two living records may have the same value. */
  unique: z.boolean(),
  /** Added by an administrator. */
  custom: z.boolean(),
  /** Set by the product itself; people read it. */
  readOnly: z.boolean(),
  /** Kept encrypted: readable with the field's right, found by its exact value only when `searchable`. */
  encrypted: z.boolean(),
  /** Found by the one search box. */
  searchable: z.boolean(),
  options: z.array(pickOption),
  /** The record type that a `link` leads to. */
  linkTo: z.string().nullable(),
  max: z.int().nullable(),
  /** What a new record has that does not say. */
  initial: z.unknown().optional(),
  /** The viewer may change it. */
  writable: z.boolean(),
  /** What a number counts; without it, a plain number. */
  unit: z.enum(['seconds']).optional(),
});
export type RecordField = z.infer<typeof recordField>;

/** The widest length of each kind of text. */
const longest = { text: 300, longText: 20_000, email: 200, phone: 40 } as const;

type FieldRule = Pick<RecordField, 'kind' | 'required' | 'options' | 'max'>;

/**
 * What a value of this field must look like: the one validation, used by the server for every way in and by the console while typing.
 * Null is "no value". Texts are trimmed; an empty one is no value.
 */
export function schemaOfField(field: FieldRule): z.ZodType {
  const value = schemaOfKind(field);
  const emptyIsNull = (given: unknown): unknown => (given === '' || given === undefined || (Array.isArray(given) && given.length === 0) ? null : typeof given === 'string' ? given.trim() || null : given);
  return z.preprocess(emptyIsNull, field.required ? value : value.nullable());
}

function schemaOfKind(field: FieldRule): z.ZodType {
  const choices = field.options.filter((option) => !option.retired).map((option) => option.value);
  switch (field.kind) {
    case 'text':
      return line(field.max ?? longest.text);
    case 'longText':
      return text(field.max ?? longest.longText);
    case 'number':
      return z.number().min(-1e15).max(1e15);
    case 'money':
      // as text, so that cents stay cents on the way
      return z.string().regex(/^-?\d{1,13}(\.\d{1,2})?$/);
    case 'date':
      return z.iso.date();
    case 'instant':
      return instant;
    case 'pick':
      return z.enum(choices);
    case 'multiPick':
      return z.array(z.enum(choices)).max(100).transform((values) => [...new Set(values)]);
    case 'phone':
      return z.union([e164, line(longest.phone)]);
    case 'email':
      return z.email().max(longest.email);
    case 'link':
    case 'user':
    case 'file':
      return id;
    case 'yesNo':
      return z.boolean();
  }
}
