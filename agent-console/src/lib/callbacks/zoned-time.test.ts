import { describe, expect, it } from 'vitest';
import { inputInZone, instantInZone, tomorrowAt } from './zoned-time.ts';

const at = (iso: string): number => Date.parse(iso);

describe('a time in a zone', () => {
  it.each([
    ['2026-11-22T16:30:00.000Z', 'Europe/Madrid', '2026-11-22T17:30'],
    ['2026-07-01T23:00:00.000Z', 'Asia/Shanghai', '2026-07-02T07:00'],
    ['2026-11-22T16:30:00.000Z', 'Asia/Kathmandu', '2026-11-22T22:15'],
  ])('%s in %s is %s, and back', (instant, zone, local) => {
    expect(inputInZone(at(instant), zone)).toBe(local);
    expect(instantInZone(local, zone)).toBe(at(instant));
  });
  it('of an hour that comes twice is the first, and one that is left out is the one after', () => {
    expect(instantInZone('2026-10-25T02:30', 'Europe/Madrid')).toBe(at('2026-10-25T00:30:00Z'));
    expect(instantInZone('2026-03-29T02:30', 'Europe/Madrid')).toBe(at('2026-03-29T01:30:00Z'));
  });
  it('is none when nothing is typed', () => {
    expect([instantInZone('', 'UTC'), instantInZone('soon', 'UTC')]).toEqual([null, null]);
  });
  it('tomorrow is the zone’s own', () => {
    expect(tomorrowAt(10, at('2026-11-22T23:30:00Z'), 'Europe/Madrid')).toBe(at('2026-11-24T09:00:00Z'));
    expect(tomorrowAt(10, at('2026-11-22T23:30:00Z'), 'America/New_York')).toBe(at('2026-11-23T15:00:00Z'));
  });
});
