import { describe, expect, it } from 'vitest';
import { numberPatterns } from './number-patterns.ts';

describe('a number, or a part of one', () => {
  it('whole: itself first', () => expect(numberPatterns('612 345 678', 'ES')?.beginnings[0]).toBe('+34612345678'));
  it('with its country: a beginning', () => {
    expect(numberPatterns('+86 138', 'ES')).toEqual({ beginnings: ['+86138'], ends: [] });
    expect(numberPatterns('0086-138', 'ES')).toEqual({ beginnings: ['+86138'], ends: [] });
  });
  it('without: a beginning here, a beginning abroad, or an end', () =>
    expect(numberPatterns('6123', 'ES')).toEqual({ beginnings: ['+346123', '+6123'], ends: ['6123'] }));
  it('as dialled at home, with the 0 that is not part of it', () => {
    expect(numberPatterns('020 7946 0123', 'GB')?.beginnings[0]).toBe('+442079460123');
    expect(numberPatterns('020 7946', 'GB')).toEqual({ beginnings: ['+44207946', '+440207946'], ends: ['0207946', '207946'] });
  });
  it.each(['', 'abc', '12', '+', '++34600', '1'.repeat(19), '6a1', '()', '٣٤٦'])('%j is none', (typed) => expect(numberPatterns(typed, 'ES')).toBeNull());
});
