import { describe, expect, test } from 'vitest';
import { clockTime, countryName, duration, percent, phoneNumber, relative, wholeNumber } from './format.ts';

describe('durations', () => {
  test('count as a clock does', () => {
    expect(duration(7_400)).toBe('0:07');
    expect(duration(12 * 60_000 + 40_000)).toBe('12:40');
    expect(duration(3_729_000)).toBe('1:02:09');
  });
  test('never show less than zero, however far the clocks are apart', () => {
    expect(duration(-5_000)).toBe('0:00');
  });
});

describe('the reader’s own way of writing', () => {
  test('a day is told from now', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(relative('es', '2026-11-18T12:00:00Z', now)).toBe('hace 3 d');
    expect(relative('zh-CN', '2026-11-21T11:58:00Z', now)).toBe('2分钟前');
  });
  test('a percentage of nothing is not zero', () => {
    expect(percent('en', 0, 0)).toBe('—');
    expect(percent('es', 4, 5)).toMatch(/^80\s%$/u);
  });
  test('numbers are grouped by the language', () => {
    expect(wholeNumber('en', 1_234_567)).toBe('1,234,567');
    expect(wholeNumber('es', 1_234_567)).toBe('1.234.567');
  });
  test('hours have two digits and no half of the day', () => {
    expect(clockTime('en', new Date(2026, 10, 21, 7, 5))).toBe('07:05');
  });
});

describe('telephone numbers', () => {
  test('of one’s own country lose its code, others keep it', () => {
    expect(phoneNumber('+34910000001', 'ES')).toBe('910 00 00 01');
    expect(phoneNumber('+34910000001', 'TW')).toBe('+34 910 00 00 01');
  });
  test('what is no number stays as it came', () => {
    expect(phoneNumber('900', null)).toBe('900');
    expect(phoneNumber('', null)).toBe('');
  });
  test('a country has a name in each language, and an unknown one its code', () => {
    expect(countryName('es', 'MX')).toBe('México');
    expect(countryName('en', '??')).toBe('??');
  });
});
