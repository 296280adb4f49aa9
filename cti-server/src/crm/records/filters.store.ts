/** Filters, order and place of a list as SQL. Names come from the registry alone; what came in from outside is always a parameter. */
import { sql, type SQL } from 'drizzle-orm';
import { type RecordFilter, schemaOfField } from '../../contracts/index.ts';
import { wrongField } from '../refusals.ts';
import { literal } from '../search-words.ts';
import { column as columnOf, comparable, type ColumnField, isFoldedText, isText, parameter } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import type { LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

export interface FilterField extends ColumnField {
  /** Never null. */
  filled?: boolean;
  searchable?: boolean;
  /** False: too many rows would have to be read to order them by this. */
  sortable?: boolean;
  /** What it means to hold a part of a text, where an index answers that. */
  containing?(text: string): SQL;
  /** True for rows with one of these values; instead of comparing the column, where the values lie in another table. */
  within?(values: SQL): SQL;
}

/** What a list can be filtered and ordered by. */
export interface Filterable {
  field(key: string): FilterField | undefined;
  /** What rows are ordered by in the field's stead. */
  orderField?(key: string): FilterField | undefined;
  /** The column that holds all searchable texts, where there is one. */
  findText?: string;
  /** As `sort` in a question. */
  order: string;
}

const filterable = (type: LiveType): Filterable => ({ field: (key) => fieldOf(type, key), findText: baseColumns(type.declaration).findText, order: '-updatedAt' });

/** What lists are filtered and ordered by besides the type's own fields. */
export function fieldOf(type: LiveType, key: string): FilterField | undefined {
  const base = baseColumns(type.declaration);
  switch (key) {
    case 'id':
      return { key, column: 'id', kind: 'link', encrypted: false, filled: true };
    case 'ownerId':
      return { key, column: base.ownerId, kind: 'user', encrypted: false };
    case 'createdAt':
      return { key, column: base.createdAt, kind: 'instant', encrypted: false, filled: true };
    case 'updatedAt':
      return { key, column: base.updatedAt, kind: 'instant', encrypted: false, filled: true };
    case 'tags':
      return { key, column: 'tags', kind: 'multiPick', encrypted: false };
    case 'importId':
      return { key, column: 'import_id', kind: 'link', encrypted: false };
    default:
      return type.fields.get(key);
  }
}

/** Throws 400 `invalidBody` naming the filter at fault. */
export const filterCondition = (type: LiveType, filters: readonly RecordFilter[], cipher: FieldCipher): SQL => conditionOn(filterable(type), filters, cipher);

/** The same for any list. */
export function conditionOn(of: Filterable, filters: readonly RecordFilter[], cipher: FieldCipher): SQL {
  const conditions = filters.map((filter, at) => condition(of, filter, `filter.${String(at)}`, cipher));
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function condition(of: Filterable, filter: RecordFilter, path: string, cipher: FieldCipher): SQL {
  const field = of.field(filter.field);
  if (!field) throw wrongField(`${path}.field`, 'there is no such field');
  const column = columnOf(field);
  const isList = field.kind === 'multiPick';
  if (filter.op === 'empty') return isList ? sql`coalesce(${column}, '{}') = '{}'` : isText(field.kind) && !field.encrypted ? sql`coalesce(${column}, '') = ''` : sql`${column} is null`;
  if (filter.op === 'notEmpty') return isList ? sql`coalesce(${column}, '{}') <> '{}'` : isText(field.kind) && !field.encrypted ? (field.folded ? sql`${comparable(field)} > ''` : sql`${column} <> ''`) : sql`${column} is not null`;
  if (field.encrypted) {
    if (filter.op !== 'eq' || field.searchable !== true || typeof filter.value !== 'string') throw wrongField(`${path}.op`, 'an encrypted field can only be compared with its exact value');
    return sql`t.${sql.identifier(`${field.column}_print`)} = ${cipher.fingerprint(filter.value)}`;
  }
  const valueOf = (given: unknown): SQL => parameter(single(field), checked(field, given, path), cipher);
  const value = (given: unknown): SQL => (isFoldedText(field) ? sql`fold_text(${valueOf(given)}) collate "C"` : valueOf(given));
  switch (filter.op) {
    case 'eq':
      if (field.within) return field.within(valueOf(filter.value));
      return isList ? sql`${column} @> array[${valueOf(filter.value)}]` : sql`${comparable(field)} = ${value(filter.value)}`;
    case 'ne':
      return isList ? sql`not coalesce(${column}, '{}') @> array[${valueOf(filter.value)}]` : sql`${comparable(field)} is distinct from ${value(filter.value)}`;
    case 'in': {
      if (!Array.isArray(filter.value) || filter.value.length === 0 || filter.value.length > 500) throw wrongField(`${path}.value`, 'expected a list of 1 to 500 values');
      const all = sql.join(filter.value.map((one) => value(one)), sql`, `);
      if (field.within) return field.within(all);
      return isList ? sql`${column} && array[${all}]` : sql`${comparable(field)} in (${all})`;
    }
    case 'contains':
    case 'startsWith': {
      if (typeof filter.value !== 'string' || filter.value === '' || !(isText(field.kind) || field.kind === 'phone')) throw wrongField(`${path}.value`, 'expected some letters, on a field of text');
      if (filter.op === 'contains' && field.containing) return field.containing(filter.value.slice(0, 200));
      const pattern = `${filter.op === 'contains' ? '%' : ''}${literal(filter.value.normalize('NFC').slice(0, 200))}%`;
      if (!isFoldedText(field)) return sql`${column} like ${pattern}`;
      const fits = sql`${comparable(field)} like fold_text(${pattern})`;
      // what the record is found by holds this field's text too, and has an index for what is in the middle
      return field.searchable && filter.op === 'contains' && of.findText !== undefined ? sql`(${fits} and t.${sql.identifier(of.findText)} like fold_text(${pattern}))` : fits;
    }
    case 'notSince':
      if (field.kind !== 'instant' && field.kind !== 'date') throw wrongField(`${path}.op`, 'only a time can be long ago');
      // never is longest ago
      return sql`(${column} is null or ${column} < ${value(filter.value)})`;
    case 'lt':
      return sql`${comparable(field)} < ${value(filter.value)}`;
    case 'lte':
      return sql`${comparable(field)} <= ${value(filter.value)}`;
    case 'gt':
      return sql`${comparable(field)} > ${value(filter.value)}`;
    case 'gte':
      return sql`${comparable(field)} >= ${value(filter.value)}`;
  }
}

/** A list is compared with one of its values at a time. */
const single = (field: FilterField): FilterField => (field.kind === 'multiPick' ? { ...field, kind: 'text' } : field);

function checked(field: FilterField, value: unknown, path: string): unknown {
  // what was retired from a pick list can still be looked for
  const kind = field.sqlType === 'uuid' ? 'link' : field.kind === 'pick' || field.kind === 'multiPick' ? 'text' : field.kind;
  const result = schemaOfField({ kind, required: true, options: [], max: null }).safeParse(value);
  if (!result.success) throw wrongField(`${path}.value`, result.error.issues[0]?.message ?? 'not a value of this field');
  return result.data;
}

export interface Order {
  field: FilterField;
  descending: boolean;
}

/** The order that was asked for, or the newest change first. Throws 400 for a field that cannot be ordered by. */
export const orderOf = (type: LiveType, sort: string | undefined): Order => orderOn(filterable(type), sort);

/** The same for any list, in its own order when none was asked for. */
export function orderOn(of: Filterable, sort: string | undefined): Order {
  const wanted = sort ?? of.order;
  const key = wanted.replace(/^-/, '');
  const field = of.orderField?.(key) ?? of.field(key);
  if (!field || field.encrypted || field.kind === 'multiPick' || field.sortable === false) throw wrongField('sort', 'lists cannot be ordered by this');
  return { field, descending: wanted.startsWith('-') };
}

/** Where a page ended: the value it is ordered by as text, and the id. */
export type Place = readonly [value: string | null, id: string];

/**
 * The parts of a list in its order, each read by itself: those with a value, then those without. A page that ends within the first goes on
 * there by the index, however deep it lies.
 */
export function partsInOrder({ field, descending }: Order, after: Place | undefined, idType: 'uuid' | 'bigint' = 'uuid'): { condition: SQL; order: SQL }[] {
  const id = sql.raw(idType);
  const value = comparable(field);
  const direction = sql.raw(descending ? 'desc' : 'asc');
  const beyond = sql.raw(descending ? '<' : '>');
  const parts: { condition: SQL; order: SQL }[] = [];
  if (after === undefined || after[0] !== null) {
    const behind = after === undefined ? sql`true` : sql`(${value}, t.id) ${beyond} (${typed(field, after[0] ?? '')}, ${after[1]}::${id})`;
    parts.push({ condition: field.filled ? behind : sql`${value} is not null and ${behind}`, order: sql`${value} ${direction}, t.id ${direction}` });
  }
  if (!field.filled) {
    const behind = after === undefined || after[0] !== null ? sql`true` : sql`t.id ${beyond} ${after[1]}::${id}`;
    parts.push({ condition: sql`${value} is null and ${behind}`, order: sql`t.id ${direction}` });
  }
  return parts;
}

function typed(field: FilterField, value: string): SQL {
  if (isFoldedText(field)) return sql`${value} collate "C"`;
  const types: Partial<Record<FilterField['kind'], string>> = { number: 'double precision', money: 'numeric', date: 'date', instant: 'timestamptz', user: 'uuid', link: 'uuid', file: 'uuid', yesNo: 'boolean' };
  return sql`${value}::${sql.raw(field.sqlType ?? types[field.kind] ?? 'text')}`;
}
