import { z } from 'zod';
import { errorBody, id } from '../contracts/index.ts';
import { brokenForeignKey, Refusal } from '../platform/errors.ts';

export const idParams = z.object({ id });
/** The answers of every route that may refuse. */
export const refusals = { '4xx': errorBody };

/** 400 for a field that only the server can judge, worded like those the schema finds. */
export const wrongField = (field: string, message: string): Refusal => new Refusal(400, 'invalidBody', `${field}: ${message}`, { field });

/** For routes that know a record's fields by their plain names: `fields.name` of the engine is `name` there. */
export function refusePlainly(error: unknown): never {
  if (!(error instanceof Refusal) || error.field?.startsWith('fields.') !== true) throw error;
  const plain = (text: string): string => text.replaceAll('fields.', '');
  throw new Refusal(error.status, error.code, plain(error.message), { field: plain(error.field), ...(error.details ? { details: error.details } : {}) });
}

/** A reference to a record that is not there becomes a 400 with the field; other errors stay what they are. */
export function refuseUnknownReference(error: unknown, fieldsOfConstraints: Readonly<Record<string, string>>): never {
  const constraint = brokenForeignKey(error);
  const field = constraint === undefined ? undefined : fieldsOfConstraints[constraint];
  throw field === undefined ? error : wrongField(field, 'there is no such record');
}
