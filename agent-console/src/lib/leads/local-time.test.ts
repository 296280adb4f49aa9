import { expect, test } from 'vitest';
import { forInput, fromInput } from './local-time.ts';

test('an instant goes into the field and comes back the same', () => {
  for (const instant of ['2026-03-01T09:30:00.000Z', '2026-12-31T23:59:00.000Z']) expect(fromInput(forInput(instant))).toBe(instant);
});
test('nothing is nothing, and neither is half a date', () => {
  expect([forInput(null), fromInput(''), fromInput('2026-13')]).toEqual(['', null, null]);
});
