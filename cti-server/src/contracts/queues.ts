import { z } from 'zod';
import { agentStateName, agentView } from './agents.ts';
import { id, instant, line, locale, requiredLine } from './basics.ts';
import { queueRules } from './queue-settings.ts';

export const queueInput = z.strictObject({
  name: requiredLine(80),
  /** Higher goes first when an agent could take calls of several queues. */
  priority: z.int().min(0).max(100).default(50),
  language: locale.default('es'),
  /** Played whole before the call enters the queue. */
  playGreeting: z.boolean().default(true),
  announcePosition: z.boolean().default(true),
  announceEverySeconds: z.int().min(15).max(600).default(45),
  ringTimeoutSeconds: z.int().min(5).max(120).default(20),
  /** After this the call flows out with an announcement; null: waits for ever. */
  maxWaitSeconds: z.int().min(10).max(7200).nullable().default(null),
  /** Hung up sooner than this after entering: a short abandon. */
  shortAbandonSeconds: z.int().min(0).max(60).default(5),
  serviceLevelSeconds: z.int().min(1).max(600).default(20),
  /** Null: the agent ends wrap-up when it is done. 0: there is none. */
  wrapUpSeconds: z.int().min(0).max(3600).nullable().default(null),
  /** What an agent must have, at this level at least. */
  skills: z.array(z.strictObject({ skillId: id, minLevel: z.int().min(1).max(5) })).max(20).default([]),
  /** When the queue is open; null: always. */
  calendarId: id.nullable().default(null),
  /** Which of our numbers is shown when somebody is called on behalf of the queue; null: the house's own. */
  outboundNumberId: id.nullable().default(null),
  ...queueRules.shape,
  active: z.boolean().default(true),
});
export const queue = z.object({ id, ...queueInput.shape, version: z.int() });
export type Queue = z.infer<typeof queue>;

export const numberInput = z.strictObject({
  /** As the trunk delivers it, for instance +34910000001 or 900. */
  number: requiredLine(32).regex(/^\+?[0-9*#]{2,31}$/),
  label: line(80).default(''),
  queueId: id.nullable(),
  /** The call flow that answers; it goes before the queue. */
  flowId: id.nullable().default(null),
  /** Points on top of the queue's priority for those who dialled this number. */
  priorityBonus: z.int().min(-100).max(100).default(0),
  /** Which of our numbers is shown when somebody is called back from here; null: this one. */
  outboundNumberId: id.nullable().default(null),
  /** ISO 3166 alpha-2 of the country whose rules hold; null: the house's own. */
  country: z.string().regex(/^[A-Z]{2}$/).nullable().default(null),
  active: z.boolean().default(true),
});
export const number = z.object({ id, ...numberInput.shape, version: z.int() });
export type InboundNumber = z.infer<typeof number>;

/** One queue as the floor shows it now. Counts are folded from the ledger since midnight of the company's zone. */
export const queueView = z.object({
  id,
  name: z.string(),
  waiting: z.int(),
  /** When the call that waits longest entered; null when none waits. */
  longestWaitSince: instant.nullable(),
  agents: z.record(agentStateName, z.int()),
  today: z.object({
    offered: z.int(),
    answered: z.int(),
    answeredInTime: z.int(),
    abandoned: z.int(),
    shortAbandoned: z.int(),
    flowedOut: z.int(),
    waitMsOfAnswered: z.int(),
  }),
  serviceLevelSeconds: z.int(),
});
export type QueueView = z.infer<typeof queueView>;

/** What every agent sees of a queue they serve. */
export const queuePulse = queueView.pick({ id: true, name: true, waiting: true, longestWaitSince: true });
export type QueuePulse = z.infer<typeof queuePulse>;

export const floor = z.object({ queues: z.array(queueView), agents: z.array(agentView), at: instant });
export type Floor = z.infer<typeof floor>;
