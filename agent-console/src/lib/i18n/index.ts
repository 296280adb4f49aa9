import { locale } from './locale.svelte.ts';
import * as format from './format.ts';
import { clock } from '#lib/realtime/clock.svelte.ts';

export { m } from '#lib/paraglide/messages.js';
export { locale, languageNames } from './locale.svelte.ts';
export { duration } from './format.ts';

/** The formats of `format.ts` in the reader's language; they follow when the language changes. */
export const clockTime = (at: string | number | Date): string => format.clockTime(locale.current, at);
export const shortInstant = (at: string): string => format.shortInstant(locale.current, at, clock.now());
export const longInstant = (at: string): string => format.longInstant(locale.current, at);
export const dayName = (at: string): string => format.dayName(locale.current, at, clock.now());
export const relative = (at: string): string => format.relative(locale.current, at, clock.now());
export const wholeNumber = (value: number): string => format.wholeNumber(locale.current, value);
export const percent = (part: number, whole: number): string => format.percent(locale.current, part, whole);
export const countryName = (country: string): string => format.countryName(locale.current, country);
export const phoneNumber = (number: string): string => format.phoneNumber(number, null);
