/** Text and places as a workbook writes them. Pure. */

/** A for 0, AB for 27. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

/** The longest text Excel takes in a cell. */
const longestCell = 32_767;

export function xmlText(text: string): string {
  return text
    .toWellFormed()
    .slice(0, longestCell)
    // eslint-disable-next-line no-control-regex -- XML cannot hold them at all
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
