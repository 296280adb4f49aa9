import type { z } from 'zod';
import type { Page } from '../contracts/index.ts';
import { wrongField } from './refusals.ts';

/** Where the next page begins, as text for a query string. */
export const writeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** Reads what {@link writeCursor} wrote; undefined stays undefined. Throws 400 `invalidBody` with the field `cursor` for anything else. */
export function readCursor<T extends z.ZodType>(cursor: string | undefined, position: T): z.output<T> | undefined {
  if (cursor === undefined) return undefined;
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw wrongField('cursor', 'not one of ours');
  }
}

/** Cuts the row that was read beyond the limit, which only says that there are more. */
export function toPage<T>(rows: readonly T[], limit: number, positionOf: (row: T) => unknown): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? writeCursor(positionOf(last)) : null };
}
