/** What a cell of a file for spreadsheets must not do. Pure. */

/**
 * A spreadsheet takes a cell that begins like this for a formula and runs it. An apostrophe before it makes it text. Numbers and telephone
 * numbers are no danger and stay as they are, or nobody could import again what was exported.
 */
export function neutralised(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) && !/^[+-]?\d[\d .,()-]*$/.test(cell) ? `'${cell}` : cell;
}

/** A line of CSV with commas, as RFC 4180 has it. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

function csvCell(cell: string): string {
  const safe = neutralised(cell);
  return /[",\r\n;\t|]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Spreadsheets take a file without this mark for one in the machine's own encoding. */
export const byteOrderMark = '\uFEFF';
