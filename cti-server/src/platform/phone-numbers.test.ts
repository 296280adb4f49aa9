import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseNumber } from './phone-numbers.ts';

const e164 = (raw: string, country = 'ES') => normaliseNumber(raw, country).e164;

describe('a number in any spelling becomes E.164', () => {
  it.each([
    ['ES', '612 34 56 78', '+34612345678'],
    ['ES', '0034 612-345-678', '+34612345678'],
    ['ES', '+34 (612) 34.56.78', '+34612345678'],
    ['ES', '34612345678', '+34612345678'],
    ['ES', 'tel:+34612345678', '+34612345678'],
    ['ES', '＋３４６１２３４５６７８', '+34612345678'],
    ['ES', '900123456', '+34900123456'],
    ['CN', '138 0013 8000', '+8613800138000'],
    ['CN', '0086 13800138000', '+8613800138000'],
    ['CN', '021-6123 4567', '+862161234567'],
    ['TW', '0912-345-678', '+886912345678'],
    ['TW', '(02) 2345-6789', '+886223456789'],
    ['US', '(202) 555-0123', '+12025550123'],
    ['US', '011 34 612345678', '+34612345678'],
    ['GB', '020 7946 0123', '+442079460123'],
    ['GB', '+44 7700 900123', '+447700900123'],
  ])('%s: %s', (country, raw, expected) => expect(e164(raw, country)).toBe(expected));

  it('tells the country', () => {
    expect(normaliseNumber('+886912345678', 'ES').country).toBe('TW');
    expect(normaliseNumber('+12025550123', 'ES').country).toBe('US');
    expect(normaliseNumber('612345678', 'ES').country).toBe('ES');
  });
  it('understands a full number of another country without its plus', () => expect(e164('442079460123')).toBe('+442079460123'));
  it('takes the old 1 out of Mexican mobiles', () => {
    expect(e164('+52 1 55 1234 5678')).toBe('+525512345678');
    expect(e164('5215512345678')).toBe('+525512345678');
  });
  it('believes a possible number of a range that is not in the tables yet, when it says its country', () => {
    expect(e164('+34012345678')).toBe('+34012345678');
    expect(e164('012345678')).toBeNull();
  });
});

describe('what is no telephone number stays raw', () => {
  it.each(['', ' ', 'anonymous', 'Restricted', 'unknown', '1', '100', '6001', '60012', '600123', '6001234', '112', 'desk-201', '+', '+0', '+34', '+34612',
    '+999123456789', '00', '6123456781234567890', '1'.repeat(500), '+'.repeat(5000), 'call 612345678 after 5', "612345678'; drop table", '\u0000', '\ud800',
    '🙂🙂🙂', '-612345678e9', 'Infinity', 'NaN'])('%j', (raw) => expect(normaliseNumber(raw, 'ES')).toEqual({ e164: null, country: null }));

  it('never throws, and answers E.164 or null whatever it is given', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.stringMatching(/^[+0-9 ().#*;=xX/-]{0,70}$/));
    fc.assert(
      fc.property(anything, fc.oneof(fc.constantFrom('ES', 'CN', 'TW', 'US', 'GB', 'XX', ''), fc.string()), (raw, country) => {
        const number = normaliseNumber(raw, country).e164;
        expect(number === null || /^\+[1-9]\d{5,14}$/.test(number)).toBe(true);
        if (number !== null) expect(normaliseNumber(number, country).e164).toBe(number);
      }),
      { numRuns: 2_000 },
    );
  });
});
