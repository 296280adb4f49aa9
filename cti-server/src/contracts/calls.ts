import { z } from 'zod';
import { id, instant, locale, pageQuery, requiredLine, text } from './basics.ts';
import { chosenState, agentState, agentStateName, device } from './agents.ts';
import { wrapUpMode } from './queue-settings.ts';
import { customerTier, ticketStatus, ticketPriority } from './crm.ts';

/** Who is calling, in the words of the number. */
export const callerNumber = z.object({
  /** As the line gave it; empty when withheld. */
  raw: z.string(),
  e164: z.string().nullable(),
  /** ISO 3166 alpha-2, when the number tells it. */
  country: z.string().nullable(),
});

export const popCustomer = z.object({
  id,
  name: z.string(),
  company: z.string().nullable(),
  tier: customerTier,
  email: z.string().nullable(),
  city: z.string().nullable(),
  notes: z.string(),
  /** Whose number it is at this customer, where it is a contact's. */
  contact: z.object({ id, name: z.string(), jobTitle: z.string().nullable() }).optional(),
  /** Why somebody is offered for a number that nobody has: one of the same switchboard, or the same digits with another beginning. */
  why: z.object({ reason: z.enum(['sameSwitchboard', 'sameEnding']), number: z.string() }).optional(),
});

/** The customer at a glance; only when it is certain who it is. */
export const popPortrait = z.object({
  since: instant,
  /** The last time that somebody talked with them, before this call. */
  lastContactAt: instant.nullable(),
  tags: z.array(z.string()),
  ownerName: z.string().nullable(),
  language: z.string().nullable(),
  /** The customer, or the number that calls, must not be called back. */
  doNotCall: z.boolean(),
  doNotCallReason: z.string(),
  /** All of them, also those that are not listed. */
  openTickets: z.int(),
});
export const popLead = z.object({ id, name: z.string(), company: z.string().nullable(), stage: z.string() });

/** Everything the screen shows when it rings; it needs no further request. */
export const screenPop = z.object({
  number: callerNumber,
  /** `one`: certain; `several`: the agent picks from `candidates`; `none`: unknown number, `candidates` are who it may be, each with `why`. */
  match: z.enum(['one', 'several', 'none']),
  customer: popCustomer.nullable(),
  candidates: z.array(popCustomer).max(10),
  openTickets: z.array(
    z.object({ id, number: z.int(), subject: z.string(), status: ticketStatus, priority: ticketPriority, openedAt: instant }),
  ),
  lastContacts: z.array(z.object({ at: instant, kind: z.string(), summary: z.string(), agentName: z.string().nullable() })),
  portrait: popPortrait.nullable().optional(),
  /** Open leads with this number; left out when there is none. */
  leads: z.array(popLead).optional(),
});
export type ScreenPop = z.infer<typeof screenPop>;

export const callStateName = z.enum([
  ...(['arriving', 'inFlow', 'greeting', 'leavingPlace', 'voicemail', 'waiting', 'ringing', 'dialling', 'callingBack', 'talking', 'held', 'parked', 'rejoining', 'transferring', 'onward', 'refusing', 'ended'] as const),
]);
export type CallStateName = z.infer<typeof callStateName>;
export const callOutcome = z.enum([
  ...(['answered', 'abandoned', 'shortAbandoned', 'flowedOut', 'abandonedBeforeQueue', 'notInService', 'servedByFlow', 'voicemail', 'callbackTaken'] as const),
  // of calls that we make
  ...(['busy', 'noAnswer', 'rejected', 'unreachable', 'failed', 'cancelled'] as const),
]);
export type CallOutcome = z.infer<typeof callOutcome>;

export const callDirection = z.enum(['inbound', 'outbound', 'internal']);

/** The third party that the agent of the call has brought in. */
export const consultView = z.object({
  /** `queued`, `ringing`; `private`: talks with the agent; `aside`: hears music; `joined`: all three talk. */
  state: z.enum(['queued', 'ringing', 'private', 'aside', 'joined']),
  agentId: id.nullable(),
  number: z.string().nullable(),
  queueId: id.nullable(),
  /** Name of the colleague or queue; empty for a number. */
  name: z.string(),
  since: instant,
});
export type ConsultView = z.infer<typeof consultView>;

export const callView = z.object({
  id,
  direction: callDirection,
  state: callStateName,
  outcome: callOutcome.nullable(),
  endedBy: z.enum(['customer', 'agent', 'system']).nullable(),
  queue: z.object({ id, name: z.string() }).nullable(),
  /** Our own number: the one dialled, or the one shown to who is called. */
  dialledNumber: z.string(),
  /** The customer's number in each direction. */
  from: callerNumber,
  /** The colleague of an internal call. */
  peer: z.object({ agentId: id, name: z.string() }).nullable(),
  consult: consultView.nullable(),
  /** A call that we make: the number rings since. */
  ringingSince: instant.nullable(),
  customerId: id.nullable(),
  customerName: z.string().nullable(),
  agentId: id.nullable(),
  agentName: z.string().nullable(),
  startedAt: instant,
  queuedAt: instant.nullable(),
  offeredAt: instant.nullable(),
  answeredAt: instant.nullable(),
  heldSince: instant.nullable(),
  endedAt: instant.nullable(),
  version: z.int(),
});
export type CallView = z.infer<typeof callView>;

/** After-call work is kept by the server: a lost browser loses nothing. */
export const wrapUp = z.object({
  callId: id,
  queueId: id.nullable(),
  customerId: id.nullable(),
  customerName: z.string().nullable(),
  from: callerNumber,
  startedAt: instant,
  dispositionId: id.nullable(),
  notes: z.string(),
  completedAt: instant.nullable(),
  /** Counts up with every save, so that an older autosave never overwrites a newer one. */
  revision: z.int(),
});
export type WrapUp = z.infer<typeof wrapUp>;
export const wrapUpSave = z.strictObject({ dispositionId: id.nullable().optional(), notes: text(20_000).optional(), revision: z.int().min(0) });
/** Without a disposition only where the queue makes wrap-up optional. */
export const wrapUpComplete = z.strictObject({ dispositionId: id.nullable(), notes: text(20_000).optional() });

/** The agent's whole desk, sent whole with every change: the highest sequence is the truth. */
export const desk = z.object({
  agent: z.object({
    id,
    name: z.string(),
    status: agentState,
    nextState: chosenState.nullable(),
    device,
    deviceTabId: z.string().nullable(),
    deskPhoneExtension: z.string().nullable(),
    reachable: z.boolean(),
    version: z.int(),
  }),
  /** The call that rings, talks or is held, or that was just missed or ended and is being wrapped up. */
  call: callView.nullable(),
  pop: screenPop.nullable(),
  wrapUp: wrapUp.nullable(),
  /** What the agent is in `call`: its agent, whom its agent consults, or the colleague who is called. */
  role: z.enum(['agent', 'consulted', 'colleague']),
  /** Calls on hold meanwhile, the newest last. */
  parked: z.array(callView),
  /** How wrap-up goes for the present call; more time can be asked for `moreTime` times. */
  wrapUpRules: z.object({ mode: wrapUpMode, moreTimes: z.int() }),
  /** Wrap-ups left open by an earlier shift or a crash, oldest first. */
  pendingWrapUps: z.array(wrapUp),
  queues: z.array(z.object({ id, name: z.string() })),
});
export type Desk = z.infer<typeof desk>;

export const callQuery = pageQuery.extend({
  customerId: id.optional(),
  queueId: id.optional(),
  agentId: id.optional(),
  outcome: callOutcome.optional(),
  direction: callDirection.optional(),
  search: z.string().max(100).optional(),
});
/** A call to make. The id is chosen by who asks, a UUID of version 7: asked twice, it is still one call. */
export const dialInput = z
  .strictObject({
    id: z.uuidv7(),
    /** As typed; brought into E.164 by the server. */
    number: requiredLine(40).optional(),
    /** A colleague instead. */
    agentId: id.optional(),
    customerId: id.optional(),
    callbackId: id.optional(),
    /** On whose behalf: its rules for after-call work hold, and its number is shown. */
    queueId: id.optional(),
    /** Which of our numbers is shown; without it the queue's, else the first. */
    callerNumberId: id.optional(),
  })
  .refine((input) => (input.number === undefined) !== (input.agentId === undefined), { message: 'either a number or a colleague', path: ['number'] });
export type DialInput = z.infer<typeof dialInput>;

/** Where a call is handed on to, or who is asked first. */
export const transferTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent'), agentId: id }),
  z.strictObject({ kind: z.literal('queue'), queueId: id }),
  z.strictObject({ kind: z.literal('number'), number: requiredLine(40) }),
]);
export type TransferTargetInput = z.infer<typeof transferTarget>;

/** Whom one may call or hand a customer on to, and who of them is free at this moment. */
export const callTargets = z.object({
  agents: z.array(
    z.object({ id, name: z.string(), extension: z.string().nullable(), state: agentStateName, since: instant, free: z.boolean() }),
  ),
  queues: z.array(z.object({ id, name: z.string(), waiting: z.int(), freeAgents: z.int() })),
  /** Our numbers that may be shown; the first is the default. */
  callerNumbers: z.array(z.object({ id, number: z.string(), label: z.string() })),
});
export type CallTargets = z.infer<typeof callTargets>;
export const callTargetsQuery = z.object({ search: z.string().max(100).optional() });

export const linkCustomer = z.strictObject({ customerId: id });
export const ringMe = z.strictObject({ customerId: id.optional(), language: locale.optional() });
