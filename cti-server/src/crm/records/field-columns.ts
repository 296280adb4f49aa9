/** How a field is kept in its column: names, types, and the way in and out. */
import { sql, type SQL } from 'drizzle-orm';
import type { FieldKind } from '../../contracts/index.ts';
import type { FieldCipher } from './field-cipher.ts';

export const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export interface ColumnField {
  key: string;
  column: string;
  kind: FieldKind;
  encrypted: boolean;
  emptyText?: boolean;
  /** Its folded text is kept beside it: comparing and ordering many rows would otherwise fold each of them anew. */
  folded?: boolean;
  /** Read by this SQL on `t` instead of from the column. */
  expression?: SQL;
  /** The column's type, where its kind does not tell it. */
  sqlType?: string;
  /** A text that is compared as it is, with case and accents: a code, an id. */
  exact?: boolean;
}

/** The column of a custom field can never meet one of ours. */
export const columnOf = (key: string, custom: boolean): string => (custom ? `x_${snake(key)}` : snake(key));

const columnTypes: Readonly<Record<FieldKind, string>> = {
  text: 'text',
  longText: 'text',
  number: 'double precision',
  money: 'numeric(15,2)',
  date: 'date',
  instant: 'timestamptz(3)',
  pick: 'text',
  multiPick: 'text[]',
  phone: 'text',
  email: 'text',
  link: 'uuid',
  user: 'uuid',
  file: 'uuid',
  yesNo: 'boolean',
};
export const columnType = (field: ColumnField): string => (field.encrypted ? 'text' : columnTypes[field.kind]);

/** Texts are compared and ordered without case and accents: "Álvarez" is "alvarez". */
export const isText = (kind: FieldKind): boolean => kind === 'text' || kind === 'longText' || kind === 'email';
export const isFoldedText = (field: Pick<ColumnField, 'kind' | 'exact'>): boolean => isText(field.kind) && field.exact !== true;

export const column = (field: ColumnField): SQL => field.expression ?? sql`t.${sql.identifier(field.column)}`;
export const foldedColumn = (field: ColumnField): string => `${field.column}_f`;
/** What lists are ordered and compared by; the same as the field's index has. */
export const comparable = (field: ColumnField): SQL =>
  field.folded ? sql`t.${sql.identifier(foldedColumn(field))}` : isFoldedText(field) ? sql`fold_text(${column(field)}) collate "C"` : column(field);

/** The column as JSON carries it: dates and amounts as text, so that no zone and no rounding touches them. */
export const selected = (field: ColumnField): SQL => (!field.encrypted && (field.kind === 'date' || field.kind === 'money') ? sql`${column(field)}::text` : column(field));

/** A value of the API as a parameter of its column's type. */
export function parameter(field: ColumnField, value: unknown, cipher: FieldCipher): SQL {
  if (value === null || value === undefined) return field.emptyText ? sql`''` : sql`null`;
  if (field.encrypted) return sql`${cipher.seal(JSON.stringify(value))}`;
  return sql`${sql.param(value)}::${sql.raw(field.sqlType ?? columnTypes[field.kind])}`;
}

/** What was read from the column, as the API speaks it. */
export function fromColumn(field: ColumnField, value: unknown, cipher: FieldCipher): unknown {
  if (value === null || value === undefined) return null;
  if (field.encrypted) return JSON.parse(cipher.open(String(value))) as unknown;
  if (value instanceof Date) return value.toISOString();
  if (field.kind === 'number') return Number(value); // a bigint comes as text
  return field.kind === 'instant' ? new Date(String(value)).toISOString() : value;
}
