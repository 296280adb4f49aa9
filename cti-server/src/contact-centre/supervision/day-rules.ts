/** Milliseconds of the last midnight in a zone, at or before `nowMs`. Days of 23 and 25 hours are what they are. */
export function dayStartMs(nowMs: number, timeZone: string): number {
  const offsetNow = offsetMs(nowMs, timeZone);
  const localMidnight = Math.floor((nowMs + offsetNow) / 86_400_000) * 86_400_000;
  // the zone's offset may have been another one at midnight
  const guess = localMidnight - offsetNow;
  return localMidnight - offsetMs(guess, timeZone);
}

/** When the day that began at `startMs` ends. A day and a half later is always within the next one. */
export function dayEndMs(startMs: number, timeZone: string): number {
  return dayStartMs(startMs + 36 * 3_600_000, timeZone);
}

/** How far the zone is ahead of UTC at an instant. */
function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(new Date(atMs));
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  const local = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return local - Math.floor(atMs / 1000) * 1000;
}
