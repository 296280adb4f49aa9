/** How Excel keeps columns and dates. Pure. */

/** 0 for A1, 27 for AB7. */
export function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase()) {
    const value = letter.charCodeAt(0) - 64;
    if (value < 1 || value > 26) break;
    column = column * 26 + value;
  }
  return column - 1;
}

/** Built-in formats that show a date or a time, those of East Asia among them. */
const builtInDates = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

export function isDateFormat(id: number, codes: ReadonlyMap<number, string>): boolean {
  const code = codes.get(id);
  if (code === undefined) return builtInDates(id);
  // texts in quotes, colours and conditions in brackets, and escaped signs say nothing
  return /[ymdhs]/i.test(code.replaceAll(/"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\./gi, ''));
}

const dayMs = 86_400_000;

/** Days since the end of 1899 as ISO: a date, or a date with its time where there is one. What is no date stays a number. */
export function dateText(days: number, date1904: boolean): string {
  if (!Number.isFinite(days) || days < 0 || days > 2_958_466) return String(days);
  // Excel believes in the 29th of February 1900
  const since = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, days < 60 ? 31 : 30);
  const iso = new Date(since + Math.round(days * 86_400) * 1000).toISOString();
  return Math.round(days * 86_400) * 1000 % dayMs === 0 ? iso.slice(0, 10) : iso.slice(0, 19);
}
