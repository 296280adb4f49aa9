import { recordFilter, type Locale, type RecordField, type RecordFilter } from '@centralita/cti-server/contracts';
import { listOf } from './field-words.ts';
import { typedOf, valueOf, type Typed } from './typed-values.ts';

export type FilterOp = RecordFilter['op'];

/** The comparisons that make sense for a field, the likeliest first. None: lists cannot be filtered by it. */
export function opsOf(field: Pick<RecordField, 'kind' | 'encrypted' | 'searchable'>): FilterOp[] {
  // What is kept encrypted can only be compared whole, and only where asked for.
  if (field.encrypted) return field.searchable ? ['eq', 'empty', 'notEmpty'] : ['empty', 'notEmpty'];
  switch (field.kind) {
    case 'text':
    case 'longText':
    case 'email':
      return ['contains', 'startsWith', 'eq', 'ne', 'empty', 'notEmpty'];
    case 'phone':
      return ['contains', 'startsWith', 'eq', 'empty', 'notEmpty'];
    case 'number':
    case 'money':
      return ['eq', 'ne', 'gte', 'lte', 'gt', 'lt', 'empty', 'notEmpty'];
    case 'date':
    case 'instant':
      return ['gte', 'lte', 'notSince', 'eq', 'empty', 'notEmpty'];
    case 'pick':
      return ['in', 'ne', 'empty', 'notEmpty'];
    case 'multiPick':
      return ['in', 'empty', 'notEmpty'];
    case 'link':
    case 'user':
      return ['eq', 'ne', 'empty', 'notEmpty'];
    case 'file':
      return ['empty', 'notEmpty'];
    case 'yesNo':
      return ['eq', 'empty', 'notEmpty'];
  }
}

export const needsValue = (op: FilterOp): boolean => op !== 'empty' && op !== 'notEmpty';
/** Several values are chosen at once. */
export const takesMany = (op: FilterOp): boolean => op === 'in';

/** The field as its filter's control knows it: parts of a word are no e-mail address, and a choice may be one that is retired. */
export function filterField(field: RecordField, op: FilterOp): RecordField {
  // Tags are free words: typed, with commas between.
  if (field.key === 'tags') return { ...field, kind: 'text', required: true, max: null };
  const options = field.options.map((option) => ({ ...option, retired: false }));
  if (op === 'contains' || op === 'startsWith') return { ...field, kind: 'text', required: true, max: null };
  if (field.kind === 'email' || field.kind === 'phone' || field.kind === 'longText') return { ...field, kind: 'text', required: true, max: null };
  if (op === 'in') return { ...field, kind: 'multiPick', required: true, options };
  return { ...field, required: true, options };
}

/** The condition that was put together, or nothing while it lacks a value. */
export function filterOf(field: RecordField, op: FilterOp, typed: Typed, locale: Locale): RecordFilter | undefined {
  if (!needsValue(op)) return { field: field.key, op };
  const read = valueOf(filterField(field, op), typed, locale);
  if ('fault' in read) return undefined;
  return { field: field.key, op, value: field.key === 'tags' ? wordsBetweenCommas(String(read.value)) : read.value };
}

/** What the control shows for a condition that is already there. */
export function typedOfFilter(field: RecordField, filter: RecordFilter, locale: Locale): Typed {
  if (field.key === 'tags') return listOf(filter.value).join(', ');
  return takesMany(filter.op) ? listOf(filter.value) : typedOf(filterField(field, filter.op), filter.value, locale);
}

/** Conditions out of an address. What is damaged is left out rather than shown as an error: an old link still opens its list. */
export function filtersFrom(text: string | null): RecordFilter[] {
  if (text === null || text === '') return [];
  try {
    const parsed = recordFilter.array().max(20).safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

export const sameFilters = (some: readonly RecordFilter[], others: readonly RecordFilter[]): boolean => JSON.stringify(some) === JSON.stringify(others);

const wordsBetweenCommas = (text: string): string[] => text.split(/[,，、;；]/).map((word) => word.trim()).filter((word) => word !== '');
