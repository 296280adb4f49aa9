import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
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

const start = (instant: string, zone: string): string => new Date(dayStartMs(Date.parse(instant), zone)).toISOString();

describe('the company’s day begins', () => {
  it.each([
    ['2026-01-15T12:00:00Z', 'Europe/Madrid', '2026-01-14T23:00:00.000Z'],
    ['2026-07-15T12:00:00Z', 'Europe/Madrid', '2026-07-14T22:00:00.000Z'],
    ['2026-01-14T22:59:59Z', 'Europe/Madrid', '2026-01-13T23:00:00.000Z'],
    ['2026-01-14T23:00:00Z', 'Europe/Madrid', '2026-01-14T23:00:00.000Z'],
    ['2026-01-15T12:00:00Z', 'Asia/Shanghai', '2026-01-14T16:00:00.000Z'],
    ['2026-01-15T12:00:00Z', 'Asia/Kolkata', '2026-01-14T18:30:00.000Z'],
    ['2026-01-15T03:00:00Z', 'America/Los_Angeles', '2026-01-14T08:00:00.000Z'],
    ['2026-01-15T12:00:00Z', 'UTC', '2026-01-15T00:00:00.000Z'],
  ])('at %s in %s: %s', (instant, zone, expected) => {
    expect(start(instant, zone)).toBe(expected);
  });

  it('a day of 23 hours begins at its own midnight, before and after the change', () => {
    expect(start('2026-03-29T00:30:00Z', 'Europe/Madrid')).toBe('2026-03-28T23:00:00.000Z');
    expect(start('2026-03-29T21:59:00Z', 'Europe/Madrid')).toBe('2026-03-28T23:00:00.000Z');
    expect(start('2026-03-29T22:00:00Z', 'Europe/Madrid')).toBe('2026-03-29T22:00:00.000Z');
  });

  it('a day of 25 hours begins at its own midnight, before and after the change', () => {
    expect(start('2026-10-25T00:30:00Z', 'Europe/Madrid')).toBe('2026-10-24T22:00:00.000Z');
    expect(start('2026-10-25T22:59:00Z', 'Europe/Madrid')).toBe('2026-10-24T22:00:00.000Z');
    expect(start('2026-10-25T23:00:00Z', 'Europe/Madrid')).toBe('2026-10-25T23:00:00.000Z');
  });

  it('never after now, never more than 25 hours before, and at midnight by the wall clock', () => {
    const zone = fc.constantFrom('Europe/Madrid', 'Europe/London', 'America/New_York', 'Asia/Shanghai', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) }), zone, (now, timeZone) => {
        const begins = dayStartMs(now, timeZone);
        expect(begins).toBeLessThanOrEqual(now);
        expect(now - begins).toBeLessThan(25.5 * 3_600_000);
        const wall = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
        expect(wall.format(begins)).toBe('00:00:00');
      }),
      { numRuns: 150 },
    );
  });
});
