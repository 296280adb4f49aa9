/** The record with the fields that a change names; those left out (or undefined) stay. */
export function withFields<T extends object>(record: T, fields: object): T {
  const named = Object.entries(fields).filter(([name, value]) => value !== undefined && name in record);
  return { ...record, ...Object.fromEntries(named) };
}

/** Where the first id stands that occurred before; -1 when all differ. */
export function firstRepeated(ids: readonly string[]): number {
  const seen = new Set<string>();
  return ids.findIndex((id) => seen.size === seen.add(id).size);
}
