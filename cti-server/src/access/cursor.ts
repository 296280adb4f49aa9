import type { z } from 'zod';
import { Refusal } from '../platform/errors.ts';

/** Where the next page begins, as text for a query string. */
export const writeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** Reads what {@link writeCursor} wrote. Throws 400 `invalidBody` for anything else. */
export function readCursor<T extends z.ZodType>(cursor: string, position: T): z.output<T> {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new Refusal(400, 'invalidBody', `cursor: not one of ours (${cause instanceof Error ? cause.name : 'unreadable'})`, { field: 'cursor' });
  }
}

/** Cuts the row that was read beyond the limit, which only says that there are more. */
export function toPage<T>(rows: readonly T[], limit: number, positionOf: (row: T) => unknown): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null };
}
