import { expect, test } from 'vitest';
import { firstRepeated, withFields } from './setup-rules.ts';

test('a change keeps what it does not name, and cannot add what the record does not have', () => {
  const record: { name: string; wait: number | null } = { name: 'a', wait: 5 };
  expect(withFields(record, { wait: null, name: undefined, isAdmin: true })).toEqual({ name: 'a', wait: null });
  expect(record).toEqual({ name: 'a', wait: 5 });
});

test('the first repetition is found, by its place', () => {
  expect(firstRepeated([])).toBe(-1);
  expect(firstRepeated(['a', 'b', 'c'])).toBe(-1);
  expect(firstRepeated(['a', 'b', 'a', 'b'])).toBe(2);
});
