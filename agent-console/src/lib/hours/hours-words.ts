import { type Calendar, isOpen, nextChange } from '@centralita/cti-server/contracts';
import { locale, m } from '#lib/i18n/index.ts';

export type Hours = Pick<Calendar, 'timeZone' | 'weekly' | 'exceptions'>;

/** The name of a weekday, 1 being Monday. */
export function weekdayName(weekday: number, length: 'long' | 'short' = 'long'): string {
  // 1 January 2024 was a Monday
  return new Intl.DateTimeFormat(locale.current, { weekday: length, timeZone: 'UTC' }).format(Date.UTC(2024, 0, weekday));
}

/** `Open until Mon 18:00`, by the clocks of the calendar's own zone. */
export function statusWords(hours: Hours, nowMs: number): { isOpen: boolean; words: string } {
  const open = isOpen(hours, nowMs);
  const at = nextChange(hours, nowMs);
  if (at === null) return { isOpen: open, words: open ? m.hours_open_always() : m.hours_closed_always() };
  const isNear = at - nowMs < 6 * 86_400_000;
  const day: Intl.DateTimeFormatOptions = isNear ? { weekday: 'short' } : { day: 'numeric', month: 'short' };
  const time = new Intl.DateTimeFormat(locale.current, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: hours.timeZone }).format(at);
  return { isOpen: open, words: open ? m.hours_open_until({ time }) : m.hours_closed_until({ time }) };
}

/** The zones that this browser knows, with the one that is set, should it not be among them. */
export function zones(also: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes(also) ? known : [also, ...known];
}
