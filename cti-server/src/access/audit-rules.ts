import { isDeepStrictEqual } from 'node:util';

export type AuditChanges = Record<string, { old: unknown; new: unknown }>;

/**
 * The fields in which two states of a record differ, with both values. `null` as the old state is a new record, as the new state a
 * deleted one. Give only fields that may be read in the audit: never a password, a hash or a token.
 */
export function changesBetween(before: Record<string, unknown> | null, after: Record<string, unknown> | null): AuditChanges {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const changes: AuditChanges = {};
  for (const name of names) {
    const old = before?.[name] ?? null;
    const next = after?.[name] ?? null;
    if (!isDeepStrictEqual(old, next)) changes[name] = { old, new: next };
  }
  return changes;
}
