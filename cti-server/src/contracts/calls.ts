import { z } from 'zod';
import { id, instant, locale, pageQuery, text } from './basics.ts';
import { chosenState, agentState, device } from './agents.ts';
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
});

/** Everything the screen shows when it rings; it needs no further request. */
export const screenPop = z.object({
  number: callerNumber,
  /** `one`: certain; `several`: the agent picks from `candidates`; `none`: unknown number. */
  match: z.enum(['one', 'several', 'none']),
  customer: popCustomer.nullable(),
  candidates: z.array(popCustomer).max(10),
  openTickets: z.array(
    z.object({ id, number: z.int(), subject: z.string(), status: ticketStatus, priority: ticketPriority, openedAt: instant }),
  ),
  lastContacts: z.array(z.object({ at: instant, kind: z.string(), summary: z.string(), agentName: z.string().nullable() })),
});
export type ScreenPop = z.infer<typeof screenPop>;

export const callStateName = z.enum(['arriving', 'greeting', 'waiting', 'ringing', 'talking', 'held', 'rejoining', 'refusing', 'ended']);
export type CallStateName = z.infer<typeof callStateName>;
export const callOutcome = z.enum(['answered', 'abandoned', 'shortAbandoned', 'flowedOut', 'abandonedBeforeQueue', 'notInService']);
export type CallOutcome = z.infer<typeof callOutcome>;

export const callView = z.object({
  id,
  direction: z.literal('inbound'),
  state: callStateName,
  outcome: callOutcome.nullable(),
  endedBy: z.enum(['customer', 'agent', 'system']).nullable(),
  queue: z.object({ id, name: z.string() }).nullable(),
  dialledNumber: z.string(),
  from: callerNumber,
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
export const wrapUpComplete = z.strictObject({ dispositionId: id, notes: text(20_000).optional() });

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
  search: z.string().max(100).optional(),
});
export const linkCustomer = z.strictObject({ customerId: id });
export const ringMe = z.strictObject({ customerId: id.optional(), language: locale.optional() });
