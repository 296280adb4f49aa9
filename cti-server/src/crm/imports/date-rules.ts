/** Dates and times in people's spelling. Pure. */
import type { ImportSettings } from '../../contracts/index.ts';

type DateOrder = ImportSettings['dateOrder'];

/** `YYYY-MM-DD`; undefined when it is no day there ever is. A time behind it is left out. */
export function parseDate(text: string, order: DateOrder): string | undefined {
  const parts = split(text);
  return parts && dayOf(parts.day, order);
}

/** An instant in UTC. A time without a zone is meant in `timeZone`, a date without a time is its midnight there. */
export function parseInstant(text: string, order: DateOrder, timeZone: string): string | undefined {
  const parts = split(text);
  const day = parts && dayOf(parts.day, order);
  if (!parts || day === undefined) return undefined;
  const [hours, minutes, seconds] = [parts.hours, parts.minutes, parts.seconds];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const asUtc = Date.parse(`${day}T00:00:00Z`) + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (parts.zone !== '') {
    const at = /^z$/i.test(parts.zone) ? asUtc : asUtc - offsetMs(parts.zone);
    return new Date(at).toISOString();
  }
  // twice: the offset at the first guess may be that of the other side of a change of clocks
  const first = asUtc - zoneOffsetMs(asUtc, timeZone);
  return new Date(asUtc - zoneOffsetMs(first, timeZone)).toISOString();
}

const spelling = /^(\d{1,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,4})日?(?:[T\s,]+(\d{1,2})[:h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s?(a\.?m\.?|p\.?m\.?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

function split(text: string) {
  const found = spelling.exec(text.normalize('NFKC').trim());
  if (!found) return undefined;
  const isAfternoon = /^p/i.test(found[5] ?? '');
  const isMorning = /^a/i.test(found[5] ?? '');
  const hours = Number(found[2] ?? 0);
  return { day: found[1] ?? '', hours: isAfternoon && hours < 12 ? hours + 12 : isMorning && hours === 12 ? 0 : hours, minutes: Number(found[3] ?? 0), seconds: Number(found[4] ?? 0), zone: found[6] ?? '' };
}

function dayOf(text: string, order: DateOrder): string | undefined {
  const [a = '', b = '', c = ''] = text.split(/\s?[-/.年月]\s?/);
  const yearIsFirst = a.length > 2 || (c.length <= 2 && order === 'yearFirst');
  const [year, month, day] = yearIsFirst ? [a, b, c] : order === 'monthFirst' ? [c, a, b] : [c, b, a];
  const whole = year.length <= 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  const at = Date.UTC(whole, Number(month) - 1, Number(day));
  const date = new Date(at);
  if (year === '' || whole < 1000 || Number.isNaN(at) || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  return date.toISOString().slice(0, 10);
}

const offsetMs = (zone: string): number => (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();
function zoneOffsetMs(atMs: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute'], part['second']) - Math.floor(atMs / 1000) * 1000;
}
