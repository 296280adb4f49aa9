import { expect, test } from 'vitest';
import { mayHaveMoreTime, wrapUpModeOf } from './wrap-up-rules.ts';

test.each([
  [0, false, 'none'],
  [0, true, 'none'],
  [30, true, 'optional'],
  [null, true, 'optional'],
  [30, false, 'timed'],
  [null, false, 'free'],
] as const)('%s seconds, optional %s: %s', (wrapUpSeconds, wrapUpOptional, mode) => {
  expect(wrapUpModeOf({ wrapUpSeconds, wrapUpOptional })).toBe(mode);
});

test('more time is had only where time runs out, as often as allowed', () => {
  expect(mayHaveMoreTime({ wrapUpSeconds: 30, wrapUpMoreTimes: 2 }, 1)).toBe(true);
  expect(mayHaveMoreTime({ wrapUpSeconds: 30, wrapUpMoreTimes: 2 }, 2)).toBe(false);
  expect(mayHaveMoreTime({ wrapUpSeconds: null, wrapUpMoreTimes: 2 }, 0)).toBe(false);
  expect(mayHaveMoreTime({ wrapUpSeconds: 0, wrapUpMoreTimes: 2 }, 0)).toBe(false);
});
