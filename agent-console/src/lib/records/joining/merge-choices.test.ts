import type { RecordField } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { chosenFields, chosenSide, differingFields, sameFields } from './merge-choices.ts';

const field = (key: string, more: Partial<RecordField> = {}): RecordField => ({
  key,
  kind: 'text',
  label: { es: key, en: key, 'zh-CN': key, 'zh-TW': key },
  required: false,
  unique: false,
  custom: false,
  readOnly: false,
  encrypted: false,
  searchable: false,
  options: [],
  linkTo: null,
  max: null,
  writable: true,
  ...more,
});
const fields = [field('name'), field('city'), field('email'), field('notes'), field('number', { readOnly: true }), field('salary', { writable: false })];
const pair = {
  left: { fields: { name: 'Ana', city: 'Lugo', email: null, notes: '', number: 1, salary: 5 } },
  right: { fields: { name: 'Ana', city: 'Vigo', email: 'ana@example.org', notes: null, number: 2, salary: 6 } },
};
const keys = (list: readonly RecordField[]): string[] => list.map((one) => one.key);

describe('two records beside each other', () => {
  test('ask only about what differs and what the viewer may change', () => {
    expect(keys(differingFields(fields, pair))).toEqual(['city', 'email']);
    expect(keys(sameFields(fields, pair))).toEqual(['name']);
  });
  test('begin with the values of the one that stays, and fill what it lacks', () => {
    expect(chosenSide('city', pair, 'left', {})).toBe('left');
    expect(chosenSide('email', pair, 'left', {})).toBe('right');
    expect(chosenSide('city', pair, 'right', {})).toBe('right');
    expect(chosenSide('city', pair, 'right', { city: 'left' })).toBe('left');
  });
  test('send what the kept one does not have yet, and "nothing" where that was chosen', () => {
    expect(chosenFields(fields, pair, 'left', {})).toEqual({ email: 'ana@example.org' });
    expect(chosenFields(fields, pair, 'left', { city: 'right', email: 'left' })).toEqual({ city: 'Vigo', email: null });
    expect(chosenFields(fields, pair, 'right', {})).toEqual({});
  });
});
