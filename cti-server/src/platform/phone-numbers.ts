import { type CountryCode, isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export interface NormalisedNumber {
  /** `+` and up to 15 digits; null when what was given is no telephone number: withheld, anonymous, an internal extension of any length. */
  readonly e164: string | null;
  /** ISO 3166 alpha-2, when the number tells it. */
  readonly country: string | null;
}

const none: NormalisedNumber = { e164: null, country: null };
const fits = /^\+[1-9]\d{5,14}$/;
/** Longer than any spelling of a number; what is longer is not looked at. */
const longestSpelling = 60;

/** The newest answers: a caller's number is asked for several times within one call, and each look costs more than the rest of the step. */
const known = new Map<string, NormalisedNumber>();
const mostKnown = 500;

/**
 * Brings a number into the one form in which numbers are stored and compared, whether a trunk gave it or a person typed it. Never throws.
 *
 * With a country (`+` or the country's way to dial abroad) a number of a possible length is enough: numbering plans grow faster than
 * their tables. Without one it must be a valid number of `defaultCountry`, lest an internal extension is taken for somebody's number.
 * @param defaultCountry ISO 3166 alpha-2; an unknown one means that only numbers with a country are understood
 */
export function normaliseNumber(raw: string, defaultCountry: string): NormalisedNumber {
  const key = `${defaultCountry} ${raw.slice(0, longestSpelling + 1)}`;
  const before = known.get(key);
  if (before) return before;
  const [oldest] = known.keys();
  if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
  const found = look(raw, defaultCountry);
  known.set(key, found);
  return found;
}

function look(raw: string, defaultCountry: string): NormalisedNumber {
  const spelling = raw.slice(0, longestSpelling + 1).normalize('NFKC').replace(/^tel:/i, '').trim();
  if (spelling === '' || spelling.length > longestSpelling) return none;
  const parsed = parse(spelling, isSupportedCountry(defaultCountry) ? defaultCountry : undefined);
  const saysCountry = spelling.startsWith('+');
  if (parsed && (parsed.isValid() || (saysCountry && parsed.isPossible()))) return answer(parsed);
  return mexicanMobile(parsed) ?? abroadWithoutPlus(spelling) ?? none;
}

function parse(spelling: string, country: CountryCode | undefined): PhoneNumber | undefined {
  // extract: false, or "call 612345678 after 5" would be a number
  return parsePhoneNumberFromString(spelling, { extract: false, ...(country ? { defaultCountry: country } : {}) });
}

function answer(number: PhoneNumber): NormalisedNumber {
  return fits.test(number.number) ? { e164: number.number, country: number.country ?? null } : none;
}

/** Until 2019 Mexican mobiles were dialled with a 1 after +52, and carriers still send it. */
function mexicanMobile(number: PhoneNumber | undefined): NormalisedNumber | null {
  const digits = /^\+521(\d{10})$/.exec(number?.number ?? '')?.[1];
  const today = digits === undefined ? undefined : parse(`+52${digits}`, undefined);
  return today?.isValid() ? answer(today) : null;
}

/** Many trunks give the full number without its plus. Eleven digits or more, or a national number of elsewhere might be taken for one. */
function abroadWithoutPlus(spelling: string): NormalisedNumber | null {
  if (!/^[1-9]\d{10,14}$/.test(spelling)) return null;
  const number = parse(`+${spelling}`, undefined);
  if (number?.isValid()) return answer(number);
  return mexicanMobile(number);
}

/** What kind of number it is, in libphonenumber's words (`MOBILE`, `PREMIUM_RATE`, ...); null when its country's plan does not say. */
export const numberType = (e164: string): string | null => parse(e164, undefined)?.getType() ?? null;
