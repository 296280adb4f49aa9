import type { RecordField } from '@centralita/cti-server/contracts';
import { locale, m } from '#lib/i18n/index.ts';
import { wordValue } from './field-words.ts';
import type { Fault } from './typed-values.ts';
import type { FilterOp } from './filter-conditions.ts';

/** A value in the language the reader chose. */
export function wordFor(field: Pick<RecordField, 'kind' | 'options'> & Partial<Pick<RecordField, 'readOnly' | 'unit'>>, value: unknown, names: Readonly<Record<string, string>> = {}): string {
  return wordValue(field, value, { locale: locale.current, names, yes: m.yes(), no: m.no() });
}

const faults: Record<Fault, () => string> = {
  missing: () => m.records_fault_missing(),
  tooLong: () => m.error_field_too_long(),
  number: () => m.records_fault_number(),
  money: () => m.records_fault_money(),
  email: () => m.records_fault_email(),
  phone: () => m.records_fault_phone(),
  date: () => m.records_fault_date(),
  choice: () => m.records_fault_choice(),
  invalid: () => m.error_field_invalid(),
};
export const wordFault = (fault: Fault): string => faults[fault]();

const ops: Record<FilterOp, () => string> = {
  eq: () => m.records_op_eq(),
  ne: () => m.records_op_ne(),
  in: () => m.records_op_in(),
  contains: () => m.records_op_contains(),
  startsWith: () => m.records_op_starts(),
  lt: () => m.records_op_lt(),
  lte: () => m.records_op_lte(),
  gt: () => m.records_op_gt(),
  gte: () => m.records_op_gte(),
  notSince: () => m.book_op_not_since(),
  empty: () => m.records_op_empty(),
  notEmpty: () => m.records_op_not_empty(),
};
const dayOps: Partial<Record<FilterOp, () => string>> = { gte: () => m.records_op_from(), lte: () => m.records_op_until() };
export const wordOp = (op: FilterOp, field: Pick<RecordField, 'kind'>): string => ((field.kind === 'date' || field.kind === 'instant' ? dayOps[op] : undefined) ?? ops[op])();
