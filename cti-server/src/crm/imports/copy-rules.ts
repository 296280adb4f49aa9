/** Values as COPY takes them in its text format. Pure. */

const special = /[\\\n\r\t]/;

export const copyNull = '\\N';

export function copyText(value: string): string {
  return special.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t') : value;
}

/** An array of texts as Postgres writes one, ready for COPY. */
export const copyList = (values: readonly string[]): string => copyText(`{${values.map((value) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`);

/** A value of a field, as it was checked; null and undefined are no value. */
export function copyValue(value: unknown): string {
  if (value === null || value === undefined) return copyNull;
  if (Array.isArray(value)) return copyList(value.map(String));
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return copyText(typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value));
}
