import { expect, test } from 'vitest';
import { nextYearsDays, placeInDay, wallTime } from './wall-time.ts';

test.each([
  ['9', '09:00'],
  ['930', '09:30'],
  ['9.30', '09:30'],
  ['18h15', '18:15'],
  ['24', '24:00'],
  ['0', '00:00'],
  ['24:30', null],
  ['25', null],
  ['9:60', null],
  ['', null],
  ['noon', null],
])('%s is %s', (typed, time) => {
  expect(wallTime(typed)).toBe(time);
});

test('the days of the last year come again a year later, but not twice, and not 29 February', () => {
  const day = (date: string) => ({ date, name: '', open: [] });
  const days = [day('2027-12-25'), day('2028-02-29'), day('2028-01-01'), day('2028-12-25')];
  expect(nextYearsDays(days).map((one) => one.date)).toEqual(['2029-01-01', '2029-12-25']);
  expect(nextYearsDays([...days, day('2029-01-01')]).map((one) => one.date)).toEqual(['2030-01-01']);
});

test('a span has its place in the day', () => {
  expect(placeInDay({ from: '06:00', to: '24:00' })).toEqual({ left: 25, width: 75 });
});
