import { z } from 'zod';
import { id, requiredLine } from './basics.ts';
import { customerTier, ticketKind, ticketPriority, ticketStatus } from './crm.ts';
import { labels } from './record-fields.ts';

/** The ways of a kind: for each status that it knows, where it may go from there. A status that is no key is not used by the kind. */
export const ticketFlow = z.partialRecord(ticketStatus, z.array(ticketStatus).max(5));
export type TicketFlow = z.infer<typeof ticketFlow>;

export const ticketKindRule = z.strictObject({
  /** Never changes: tickets keep it. */
  value: ticketKind,
  label: labels,
  /** Kept for the tickets that have it, and no longer chosen. */
  retired: z.boolean().default(false),
  /** The status of a new ticket that says none. */
  initial: ticketStatus.default('open'),
  flow: ticketFlow,
});
export type TicketKindRule = z.infer<typeof ticketKindRule>;

/** Who gets tickets of a sort. The first route that fits and has somebody who works here wins. An empty list fits everything. */
export const ticketRoute = z.strictObject({
  id,
  name: requiredLine(80),
  kinds: z.array(ticketKind).max(50).default([]),
  priorities: z.array(ticketPriority).max(4).default([]),
  /** Of the customer that the ticket is for. */
  tiers: z.array(customerTier).max(3).default([]),
  /** These, whoever is in one of these teams, and whoever has one of these skills of the contact centre. */
  userIds: z.array(id).max(500).default([]),
  teamIds: z.array(id).max(50).default([]),
  skillIds: z.array(id).max(50).default([]),
  how: z.enum(['inTurn', 'leastLoaded']).default('inTurn'),
});
export type TicketRoute = z.infer<typeof ticketRoute>;

export const ticketRulesInput = z.strictObject({
  kinds: z.array(ticketKindRule).min(1).max(50),
  routes: z.array(ticketRoute).max(50).default([]),
  /** A ticket that is opened for nobody goes where the routes say, at once. */
  assignAtOpening: z.boolean().default(false),
  version: z.int().min(0),
});
export const ticketRules = ticketRulesInput;
export type TicketRules = z.infer<typeof ticketRules>;
/** With the names of the people in the routes. */
export const ticketRulesAnswer = ticketRules.extend({ names: z.record(z.string(), z.string()) });
export type TicketRulesAnswer = z.infer<typeof ticketRulesAnswer>;

export const ticketAssignInput = z.strictObject({ /** Tickets that nobody has; left out, the oldest of them. */ ids: z.array(id).max(500).optional(), limit: z.int().min(1).max(500).default(100) });
/** `left`: stays nobody's, because no route fits, or nobody of it works here, or somebody has it already. */
export const ticketAssignAnswer = z.object({
  assigned: z.array(z.object({ id, assigneeId: id, assigneeName: z.string(), route: z.string() })),
  left: z.array(z.object({ id, reason: z.enum(['noRoute', 'nobodyFree', 'taken']) })),
});
export type TicketAssignAnswer = z.infer<typeof ticketAssignAnswer>;
