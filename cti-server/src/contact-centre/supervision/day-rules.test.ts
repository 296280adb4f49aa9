import { expect, test } from 'vitest';
import { dayEndMs, dayStartMs } from './day-rules.ts';

const at = (instant: string): number => Date.parse(instant);

test('a day begins at midnight of its zone', () => {
  expect(dayStartMs(at('2026-07-10T10:00:00Z'), 'Europe/Madrid')).toBe(at('2026-07-09T22:00:00Z'));
  expect(dayStartMs(at('2026-07-10T22:00:00Z'), 'Europe/Madrid')).toBe(at('2026-07-10T22:00:00Z'));
  expect(dayStartMs(at('2026-07-10T21:59:59.999Z'), 'Europe/Madrid')).toBe(at('2026-07-09T22:00:00Z'));
});

test('a day ends where the next one begins, also when it has 23 or 25 hours', () => {
  for (const [instant, hours] of [
    ['2026-07-10T10:00:00Z', 24],
    ['2026-03-29T10:00:00Z', 23],
    ['2026-10-25T10:00:00Z', 25],
  ] as const) {
    const start = dayStartMs(at(instant), 'Europe/Madrid');
    const end = dayEndMs(start, 'Europe/Madrid');
    expect((end - start) / 3_600_000).toBe(hours);
    expect(dayStartMs(end, 'Europe/Madrid')).toBe(end);
    expect(dayStartMs(end - 1, 'Europe/Madrid')).toBe(start);
  }
});
