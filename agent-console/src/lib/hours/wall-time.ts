/** What somebody types for a time of day, as `HH:MM`: `9`, `930`, `9.30` and `24` are understood. Null for what is no time. */
export function wallTime(typed: string): string | null {
  const found = /^(\d{1,2})(?:[:.h ]?(\d{2}))?$/.exec(typed.trim());
  if (!found) return null;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

interface Dated {
  date: string;
}

/** The days of the last year that has any, a year later; days that are there already, and those that the next year does not have, are left out. */
export function nextYearsDays<Day extends Dated>(days: readonly Day[]): Day[] {
  const last = Math.max(...days.map((day) => Number(day.date.slice(0, 4))));
  const there = new Set(days.map((day) => day.date));
  return days
    .filter((day) => Number(day.date.slice(0, 4)) === last)
    .map((day) => ({ ...structuredClone(day), date: `${String(last + 1)}${day.date.slice(4)}` }))
    .filter(({ date }) => !there.has(date) && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date));
}

/** Where a span lies in the day, in percent of its width. */
export function placeInDay(span: { from: string; to: string }): { left: number; width: number } {
  const [from, to] = [span.from, span.to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) as [number, number];
  return { left: (from / 1440) * 100, width: (Math.max(0, to - from) / 1440) * 100 };
}
