/** Day and time as they stand on a wall somewhere. Pure. */

const parts = (atMs: number, timeZone: string): Record<string, string> =>
  Object.fromEntries(
    new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).formatToParts(atMs).map((part) => [part.type, part.value]),
  );

/** What a field for date and time holds for this instant in this zone: `2026-11-20T17:30`. */
export function inputInZone(atMs: number, timeZone: string): string {
  const { year = '', month = '', day = '', hour = '', minute = '' } = parts(atMs, timeZone);
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}`;
}

/** The instant at which clocks of the zone show this; of an hour that comes twice the first, of one that is left out the one after. Null for none. */
export function instantInZone(local: string, timeZone: string): number | null {
  const asUtc = Date.parse(`${local}Z`);
  if (local === '' || Number.isNaN(asUtc)) return null;
  const offsetAt = (atMs: number): number => Date.parse(`${inputInZone(atMs, timeZone)}Z`) - Math.floor(atMs / 60_000) * 60_000;
  // the offsets a day before and after: one of them holds then
  const candidates = [offsetAt(asUtc - 86_400_000), offsetAt(asUtc + 86_400_000)].map((offset) => asUtc - offset);
  return candidates.find((atMs) => inputInZone(atMs, timeZone) === inputInZone(asUtc, 'UTC')) ?? Math.max(...candidates);
}

/** Tomorrow at this hour, as the zone counts days. */
export function tomorrowAt(hour: number, nowMs: number, timeZone: string): number {
  const day = inputInZone(nowMs + 86_400_000, timeZone).slice(0, 10);
  return instantInZone(`${day}T${String(hour).padStart(2, '0')}:00`, timeZone) ?? nowMs + 86_400_000;
}
