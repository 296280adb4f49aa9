import { expect, test } from 'vitest';
import { canonicalNumber, withoutDecoration } from './number-spelling.ts';

test.each(['+34910000001', '0034910000001', '34910000001'])('%s is the same number in every spelling', (spelling) => {
  expect(canonicalNumber(spelling)).toBe('34910000001');
});

test.each(['900', '00', '+12', '0012', '*98', '#31#'])('%s is an internal number and stays as it is', (number) => {
  expect(canonicalNumber(number)).toBe(number);
});

test('a prefix is taken off once only', () => {
  expect(canonicalNumber('00000123')).toBe('000123');
});

test('what only makes a number readable does not count', () => {
  expect(withoutDecoration('+34 (910) 00-00.01')).toBe('+34910000001');
});
