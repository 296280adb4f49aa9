import { z } from 'zod';
import { e164, id } from './basics.ts';
import { callbackMode } from './callbacks.ts';

/** Where a call goes that does not wait in its queue, or no longer. */
export const waitingAction = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('queue'), queueId: id }),
  z.strictObject({ to: z.literal('flow'), flowId: id }),
  /** The voicemail of this queue. */
  z.strictObject({ to: z.literal('voicemail') }),
  z.strictObject({ to: z.literal('number'), number: e164 }),
  /** One of the recorded sentences, then the call ends. */
  z.strictObject({ to: z.literal('announcement'), announcement: z.enum(['closedNow', 'callLater']) }),
]);
export type WaitingAction = z.infer<typeof waitingAction>;

const closedNow: WaitingAction = { to: 'announcement', announcement: 'closedNow' };
const callLater: WaitingAction = { to: 'announcement', announcement: 'callLater' };

/** Longest idle; fewest answered calls since midnight; whose last offer is longest ago; or several at once, the first to answer has it. */
export const routingStrategy = z.enum(['longestIdle', 'fewestCalls', 'roundRobin', 'ringAll']);
export type RoutingStrategy = z.infer<typeof routingStrategy>;

/** From this wait on less is asked for. Of several that apply the one that asks for least counts. */
const skillStep = z.strictObject({
  afterSeconds: z.int().min(1).max(7200),
  /** Null: each skill of the queue. */
  skillId: id.nullable().default(null),
  /** By how much the level asked for is lower, but never below 1; null: the skill is no longer asked for. */
  lowerBy: z.int().min(1).max(4).nullable(),
});
export type SkillStep = z.infer<typeof skillStep>;

const points = z.int().min(-100).max(100);

/** What a queue does with its calls, beyond the basics. Every field has the default under which a queue does what it always did. */
export const queueRules = z.object({
  strategy: routingStrategy.default('longestIdle'),
  /** How many are rung at once when all are. */
  ringAllLimit: z.int().min(2).max(20).default(10),
  /** Of those who may take the call the better skilled go first, and the strategy decides among equals. */
  preferSkilled: z.boolean().default(true),
  skillSteps: z.array(skillStep).max(20).default([]),

  /** Points on top of the queue's priority for the caller's tier. */
  tierBonus: z.strictObject({ A: points, B: points, C: points }).default({ A: 0, B: 0, C: 0 }),
  /** Points for each minute of waiting. */
  waitPointsPerMinute: z.int().min(0).max(100).default(0),

  /** The agent of the customer's last answered call goes first when it was within so many days; 0: does not count. */
  lastAgentDays: z.int().min(0).max(365).default(0),
  /** Who owns the customer goes first, before the agent of the last call. */
  ownerFirst: z.boolean().default(false),
  /** How long a call waits for them alone, while they are at work; then anyone may have it. */
  preferredPatienceSeconds: z.int().min(0).max(600).default(30),

  /** So many calls may wait; one more is sent away on arrival. Null: any number. */
  maxLength: z.int().min(0).max(1000).nullable().default(null),
  whenFull: waitingAction.default(callLater),
  /** After the queue's longest wait. */
  afterMaxWait: waitingAction.default(callLater),
  /** Nobody who serves the queue is signed in for work; or nobody's device can be reached. */
  noAgentsWhen: z.enum(['never', 'noneLoggedIn', 'noneReachable']).default('never'),
  /** For so long nobody must have been there: a reload is no absence. */
  noAgentsAfterSeconds: z.int().min(0).max(3600).default(30),
  whenNoAgents: waitingAction.default(callLater),
  /** On arrival while the queue's calendar is closed. */
  afterHours: waitingAction.default(closedNow),
  /** For those who wait when it closes; null: they are still served. */
  atClosing: waitingAction.nullable().default(null),

  announceExpectedWait: z.boolean().default(false),

  /** Callers may hang up and keep their place; who is called first then. */
  callbackMode: callbackMode.default('off'),
  /** How long a voicemail may be, and after how much silence it ends; 0: silence does not end it. */
  voicemailMaxSeconds: z.int().min(10).max(600).default(120),
  voicemailSilenceSeconds: z.int().min(0).max(60).default(5),

  /** Agents may leave wrap-up at any time, also without a disposition. */
  wrapUpOptional: z.boolean().default(false),
  /** How often an agent may ask for more time, and how long each time is. */
  wrapUpMoreTimes: z.int().min(0).max(20).default(3),
  wrapUpMoreSeconds: z.int().min(10).max(1800).default(60),
});
export type QueueRuleSettings = z.infer<typeof queueRules>;

/**
 * How wrap-up goes in a queue. `none`: there is none. `optional`: left at any time, with or without a disposition. `timed`: ends by
 * itself, and what was not written stays to be done. `free`: ends when the agent completes it with a disposition.
 */
export const wrapUpMode = z.enum(['none', 'optional', 'timed', 'free']);
export type WrapUpMode = z.infer<typeof wrapUpMode>;
