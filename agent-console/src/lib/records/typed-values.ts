import { schemaOfField, type Locale, type RecordField } from '@centralita/cti-server/contracts';
import { asText, listOf } from './field-words.ts';

/** What stands in a control while a person types: text, or the chosen ones of several. */
export type Typed = string | string[];
export type Fault = 'missing' | 'tooLong' | 'number' | 'money' | 'email' | 'phone' | 'date' | 'choice' | 'invalid';
type Rule = Pick<RecordField, 'kind' | 'required' | 'options' | 'max'>;

/** A value as its control shows it. Instants are shown in the reader's own zone. */
export function typedOf(field: Pick<RecordField, 'kind'>, value: unknown, locale: Locale): Typed {
  if (field.kind === 'multiPick') return listOf(value);
  if (value === null || value === undefined) return '';
  if (field.kind === 'number' || field.kind === 'money') return asText(value).replace('.', decimalSign(locale));
  if (field.kind === 'instant') return localInstant(asText(value));
  return asText(value);
}

/** What was typed as the API speaks it, or what is wrong with it: the same rule as the server's. */
export function valueOf(field: Rule, typed: Typed, locale: Locale): { value: unknown } | { fault: Fault } {
  const given = read(field, typed, locale);
  if (given === undefined) return { fault: faultOf(field) };
  const checked = schemaOfField(field).safeParse(given);
  if (checked.success) return { value: checked.data };
  if (given === null || given === '' || (Array.isArray(given) && given.length === 0)) return { fault: 'missing' };
  return { fault: checked.error.issues.some((issue) => issue.code === 'too_big') ? 'tooLong' : faultOf(field) };
}

/** Whether two values are the same for a record, so that nothing is saved that nobody changed. */
export function sameValue(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => (value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? null : value);
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function read(field: Rule, typed: Typed, locale: Locale): unknown {
  if (Array.isArray(typed)) return typed;
  const text = typed.trim();
  if (text === '') return null;
  switch (field.kind) {
    case 'number': {
      const number = plainNumber(text, locale);
      return number === undefined ? undefined : Number(number);
    }
    case 'money':
      return plainNumber(text, locale);
    case 'yesNo':
      return text === 'true';
    case 'instant': {
      const at = new Date(text);
      return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
    }
    default:
      return text;
  }
}

/** `1.234,5` of a Spanish hand and `1,234.5` of an English one both become `1234.5`; what is no number becomes nothing. */
export function plainNumber(text: string, locale: Locale): string | undefined {
  const decimal = decimalSign(locale);
  const group = decimal === ',' ? '.' : ',';
  let bare = text.replaceAll(/[\s\u00a0\u202f'’]/g, '');
  const decimalAt = bare.lastIndexOf(decimal);
  const grouped = new RegExp(`^[+-]?\\d{1,3}(\\${group}\\d{3})+(\\${decimal}\\d+)?$`);
  if (grouped.test(bare)) bare = bare.replaceAll(group, '');
  else if (decimalAt === -1 && bare.split(group).length === 2) bare = bare.replace(group, decimal); // the other decimal sign, from a keypad
  bare = bare.replace(decimal, '.').replace(/^\+/, '');
  return /^-?\d+(\.\d+)?$/.test(bare) ? bare : /^-?\.\d+$/.test(bare) ? bare.replace('.', '0.') : undefined;
}

const decimalSign = (locale: Locale): ',' | '.' => (locale === 'es' ? ',' : '.');

function localInstant(at: string): string {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return '';
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(instant.getFullYear())}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}T${two(instant.getHours())}:${two(instant.getMinutes())}`;
}

function faultOf(field: Rule): Fault {
  switch (field.kind) {
    case 'number':
    case 'money':
    case 'email':
    case 'phone':
      return field.kind;
    case 'date':
    case 'instant':
      return 'date';
    case 'pick':
    case 'multiPick':
    case 'link':
    case 'user':
    case 'file':
      return 'choice';
    default:
      return 'invalid';
  }
}
