import { z } from 'zod';
import { id, instant } from './basics.ts';
import { pickOption, recordField } from './record-fields.ts';
import { record, recordQuery, recordType } from './records.ts';

/**
 * A list that is only read, such as the calls, as the console draws it: what a record type says of its list, and how it can be ordered.
 * What may be done with its lines are other routes' business.
 */
export const listDescription = recordType.extend({
  /** What can be picked may be a name of the product's own, with dots and all. */
  fields: z.array(recordField.extend({ options: z.array(pickOption.extend({ value: z.string() })) })),
  /** The search box finds something in it. */
  searchable: z.boolean(),
  /** Fields by which it can be ordered. */
  sortable: z.array(z.string()),
  /** Fields by which it can be narrowed. */
  filterable: z.array(z.string()),
  /** How it is ordered when nobody says otherwise. */
  order: z.string(),
});
export type ListDescription = z.infer<typeof listDescription>;

/** A line of a list looks like a record that nobody may change. */
export const listLine = record.extend({ id: z.string() });
export type ListLine = z.infer<typeof listLine>;
export const listQuery = recordQuery.omit({ state: true });
export type ListQuery = z.output<typeof listQuery>;

/** One call with all that is known of it, for whoever may see it in the list of calls. */
export const callStory = z.object({
  call: listLine,
  /** The ledger, in order. Names are those of now. */
  events: z.array(
    z.object({
      seq: z.int(),
      at: instant,
      kind: z.string(),
      queueName: z.string().nullable(),
      agentName: z.string().nullable(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  wrapUps: z.array(z.object({ agentId: id, agentName: z.string(), startedAt: instant, completedAt: instant.nullable(), dispositionName: z.string().nullable(), notes: z.string() })),
  /** Tickets that were opened from this call. */
  tickets: z.array(z.object({ id, number: z.int(), subject: z.string(), status: z.string() })),
  /** A later call with this number that was answered: nobody needs to call back. */
  returnedBy: z.object({ id, at: instant, agentName: z.string().nullable() }).nullable(),
});
export type CallStory = z.infer<typeof callStory>;
