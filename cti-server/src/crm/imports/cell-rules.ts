/** What a cell means as a value of a field: people's spelling in, the contract's values out. Pure. */
import { type ImportReasonCode, type ImportSettings, type RecordField, schemaOfField } from '../../contracts/index.ts';
import { parseDate, parseInstant } from './date-rules.ts';

export type CellField = Pick<RecordField, 'key' | 'kind' | 'required' | 'max'> & { options: readonly RecordField['options'][number][] };

export interface CellReading {
  settings: Pick<ImportSettings, 'dateOrder' | 'decimalSign'>;
  /** Where times without a zone are meant. */
  timeZone: string;
  /** E.164; null when it is no number. */
  normalisePhone(text: string, country: string | null): string | null;
  /** The id of somebody of the house by id, login or name; null for nobody, or several. */
  findUser(text: string): string | null;
}

export type CellAnswer = { value: unknown } | { code: ImportReasonCode };
export type CellReader = (text: string, country: string | null) => CellAnswer;

const longestLink = 300;
const nothing: CellAnswer = { value: null };

/** Makes the reader of a column once: what makes a schema costs more than what uses it. A missing value is not its matter. */
export function cellReader(field: CellField, reading: CellReading): CellReader {
  const schema = schemaOfField({ kind: field.kind, required: false, options: [...field.options], max: field.max });
  const failed = codeOf(field.kind);
  const check = (value: unknown): CellAnswer => {
    const result = schema.safeParse(value);
    if (result.success) return { value: result.data };
    return { code: result.error.issues.some((issue) => issue.code === 'too_big') ? 'tooLong' : failed };
  };
  const parse = parserOf(field, reading);
  // which record is meant is found among all at once, later
  if (field.kind === 'link') return (text) => (text.trim() === '' ? nothing : text.length > longestLink ? { code: 'tooLong' } : { value: text.trim() });
  return (text, country) => {
    const trimmed = text.trim();
    if (trimmed === '') return nothing;
    const value = parse(trimmed, country);
    return value === undefined ? { code: failed } : check(value);
  };
}

/** The spelling as a value; undefined when it means nothing. */
function parserOf(field: CellField, { settings, timeZone, normalisePhone, findUser }: CellReading): (text: string, country: string | null) => unknown {
  switch (field.kind) {
    case 'number':
      return (text) => {
        const decimal = parseDecimal(text, settings.decimalSign);
        return decimal === undefined ? undefined : Number(decimal);
      };
    case 'money':
      return (text) => parseDecimal(text, settings.decimalSign);
    case 'date':
      return (text) => parseDate(text, settings.dateOrder);
    case 'instant':
      return (text) => parseInstant(text, settings.dateOrder, timeZone);
    case 'yesNo':
      return (text) => yesOrNo(text);
    case 'phone':
      return (text, country) => normalisePhone(text, country) ?? undefined;
    case 'user':
      return (text) => findUser(text) ?? undefined;
    case 'pick': {
      const find = optionFinder(field);
      return find;
    }
    case 'multiPick': {
      const find = optionFinder(field);
      return (text) => {
        const whole = find(text);
        if (whole !== undefined) return [whole];
        const values = text.split(/[;,、|\n]/).filter((part) => part.trim() !== '').map(find);
        return values.includes(undefined) ? undefined : values;
      };
    }
    case 'text':
    case 'email':
      return (text) => (/[\t\r\n]/.test(text) ? text.replaceAll(/[\t\r\n]+/g, ' ') : text);
    case 'longText':
      return (text) => text.replaceAll('\r\n', '\n');
    case 'link':
    case 'file':
      return (text) => text;
  }
}

function codeOf(kind: RecordField['kind']): ImportReasonCode {
  const codes: Partial<Record<RecordField['kind'], ImportReasonCode>> = {
    number: 'notANumber', money: 'notAnAmount', date: 'notADate', instant: 'notAnInstant', phone: 'notAPhone', email: 'notAnEmail',
    pick: 'notAnOption', multiPick: 'notAnOption', yesNo: 'notYesNo', user: 'unknownUser', link: 'unknownRecord',
  };
  return codes[kind] ?? 'invalid';
}

/** Without case, accents and what stands around. */
export const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[\s_:*.()/-]+/gu, ' ').trim();

/** By the value itself, or by its label in any of the languages. */
function optionFinder(field: CellField): (text: string) => string | undefined {
  const byText = new Map<string, string>();
  const live = field.options.filter((option) => !option.retired);
  for (const option of live) for (const label of Object.values(option.label)) byText.set(folded(label), option.value);
  for (const option of live) byText.set(folded(option.value), option.value);
  return (text) => byText.get(folded(text));
}

const yes = new Set(['1', 'si', 's', 'yes', 'y', 'true', 't', 'verdadero', 'x', '✓', '是', '对', '對', 'v']);
const no = new Set(['0', 'no', 'n', 'false', 'f', 'falso', '否', '不', '-']);
function yesOrNo(text: string): boolean | undefined {
  const word = folded(text) || text;
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

/** `1.234,5` or `1,234.5` as 1234.5, and with the sign of a currency. Undefined for what is no number. */
export function parseDecimal(text: string, sign: ImportSettings['decimalSign']): string | undefined {
  const bare = text.normalize('NFKC').replaceAll(/[\s'’]/gu, '').replace(/^([+-]?)[€$£¥]/u, '$1').replace(/[€$£¥元]$/u, '');
  const plain = /^[+-]?\d+(\.\d+)?$/;
  const [group, point] = sign === 'comma' ? ['.', ','] : [',', '.'];
  const isGrouped = new RegExp(`^[+-]?\\d{1,3}(\\${group}\\d{3})+(\\${point}\\d+)?$`).test(bare);
  const grouped = isGrouped ? bare.replaceAll(group, '') : bare;
  const read = isGrouped || sign === 'comma' ? grouped.replace(point, '.') : grouped;
  // a file that was written by a program has points whatever the country
  const decimal = plain.test(read) ? read : plain.test(bare) ? bare : undefined;
  return decimal?.replace(/^\+/, '');
}
