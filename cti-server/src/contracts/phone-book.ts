import { z } from 'zod';
import { agentStateName } from './agents.ts';
import { id, line, pageQuery } from './basics.ts';

export const phoneBookKinds = ['colleague', 'shared', 'customer', 'contact'] as const;
export const phoneBookKind = z.enum(phoneBookKinds);
export type PhoneBookKind = z.infer<typeof phoneBookKind>;

export const phoneBookNumber = z.object({
  /** E.164, or an extension of the house. */
  number: z.string(),
  /** What kind of number, as of a customer's phone; `extension` for a colleague's. */
  kind: z.string(),
  label: z.string(),
  doNotCall: z.boolean(),
});
export const phoneBookEntry = z.object({
  kind: phoneBookKind,
  /** Of the user or the record. */
  id,
  name: z.string(),
  /** What tells two of the same name apart: a team, a company, a note. */
  about: z.string(),
  numbers: z.array(phoneBookNumber),
  /** The customer whom a call to it is with. */
  customerId: id.nullable(),
  /** A colleague's state; null for others, and for colleagues who take no calls. */
  state: agentStateName.nullable(),
});
export type PhoneBookEntry = z.infer<typeof phoneBookEntry>;
export const phoneBookQuery = pageQuery.extend({
  /** Left out: the best of each kind, on one page. */
  kind: phoneBookKind.optional(),
  search: line(100).optional(),
});
export const colleagueStatesQuery = z.object({ ids: z.string().max(8_000) });
/** States by user; who takes no calls is left out. */
export const colleagueStates = z.object({ states: z.record(z.string(), agentStateName) });
