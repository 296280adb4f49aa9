import type { Calendar, Opening } from './hours.ts';

/*
 * Whether a calendar is open, and until when. Pure, and without anything of the server: the console tells with it what a calendar that is
 * being edited will do. All is read off the clock on the wall of the calendar's zone: on the day when the clock goes forward a span within
 * the hour that is left out does not happen, and when it goes back the hour that comes twice is open twice.
 */

type Hours = Pick<Calendar, 'timeZone' | 'weekly' | 'exceptions'>;

const dayMs = 86_400_000;

/** Whether the calendar is open at this instant. A calendar without any span is never open. */
export function isOpen(calendar: Hours, nowMs: number): boolean {
  const wall = wallOf(nowMs, calendar.timeZone);
  const minute = Math.floor(wall / 60_000) % 1440;
  return openingsOn(calendar, Math.floor(wall / dayMs)).some((span) => minutesOf(span.from) <= minute && minute < minutesOf(span.to));
}

/** The first instant after now at which the calendar opens or closes; null when it stays as it is for good. */
export function nextChange(calendar: Hours, nowMs: number): number | null {
  const isOpenNow = isOpen(calendar, nowMs);
  for (const day of daysWorthLookingAt(calendar, nowMs)) {
    for (const at of boundariesOn(calendar, day)) {
      if (at > nowMs && isOpen(calendar, at) !== isOpenNow) return at;
    }
  }
  return null;
}

/** What was found for a calendar, and how long it holds: many calls ask the same. A change of a calendar makes a new object. */
const known = new WeakMap<Hours, { fromMs: number; isOpen: boolean; changesAtMs: number | null }>();

/** Both at once, remembered as long as it holds. */
export function hoursAt(calendar: Hours, nowMs: number): { isOpen: boolean; changesAtMs: number | null } {
  const found = known.get(calendar);
  if (found && found.fromMs <= nowMs && (found.changesAtMs === null || nowMs < found.changesAtMs)) return found;
  const made = { fromMs: nowMs, isOpen: isOpen(calendar, nowMs), changesAtMs: nextChange(calendar, nowMs) };
  known.set(calendar, made);
  return made;
}

/** The spans of one day, counted in days since 1970 on the wall. An exception replaces the whole day. */
function openingsOn(calendar: Hours, day: number): readonly Opening[] {
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  const exception = calendar.exceptions.find((one) => one.date === date);
  if (exception) return exception.open;
  const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
  return calendar.weekly.filter((span) => span.weekday === weekday);
}

/** Today and the week that follows it, and the same around each exception to come: between these every week is like the one before. */
function daysWorthLookingAt(calendar: Hours, nowMs: number): number[] {
  const today = Math.floor(wallOf(nowMs, calendar.timeZone) / dayMs);
  const days = new Set<number>();
  const addWeekFrom = (first: number): void => {
    for (let day = first; day <= first + 8; day += 1) if (day >= today) days.add(day);
  };
  addWeekFrom(today);
  for (const { date } of calendar.exceptions) addWeekFrom(Date.parse(`${date}T00:00:00Z`) / dayMs - 1);
  return [...days].sort((a, b) => a - b);
}

/** Every instant of a day at which something could change, in order: where spans begin and end, and where the clock is put forward or back. */
function boundariesOn(calendar: Hours, day: number): number[] {
  const before = offsetMs(day * dayMs - dayMs, calendar.timeZone);
  const after = offsetMs(day * dayMs + 2 * dayMs, calendar.timeZone);
  const found = new Set<number>([day * dayMs - before, day * dayMs - after]);
  for (const { from, to } of openingsOn(calendar, day)) {
    for (const minute of [minutesOf(from), minutesOf(to)]) {
      found.add(day * dayMs + minute * 60_000 - before);
      found.add(day * dayMs + minute * 60_000 - after);
    }
  }
  if (before !== after) found.add(shiftOfClock(day * dayMs - dayMs - before, day * dayMs + 2 * dayMs - after, calendar.timeZone));
  return [...found].sort((a, b) => a - b);
}

/** The minute between the two instants at which the zone's offset changes. */
function shiftOfClock(fromMs: number, toMs: number, timeZone: string): number {
  const first = offsetMs(fromMs, timeZone);
  let [low, high] = [Math.floor(fromMs / 60_000), Math.ceil(toMs / 60_000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle * 60_000, timeZone) === first) low = middle;
    else high = middle;
  }
  return high * 60_000;
}

const minutesOf = (wall: string): number => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));

/** The time on the wall, as if it were UTC. */
const wallOf = (atMs: number, timeZone: string): number => atMs + offsetMs(atMs, timeZone);

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000;
}
