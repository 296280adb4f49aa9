import { z } from 'zod';

/** An instant in UTC, ISO 8601 with milliseconds and `Z`. */
export const instant = z.iso.datetime();
export const id = z.uuid();
export const locale = z.enum(['es', 'en', 'zh-CN', 'zh-TW']);
export type Locale = z.infer<typeof locale>;

/** A telephone number as E.164, with its plus sign. */
export const e164 = z.string().regex(/^\+[1-9]\d{5,14}$/);

/** Half of a surrogate pair is no character: neither UTF-8 nor Postgres' jsonb can hold it. */
const wellFormed = () => z.string().overwrite((value) => value.toWellFormed());

/** A short text a person types: trimmed, without control characters. */
export const line = (max: number) =>
  wellFormed()
    .trim()
    .max(max)
    // eslint-disable-next-line no-control-regex -- control characters are exactly what must not come in
    .regex(/^[^\u0000-\u001f\u007f]*$/);
export const requiredLine = (max: number) => line(max).min(1);
/** A long text with line breaks. Without the character 0, which Postgres cannot hold. */
export const text = (max: number) =>
  wellFormed()
    .max(max)
    // eslint-disable-next-line no-control-regex -- the character 0 is exactly what must not come in
    .regex(/^[^\u0000]*$/);

/** The body of every error answer. `code` is stable, `message` is for a log, the console words it by `code`. */
export const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** Lists are read a page at a time; `nextCursor` is null on the last one. */
export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });
export const pageQuery = z.object({
  cursor: z.string().max(4_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
