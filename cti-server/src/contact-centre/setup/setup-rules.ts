import { isDeepStrictEqual } from 'node:util';

/** Each changed field with its old and its new value; null where the record did not exist. */
export type Changes = Record<string, { old: unknown; new: unknown }>;

/** What differs between two states of a record. Its id and version are no content. */
export function changesBetween(before: object | null, after: object | null): Changes {
  const olds = new Map<string, unknown>(Object.entries(before ?? {}));
  const news = new Map<string, unknown>(Object.entries(after ?? {}));
  const changes: Changes = {};
  for (const name of new Set([...olds.keys(), ...news.keys()])) {
    if (name === 'id' || name === 'version') continue;
    const old = olds.get(name) ?? null;
    const next = news.get(name) ?? null;
    if (!isDeepStrictEqual(old, next)) changes[name] = { old, new: next };
  }
  return changes;
}

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
