import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * Dates, numbers and telephone numbers as the reader writes them. Pure: the reader's locale is an argument, so every function can be
 * tested; screens use the ones of `format.svelte.ts`, which know the chosen language.
 */

const formats = new Map<string, Intl.DateTimeFormat>();
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.DateTimeFormat(locale, options)));
  return format;
}

/** `0:07`, `12:40`, `1:02:09`. Never negative: a clock that is a little behind shows zero. */
export function duration(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(whole % 60).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** The hour of an instant, `14:05`. */
export function clockTime(locale: string, at: string | number | Date): string {
  return dateFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));
}

/** Today: the hour. This year: day and hour. Else the date. */
export function shortInstant(locale: string, at: string, nowMs: number): string {
  const date = new Date(at);
  const now = new Date(nowMs);
  if (date.toDateString() === now.toDateString()) return clockTime(locale, date);
  if (date.getFullYear() === now.getFullYear())
    return dateFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date);
  return dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(date);
}

/** The whole instant, for a hover. */
export function longInstant(locale: string, at: string): string {
  return dateFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(at));
}

/** The day as a heading of a timeline: "Friday 20 November". */
export function dayName(locale: string, at: string, nowMs: number): string {
  const date = new Date(at);
  const days = Math.round((startOfDay(new Date(nowMs)) - startOfDay(date)) / 86_400_000);
  if (days === 0 || days === 1) {
    const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-days, 'day');
    return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
  }
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear();
  return dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(date);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "3 days ago", "in 2 minutes". */
export function relative(locale: string, at: string, nowMs: number): string {
  const seconds = Math.round((new Date(at).getTime() - nowMs) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  return format.format(Math.trunc(seconds), 'second');
}

export function wholeNumber(locale: string, value: number): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** `part` of `whole` as a percentage, or an em dash where nothing has happened yet. */
export function percent(locale: string, part: number, whole: number): string {
  return whole === 0 ? '—' : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(part / whole);
}

/** A number of the reader's own country in its national form, others with their country code; what is not a number stays as it is. */
export function phoneNumber(number: string, homeCountry: string | null): string {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return number;
  return parsed.country !== undefined && parsed.country === homeCountry ? parsed.formatNational() : parsed.formatInternational();
}

/** The country's name in the reader's language; the code itself where it has none. */
export function countryName(locale: string, country: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country;
  } catch {
    return country; // not a region code: shown as it came
  }
}
