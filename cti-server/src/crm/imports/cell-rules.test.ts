import { describe, expect, it } from 'vitest';
import { type CellField, cellReader, parseDecimal } from './cell-rules.ts';
import { parseDate, parseInstant } from './date-rules.ts';
import { columnOf, dateText, isDateFormat } from './xlsx-rules.ts';
import { suggestMapping } from './mapping-rules.ts';

const label = (en: string, es = en, cn = en, tw = en) => ({ en, es, 'zh-CN': cn, 'zh-TW': tw });
const reader = (kind: CellField['kind'], more: Partial<CellField> = {}) => {
  const field: CellField = { key: 'x', kind, required: false, max: null, options: [{ value: 'a', label: label('First', 'Primero', '第一'), retired: false }, { value: 'old', label: label('Old'), retired: true }], ...more };
  const read = cellReader(field, { settings: { dateOrder: 'dayFirst', decimalSign: 'comma' }, timeZone: 'Europe/Madrid', normalisePhone: (text, country) => (country === null ? null : `+34${text}`), findUser: (text) => (text === 'ana' ? 'b1c3a2f0-0000-4000-8000-000000000001' : null) });
  return (text: string, country: string | null = 'ES') => read(text, country);
};

it.each([
  ['number', '1.234,5', { value: 1234.5 }], ['number', 'x', { code: 'notANumber' }], ['money', '12,50 €', { value: '12.50' }], ['money', '1,234', { code: 'notAnAmount' }],
  ['date', '31/12/2025', { value: '2025-12-31' }], ['date', '31/02/2025', { code: 'notADate' }], ['yesNo', 'Sí', { value: true }], ['yesNo', '否', { value: false }], ['yesNo', '?', { code: 'notYesNo' }],
  ['pick', 'PRIMERO', { value: 'a' }], ['pick', '第一', { value: 'a' }], ['pick', 'old', { code: 'notAnOption' }], ['multiPick', 'First; a', { value: ['a'] }], ['multiPick', 'First; z', { code: 'notAnOption' }],
  ['email', 'a@b', { code: 'notAnEmail' }], ['email', 'a@b.es', { value: 'a@b.es' }], ['user', 'ana', { value: 'b1c3a2f0-0000-4000-8000-000000000001' }], ['user', 'zoe', { code: 'unknownUser' }],
  ['text', ' two\nlines ', { value: 'two lines' }], ['text', '   ', { value: null }], ['text', 'x'.repeat(301), { code: 'tooLong' }], ['longText', 'a\u0000b', { code: 'invalid' }],
] as const)('a cell of %s: %j', (kind, text, expected) => expect(reader(kind)(text)).toEqual(expected));

it('a number without a country is none unless a country is given', () => {
  expect(reader('phone')('612345678', null)).toEqual({ code: 'notAPhone' });
  expect(reader('phone')('612345678', 'ES')).toEqual({ value: '+34612345678' });
});

describe('spellings', () => {
  it.each([['1.234.567,89', 'comma', '1234567.89'], ['1,234,567.89', 'point', '1234567.89'], ['1234.5', 'comma', '1234.5'], ['1,5', 'point', undefined], ['¥1,000', 'point', '1000'], ['-3', 'comma', '-3'], ['+3', 'point', '3'], ['1 234', 'comma', '1234'], ['１２３', 'point', '123'], ['', 'point', undefined]] as const)('%j with a %s is %s', (text, sign, expected) => expect(parseDecimal(text, sign)).toBe(expected));
  it.each([['2026-01-02', 'dayFirst', '2026-01-02'], ['2/1/2026', 'dayFirst', '2026-01-02'], ['1/2/26', 'monthFirst', '2026-01-02'], ['26-01-02', 'yearFirst', '2026-01-02'], ['2026年1月2日', 'dayFirst', '2026-01-02'], ['2026/1/2', 'monthFirst', '2026-01-02'], ['2026-01-02T10:00:00', 'dayFirst', '2026-01-02'], ['13/13/2026', 'dayFirst', undefined], ['soon', 'dayFirst', undefined], ['2.1.2026', 'dayFirst', '2026-01-02']] as const)('%j %s is %s', (text, order, expected) => expect(parseDate(text, order)).toBe(expected));
  it.each([['2026-07-01 10:00', '2026-07-01T08:00:00.000Z'], ['1/1/2026 10:30:15', '2026-01-01T09:30:15.000Z'], ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.000Z'], ['2026-01-01 10:00 +08:00', '2026-01-01T02:00:00.000Z'], ['1/1/2026 1:05 pm', '2026-01-01T12:05:00.000Z'], ['1/1/2026 25:00', undefined]] as const)('%j in Madrid is %s', (text, expected) => expect(parseInstant(text, 'dayFirst', 'Europe/Madrid')).toBe(expected));
});

describe('workbooks', () => {
  it('columns, dates and their formats', () => {
    expect(['A1', 'Z9', 'AB12', 'XFD1'].map(columnOf)).toEqual([0, 25, 27, 16_383]);
    expect([dateText(46_024, false), dateText(46_024.5, false), dateText(59, false), dateText(44_562, true), dateText(-1, false)]).toEqual(['2026-01-02', '2026-01-02T12:00:00', '1900-02-28', '2026-01-02', '-1']);
    expect([isDateFormat(14, new Map()), isDateFormat(2, new Map()), isDateFormat(164, new Map([[164, 'dd/mm/yyyy']])), isDateFormat(165, new Map([[165, '[Red]0.00"days"']]))]).toEqual([true, false, true, false]);
  });
});

it('columns find their fields by label in any language, by key, or by what others call them; numbers find the numbers', () => {
  const fields = [{ key: 'name', label: label('Name', 'Nombre', '姓名') }, { key: 'jobTitle', label: label('Job title', 'Cargo') }, { key: 'email', label: label('E-mail') }];
  expect(suggestMapping(['NOMBRE:', 'Correo electrónico', 'job_title', 'Teléfono', 'Móvil 2', 'Name', 'other'], fields, true)).toEqual(['name', 'email', 'jobTitle', 'phone1', 'phone2', null, null]);
  expect(suggestMapping(['姓名', '手机'], fields, false)).toEqual(['name', null]);
});
