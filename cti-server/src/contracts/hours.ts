import { z } from 'zod';
import { id, line, requiredLine } from './basics.ts';

/** A minute of a day on the wall, 00:00 to 24:00; 24:00 is the end of the day. */
export const wallMinute = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/);

/** Open from the first minute up to, not including, the last. What goes over midnight is two spans. */
const opening = z.strictObject({ from: wallMinute, to: wallMinute });
export type Opening = z.infer<typeof opening>;

const weeklyOpening = z.strictObject({
  /** 1 is Monday, 7 is Sunday (ISO 8601). */
  weekday: z.int().min(1).max(7),
  from: wallMinute,
  to: wallMinute,
});
export type WeeklyOpening = z.infer<typeof weeklyOpening>;

/** A day that is not as its weekday: a holiday, or a Sunday of work. The spans replace those of the week; none: closed all day. */
const exceptionDay = z.strictObject({
  date: z.iso.date(),
  name: line(80).default(''),
  open: z.array(opening).max(10).default([]),
});
export type ExceptionDay = z.infer<typeof exceptionDay>;

/** The place of the first span that ends before it begins, or that meets another one of its day; -1 when all is well. */
function firstBadSpan(spans: readonly (Opening & { day: string | number })[]): number {
  return spans.findIndex(
    (one, index) =>
      one.from >= one.to || spans.some((other, place) => place < index && other.day === one.day && one.from < other.to && other.from < one.to),
  );
}

const weekly = z
  .array(weeklyOpening)
  .max(70)
  .superRefine((spans, context) => {
    const bad = firstBadSpan(spans.map((span) => ({ ...span, day: span.weekday })));
    if (bad >= 0) context.addIssue({ code: 'custom', message: 'ends before it begins, or overlaps another one of its day', path: [bad, 'to'] });
  });

const exceptions = z
  .array(exceptionDay)
  .max(500)
  .superRefine((days, context) => {
    const dates = new Set<string>();
    for (const [index, day] of days.entries()) {
      if (dates.has(day.date)) context.addIssue({ code: 'custom', message: 'is named twice', path: [index, 'date'] });
      dates.add(day.date);
      const bad = firstBadSpan(day.open.map((span) => ({ ...span, day: day.date })));
      if (bad >= 0) context.addIssue({ code: 'custom', message: 'ends before it begins, or overlaps another one', path: [index, 'open', bad, 'to'] });
    }
  });

/** A time zone that this machine knows by its IANA name, for instance Europe/Madrid. */
const timeZone = requiredLine(60).refine(isTimeZone, { error: 'is no time zone' });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // an offset such as +02:00 is taken as well, but knows nothing of summer
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** When a house, a branch or a team is open, in its own zone. Queues and call flows name a calendar by its id. */
export const calendarInput = z.strictObject({
  name: requiredLine(80),
  timeZone,
  weekly: weekly.default([]),
  exceptions: exceptions.default([]),
});
export const calendar = z.object({ id, ...calendarInput.shape, version: z.int() });
export type Calendar = z.infer<typeof calendar>;
