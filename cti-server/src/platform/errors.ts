/**
 * A refusal that a person can act on. `code` is stable and worded by the console; `message` is for the log of whoever calls the API.
 * Everything else that is thrown is a defect and answers 500 without details.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  constructor(status: number, code: string, message: string, more: { field?: string; details?: Record<string, unknown> } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = more.field;
    this.details = more.details;
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, 'notFound', `There is no such ${what}.`);
export const forbidden = (what: string): Refusal => new Refusal(403, 'forbidden', `Your role does not allow this: ${what}.`);
export const changedMeanwhile = (current: unknown): Refusal =>
  new Refusal(409, 'changedMeanwhile', 'Somebody else changed this record meanwhile.', { details: { current } });
export const alreadyExists = (field: string, message: string): Refusal => new Refusal(409, 'alreadyExists', message, { field });
export const inUse = (message: string): Refusal => new Refusal(409, 'inUse', message);
export const wrongState = (message: string): Refusal => new Refusal(409, 'wrongState', message);

/** Postgres' code for a broken unique rule, with the constraint's name; undefined for any other error. */
export function brokenUnique(error: unknown): string | undefined {
  return constraintOf(error, '23505');
}
/** Postgres' code for a broken foreign key, with the constraint's name; undefined for any other error. */
export function brokenForeignKey(error: unknown): string | undefined {
  return constraintOf(error, '23503');
}
function constraintOf(error: unknown, code: string): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && at.code === code) return 'constraint' in at && typeof at.constraint === 'string' ? at.constraint : '';
  }
  return undefined;
}
