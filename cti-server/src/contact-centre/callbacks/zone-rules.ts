/** Where a number is at home. Pure. */

/** ECMA-402, Intl Locale Info: there in every browser and in Node, but not yet in the types of our language level. */
type LocaleInfo = Intl.Locale & { getTimeZones?(): string[] | undefined };

/** Where most people of a country with several zones live comes first; of zones that always agree the one that people know is shown. */
const wellKnown = [
  ...['Europe/Madrid', 'Europe/Lisbon', 'Europe/Moscow', 'Asia/Shanghai', 'America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Toronto'],
  ...['America/Mexico_City', 'America/Sao_Paulo', 'America/Argentina/Buenos_Aires', 'America/Santiago', 'America/Guayaquil', 'Australia/Sydney', 'Pacific/Auckland', 'Asia/Jakarta'],
];
const rank = (zone: string): number => (wellKnown.includes(zone) ? wellKnown.indexOf(zone) : wellKnown.length);

const [january, july] = [Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 6, 15, 12)];
const wallClock = (zone: string, atMs: number): string => new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(atMs);

/** The time zones of a country, each pair of clocks that always agree once; none for a country that is none. @param country ISO 3166 alpha-2 */
export function zonesOfCountry(country: string | null): string[] {
  if (country === null || !/^[A-Z]{2}$/.test(country)) return [];
  const zones = (new Intl.Locale(`und-${country}`) as LocaleInfo).getTimeZones?.() ?? [];
  const byClock = new Map<string, string>();
  for (const zone of zones.toSorted((a, b) => rank(a) - rank(b))) {
    const clock = `${wallClock(zone, january)} ${wallClock(zone, july)}`;
    if (!byClock.has(clock)) byClock.set(clock, zone);
  }
  return [...byClock.values()];
}

/**
 * The zone to begin with. One of one's own country is most likely the company's; of several others nobody knows, and a person has to say.
 * @param companyZone taken too when the country is not known
 */
export function guessZone(zones: readonly string[], companyZone: string): string {
  return zones.includes(companyZone) ? companyZone : (zones[0] ?? companyZone);
}
