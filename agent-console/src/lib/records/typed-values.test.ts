import type { RecordField } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { plainNumber, sameValue, typedOf, valueOf } from './typed-values.ts';

const field = (kind: RecordField['kind'], more: Partial<RecordField> = {}) => ({ kind, required: false, options: [], max: null, ...more });

describe('numbers as they are typed', () => {
  test('Spanish and English hands write the same number', () => {
    expect(plainNumber('1.234,5', 'es')).toBe('1234.5');
    expect(plainNumber('1,234.5', 'en')).toBe('1234.5');
    expect(plainNumber('-1 234,50', 'es')).toBe('-1234.50');
  });
  test('a decimal point from a keypad is understood in Spanish', () => expect(plainNumber('12.5', 'es')).toBe('12.5'));
  test('three digits after a group sign are thousands', () => expect(plainNumber('1.234', 'es')).toBe('1234'));
  test('what is no number is refused rather than guessed', () => {
    for (const text of ['abc', '1-2', '1,2,3', '--1', '.']) expect(plainNumber(text, 'en'), text).toBeUndefined();
  });
});

describe('what is typed becomes a value', () => {
  test('nothing is no value, unless one is needed', () => {
    expect(valueOf(field('text'), '  ', 'en')).toEqual({ value: null });
    expect(valueOf(field('text', { required: true }), '  ', 'en')).toEqual({ fault: 'missing' });
  });
  test('each kind has its own fault', () => {
    expect(valueOf(field('email'), 'nobody', 'en')).toEqual({ fault: 'email' });
    expect(valueOf(field('money'), '1.234', 'en')).toEqual({ fault: 'money' });
    expect(valueOf(field('number'), 'x', 'en')).toEqual({ fault: 'number' });
    expect(valueOf(field('text', { max: 3 }), 'four', 'en')).toEqual({ fault: 'tooLong' });
  });
  test('a retired choice cannot be chosen', () => {
    const label = { es: '', en: 'Old', 'zh-CN': '', 'zh-TW': '' };
    expect(valueOf(field('pick', { options: [{ value: 'old', label, retired: true }] }), 'old', 'en')).toEqual({ fault: 'choice' });
  });
  test('a value goes into its control and comes out the same', () => {
    for (const [kind, value] of [['money', '12.50'], ['number', -3.25], ['date', '2026-02-03'], ['instant', '2026-02-03T04:05:00.000Z'], ['yesNo', false], ['text', 'a']] as const)
      expect(valueOf(field(kind), typedOf({ kind }, value, 'es'), 'es'), kind).toEqual({ value });
  });
});

test('empty values are all the same nothing', () => {
  expect(sameValue(null, [])).toBe(true);
  expect(sameValue('', undefined)).toBe(true);
  expect(sameValue(0, null)).toBe(false);
});
