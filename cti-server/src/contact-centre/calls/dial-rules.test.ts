import { describe, expect, it } from 'vitest';
import { type DialRules, judgeNumber } from './dial-rules.ts';

const rules: DialRules = { defaultCountry: 'ES', barred: ['premium', '+53'], emergency: ['112'] };

describe('a number that an agent wants to call', () => {
  it('is understood as people write it, with and without its country', () => {
    for (const typed of ['600 111 222', '+34 600-111-222', '0034600111222', '(600) 111.222']) {
      expect(judgeNumber(typed, rules)).toEqual({ kind: 'number', e164: '+34600111222', country: 'ES' });
    }
    expect(judgeNumber('+86 138 0013 8000', rules)).toMatchObject({ e164: '+8613800138000', country: 'CN' });
  });
  it('that is none is refused', () => {
    for (const typed of ['', '12', 'ana', '+', '123456']) expect(judgeNumber(typed, rules)).toEqual({ kind: 'refused', code: 'notANumber' });
  });
  it('of premium rate, or of a barred country, is refused', () => {
    expect(judgeNumber('803 123 456', rules)).toEqual({ kind: 'refused', code: 'barredNumber' });
    expect(judgeNumber('+53 7 831 2345', rules)).toEqual({ kind: 'refused', code: 'barredNumber' });
    expect(judgeNumber('803 123 456', { ...rules, barred: [] })).toMatchObject({ kind: 'number' });
  });
  it('of an emergency is dialled as it is, whatever is barred', () => {
    expect(judgeNumber('112', { ...rules, barred: ['1', '+'] })).toEqual({ kind: 'emergency', number: '112' });
  });
});
