import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { normaliseNumber } from '../../platform/phone-numbers.ts';

/** Which numbers a person may mean who types (a part of) one: beginnings and ends of E.164, the likeliest first. */
export interface NumberPatterns {
  beginnings: readonly string[];
  ends: readonly string[];
}

const fewestDigits = 3;
/** Fewer digits at the end fit a thousandth of all numbers. */
const fewestDigitsOfAnEnd = 4;

/** Null when what is typed is not (a part of) a number. Spaces, points, dashes, slashes and brackets may stand anywhere. */
export function numberPatterns(typed: string, defaultCountry: string): NumberPatterns | null {
  const spelling = typed.normalize('NFKC').trim();
  if (!/^\+?[\d\s().\-/]+$/.test(spelling)) return null;
  const digits = spelling.replaceAll(/\D/g, '');
  if (digits.length < fewestDigits || digits.length > 18) return null;
  const whole = normaliseNumber(spelling, defaultCountry).e164;
  const found = whole === null ? [] : [whole];
  const abroad = spelling.startsWith('+') ? digits : digits.startsWith('00') ? digits.slice(2) : null;
  if (abroad !== null) return { beginnings: [...new Set([...found, ...(abroad === '' ? [] : [`+${abroad}`])])], ends: [] };
  // The 0 before an area code is dialled at home; in most countries, but not in all, it is no part of E.164.
  const withoutZero = digits.replace(/^0+/, '');
  const countryCode = isSupportedCountry(defaultCountry) ? `+${getCountryCallingCode(defaultCountry)}` : null;
  const national = countryCode === null ? [] : [withoutZero, digits].filter((part) => part !== '').map((part) => countryCode + part);
  const withoutPlus = digits.startsWith('0') ? [] : [`+${digits}`];
  return {
    beginnings: [...new Set([...found, ...national, ...withoutPlus])],
    ends: [...new Set([digits, withoutZero])].filter((end) => end.length >= fewestDigitsOfAnEnd),
  };
}
