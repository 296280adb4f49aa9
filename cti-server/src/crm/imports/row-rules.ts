/** A row of a file as the values of a record, with every reason why not. Pure. */
import { type ImportReason, type ImportSettings, numberTargets } from '../../contracts/index.ts';
import { type CellField, type CellReader, cellReader, type CellReading } from './cell-rules.ts';
import type { SourceRow } from './csv-rules.ts';

export interface PlannedField extends CellField {
  /** The column of the file. */
  at: number;
  /** A new record without a value gets this one. */
  initial: unknown;
}

export interface RowPlan {
  /** How many columns the file has; null: nobody knows, as without a header. */
  width: number | null;
  fields: readonly PlannedField[];
  /** Columns of telephone numbers of the record's own table. */
  numbers: readonly number[];
  /** The column whose value is the country of a row's numbers. */
  countryAt: number | null;
  defaultCountry: string | null;
  /** What exists already is only completed: whether something is missing shows later. */
  mayMiss: boolean;
}

export interface CheckedRow {
  row: number;
  /** In the order of the plan's fields. */
  values: unknown[];
  numbers: string[];
  reasons: ImportReason[];
}

/** Which column goes where. `phone1` to `phone5` are numbers; a key that is not among the fields is ignored and told. */
export function planRows(
  fields: ReadonlyMap<string, Omit<PlannedField, 'at'>>,
  settings: ImportSettings,
  how: { width: number | null; hasNumbers: boolean },
): { plan: RowPlan; ignored: string[] } {
  const planned: PlannedField[] = [];
  const numbers: number[] = [];
  const ignored: string[] = [];
  settings.mapping.forEach((key, at) => {
    if (key === null) return;
    const field = fields.get(key);
    if (field) planned.push({ ...field, at });
    else if (how.hasNumbers && numberTargets.some((target) => target === key)) numbers.push(at);
    else ignored.push(key);
  });
  const countryAt = planned.find((field) => field.key === 'country')?.at ?? null;
  return { plan: { width: how.width, fields: planned, numbers, countryAt, defaultCountry: settings.defaultCountry, mayMiss: settings.onDuplicate === 'update' }, ignored };
}

const shownLength = 120;
const shown = (text: string): string => (text.length > shownLength ? `${text.slice(0, shownLength)}…` : text);

/** Makes the check of a plan once. A row without anything in it answers null. */
export function rowChecker(plan: RowPlan, reading: CellReading): (source: SourceRow) => CheckedRow | null {
  const readers = plan.fields.map((field): CellReader => cellReader(field, reading));
  return ({ row, cells, fault }) => {
    if (fault === null && cells.every((cell) => cell === '' || cell.trim() === '')) return null;
    const reasons: ImportReason[] = [];
    const answer: CheckedRow = { row, values: [], numbers: [], reasons };
    if (fault !== null) reasons.push({ code: fault, field: null, value: shown(cells.join(' ')) });
    else if (plan.width !== null && cells.length > plan.width && cells.slice(plan.width).some((cell) => cell.trim() !== '')) {
      reasons.push({ code: 'tooManyColumns', field: null, value: `${String(cells.length)} > ${String(plan.width)}` });
    }
    if (reasons.length > 0) return answer;
    const said = plan.countryAt === null ? '' : (cells[plan.countryAt] ?? '').trim().toUpperCase();
    const country = /^[A-Z]{2}$/.test(said) ? said : plan.defaultCountry;
    plan.fields.forEach((field, index) => {
      const text = cells[field.at] ?? '';
      if (text.includes('\uFFFD')) reasons.push({ code: 'unreadable', field: field.key, value: shown(text) });
      const read = readers[index]?.(text, country) ?? { value: null };
      if ('code' in read) reasons.push({ code: read.code, field: field.key, value: shown(text) });
      else if (read.value === null && field.required && field.initial === null && !plan.mayMiss) reasons.push({ code: 'required', field: field.key });
      answer.values.push('code' in read ? null : read.value);
    });
    for (const at of plan.numbers) {
      const text = cells[at]?.trim() ?? '';
      if (text === '') continue;
      const number = reading.normalisePhone(text, country);
      if (number === null) reasons.push({ code: 'notAPhone', field: 'phone', value: shown(text) });
      else if (!answer.numbers.includes(number)) answer.numbers.push(number);
    }
    return answer;
  };
}
