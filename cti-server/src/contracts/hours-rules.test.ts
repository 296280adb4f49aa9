import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calendarInput } from './hours.ts';
import { isOpen, nextChange } from './hours-rules.ts';

const at = (instant: string): number => Date.parse(instant);
const weekdays = (from: string, to: string) => [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from, to }));
const madrid = calendarInput.parse({
  name: 'Madrid',
  timeZone: 'Europe/Madrid',
  weekly: [...weekdays('09:00', '14:00'), ...weekdays('16:00', '19:00')],
  exceptions: [
    { date: '2026-12-25', name: 'Navidad' },
    { date: '2026-12-24', name: 'Nochebuena', open: [{ from: '09:00', to: '12:00' }] },
    { date: '2026-12-27', name: 'Domingo de rebajas', open: [{ from: '10:00', to: '24:00' }] },
  ],
});

describe('a calendar', () => {
  test('is open from the first minute up to, not including, the last, in its own zone', () => {
    // Monday in winter: Madrid is an hour ahead
    expect(isOpen(madrid, at('2026-11-23T07:59:59.999Z'))).toBe(false);
    expect(isOpen(madrid, at('2026-11-23T08:00:00Z'))).toBe(true);
    expect(isOpen(madrid, at('2026-11-23T12:59:59.999Z'))).toBe(true);
    expect(isOpen(madrid, at('2026-11-23T13:00:00Z'))).toBe(false);
    // in summer two
    expect(isOpen(madrid, at('2026-07-06T07:00:00Z'))).toBe(true);
    // Saturday
    expect(isOpen(madrid, at('2026-11-28T10:00:00Z'))).toBe(false);
  });

  test('keeps its exceptions: closed, shorter, or open on a Sunday to the end of the day', () => {
    expect(isOpen(madrid, at('2026-12-25T09:00:00Z'))).toBe(false);
    expect(isOpen(madrid, at('2026-12-24T10:00:00Z'))).toBe(true);
    expect(isOpen(madrid, at('2026-12-24T16:00:00Z'))).toBe(false);
    expect(isOpen(madrid, at('2026-12-27T22:59:59Z'))).toBe(true);
    expect(isOpen(madrid, at('2026-12-27T23:00:00Z'))).toBe(false);
  });

  test('tells when it opens or closes next, over weekends and holidays', () => {
    expect(nextChange(madrid, at('2026-11-23T08:00:00Z'))).toBe(at('2026-11-23T13:00:00Z'));
    expect(nextChange(madrid, at('2026-11-27T18:30:00Z'))).toBe(at('2026-11-30T08:00:00Z'));
    expect(nextChange(madrid, at('2026-12-24T11:00:00Z'))).toBe(at('2026-12-27T09:00:00Z'));
  });

  test('that never opens, or never closes, does not change; one that is closed for one day far away does', () => {
    const never = calendarInput.parse({ name: 'n', timeZone: 'UTC' });
    expect(isOpen(never, 0)).toBe(false);
    expect(nextChange(never, 0)).toBeNull();
    const always = { ...never, weekly: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: '00:00', to: '24:00' })) };
    expect(isOpen(always, at('2026-03-01T00:00:00Z'))).toBe(true);
    expect(nextChange(always, at('2026-03-01T00:00:00Z'))).toBeNull();
    const butOne = { ...always, exceptions: [{ date: '2027-01-01', name: '', open: [] }] };
    expect(nextChange(butOne, at('2026-03-01T00:00:00Z'))).toBe(at('2027-01-01T00:00:00Z'));
    expect(nextChange(butOne, at('2027-01-01T00:00:00Z'))).toBe(at('2027-01-02T00:00:00Z'));
  });

  test('a night is two spans, and midnight between them is no change', () => {
    const night = calendarInput.parse({
      name: 'n',
      timeZone: 'Europe/Madrid',
      weekly: [
        { weekday: 5, from: '22:00', to: '24:00' },
        { weekday: 6, from: '00:00', to: '06:00' },
      ],
    });
    expect(nextChange(night, at('2026-11-27T22:30:00Z'))).toBe(at('2026-11-28T05:00:00Z'));
  });
});

describe('when the clock is put forward or back', () => {
  const early = calendarInput.parse({ name: 'n', timeZone: 'Europe/Madrid', weekly: [{ weekday: 7, from: '02:15', to: '04:00' }] });
  test('an hour that is left out does not happen: what begins in it begins after it', () => {
    // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC
    expect(nextChange(early, at('2026-03-29T00:30:00Z'))).toBe(at('2026-03-29T01:00:00Z'));
    expect(nextChange(early, at('2026-03-29T01:00:00Z'))).toBe(at('2026-03-29T02:00:00Z'));
  });
  test('an hour that comes twice is open twice', () => {
    // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC
    const twice = { ...early, weekly: [{ weekday: 7, from: '02:15', to: '02:45' }] };
    const changes: string[] = [];
    for (let now = at('2026-10-24T12:00:00Z'), next = nextChange(twice, now); next !== null && changes.length < 4; next = nextChange(twice, now)) {
      changes.push(new Date((now = next)).toISOString().slice(11, 16));
    }
    expect(changes).toEqual(['00:15', '00:45', '01:15', '01:45']);
  });
});

const wall = fc.integer({ min: 0, max: 1440 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
const anyHours = fc.record({
  timeZone: fc.constantFrom('Europe/Madrid', 'America/New_York', 'Asia/Taipei', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC'),
  weekly: fc.array(fc.record({ weekday: fc.integer({ min: 1, max: 7 }), from: wall, to: wall }), { maxLength: 6 }),
  exceptions: fc.array(
    fc.record({
      date: fc.integer({ min: 0, max: 40 }).map((day) => new Date(at('2026-10-10T00:00:00Z') + day * 86_400_000).toISOString().slice(0, 10)),
      name: fc.constant(''),
      open: fc.array(fc.record({ from: wall, to: wall }), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
});

test('nothing changes between now and the next change, which is one', () => {
  fc.assert(
    fc.property(anyHours, fc.integer({ min: at('2026-10-12T00:00:00Z'), max: at('2026-11-12T00:00:00Z') }), (hours, now) => {
      const next = nextChange(hours, now);
      const isOpenNow = isOpen(hours, now);
      if (next !== null) expect(isOpen(hours, next)).toBe(!isOpenNow);
      const end = Math.min(next ?? Infinity, now + 3 * 86_400_000);
      for (let step = 1; step <= 40; step += 1) {
        const between = now + Math.floor(((end - now) * step) / 41);
        expect(isOpen(hours, between), new Date(between).toISOString()).toBe(isOpenNow);
      }
    }),
    { numRuns: 300, seed: 20261122 },
  );
});

test('spans that end before they begin or meet another one are refused with their place, and so is what is no zone', () => {
  const issues = (body: object) => calendarInput.safeParse({ name: 'n', timeZone: 'UTC', ...body }).error?.issues.map((issue) => issue.path.join('.')) ?? [];
  expect(issues({ weekly: [{ weekday: 1, from: '10:00', to: '10:00' }] })).toEqual(['weekly.0.to']);
  expect(
    issues({
      weekly: [
        { weekday: 1, from: '09:00', to: '14:00' },
        { weekday: 2, from: '13:00', to: '15:00' },
        { weekday: 1, from: '13:59', to: '15:00' },
      ],
    }),
  ).toEqual(['weekly.2.to']);
  expect(new Set(issues({ weekly: [{ weekday: 1, from: '9:00', to: '24:01' }] }))).toEqual(new Set(['weekly.0.from', 'weekly.0.to']));
  expect(issues({ exceptions: [{ date: '2026-01-01' }, { date: '2026-01-01' }] })).toEqual(['exceptions.1.date']);
  expect(issues({ exceptions: [{ date: '2026-02-30' }] })).toEqual(['exceptions.0.date']);
  expect(issues({ timeZone: 'Europe/Madriz' })).toEqual(['timeZone']);
  expect(issues({ timeZone: '+02:00' })).toEqual(['timeZone']);
});
