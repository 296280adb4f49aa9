import { z } from 'zod';
import { id, instant, pageQuery, text } from './basics.ts';

/** `new`: nobody has heard it; `open`: heard or taken, not done; `done`. */
export const voicemailStates = ['new', 'open', 'done'] as const;
export const voicemailState = z.enum(voicemailStates);
export type VoicemailState = z.infer<typeof voicemailState>;

const person = z.object({ id, name: z.string() });
export const voicemail = z.object({
  id,
  callId: id,
  queue: person,
  from: z.object({ raw: z.string(), e164: z.string().nullable(), country: z.string().nullable() }),
  customer: person.nullable(),
  recordedAt: instant,
  seconds: z.int(),
  /** `atSwitch`: not fetched yet; `kept`: it can be heard; `lost`: the switch has it no longer. */
  sound: z.enum(['atSwitch', 'kept', 'lost']),
  state: voicemailState,
  heardBy: person.nullable(),
  heardAt: instant.nullable(),
  assignee: person.nullable(),
  transcript: z.string(),
  note: z.string(),
  version: z.int(),
});
export type Voicemail = z.infer<typeof voicemail>;

export const voicemailQuery = pageQuery.extend({ state: voicemailState.optional(), queueId: id.optional(), customerId: id.optional() });
/** What is left out stays. */
export const voicemailChange = z.strictObject({
  state: z.enum(['open', 'done']).optional(),
  assigneeId: id.nullable().optional(),
  customerId: id.nullable().optional(),
  transcript: text(20_000).optional(),
  note: text(5_000).optional(),
  version: z.int().min(0),
});
export type VoicemailChange = z.infer<typeof voicemailChange>;
/** How many lie in each of one's queues. */
export const voicemailCounts = z.object({ queues: z.array(person.extend({ new: z.int(), open: z.int() })) });
export type VoicemailCounts = z.infer<typeof voicemailCounts>;
