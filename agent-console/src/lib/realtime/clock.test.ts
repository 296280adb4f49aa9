import { expect, test } from 'vitest';
import { backOffMs } from './back-off.ts';
import { observeServerTime } from './clock.ts';

test('the message that travelled least tells the time best', () => {
  let estimate = observeServerTime(null, 10_000, 10_400); // 400 ms on its way, or a clock that is ahead
  estimate = observeServerTime(estimate, 11_000, 11_050);
  estimate = observeServerTime(estimate, 12_000, 12_900);
  expect(estimate.offsetMs).toBe(-50);
});

test('an old estimate gives way, as clocks drift', () => {
  const old = observeServerTime(null, 1_000, 900);
  expect(observeServerTime(old, 700_000, 700_500).offsetMs).toBe(-500);
});

test('waits between attempts grow, stay below the longest and never end', () => {
  const waits = Array.from({ length: 50 }, (_, attempt) => backOffMs(attempt, 1));
  expect(waits.slice(0, 3)).toEqual([300, 600, 1200]);
  expect(Math.max(...waits)).toBe(8000);
  expect(backOffMs(3, 0)).toBeLessThan(backOffMs(3, 1));
});
