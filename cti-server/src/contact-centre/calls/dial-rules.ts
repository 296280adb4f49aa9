import { numberType, normaliseNumber } from '../../platform/phone-numbers.ts';

/*
 * May this number be called at all? Pure. Whom the law or a person's wish forbids to call is another question (consent, do-not-call); this
 * one is about numbers that are expensive, wrong, or must always work.
 */

/** A company's own rules, from the settings. */
export interface DialRules {
  defaultCountry: string;
  /** E.164 prefixes that nobody may call; the word `premium` stands for every number that libphonenumber knows as premium rate. */
  barred: readonly string[];
  /** Short numbers that are dialled as they are, always. */
  emergency: readonly string[];
}

export type Verdict =
  | { kind: 'number'; e164: string; country: string | null }
  | { kind: 'emergency'; number: string }
  | { kind: 'refused'; code: 'notANumber' | 'barredNumber' };

/** What a typed number is. Spaces, dashes, brackets and the country's own way to dial abroad are understood. */
export function judgeNumber(typed: string, rules: DialRules): Verdict {
  const plain = typed.replaceAll(/[\s().\-/]/g, '');
  if (rules.emergency.includes(plain)) return { kind: 'emergency', number: plain };
  const { e164, country } = normaliseNumber(typed, rules.defaultCountry);
  if (e164 === null) return { kind: 'refused', code: 'notANumber' };
  const isBarred = rules.barred.some((rule) => (rule === 'premium' ? numberType(e164) === 'PREMIUM_RATE' : e164.startsWith(rule)));
  return isBarred ? { kind: 'refused', code: 'barredNumber' } : { kind: 'number', e164, country };
}
