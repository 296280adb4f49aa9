import { z } from 'zod';
import { errorBody, id } from '../contracts/index.ts';

export const idParams = z.object({ id });
/** An answer without a body (204). */
export const nothing = z.null().describe('Done');
/** The answers of every route that may refuse. */
export const refusals = { '4xx': errorBody };
