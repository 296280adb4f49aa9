import { z } from 'zod';
import { id, instant, line, pageQuery, requiredLine } from './basics.ts';

export const device = z.enum(['browser', 'deskPhone']);

/** Where an agent stands. `since` is the server's instant; timers count from it. */
export const agentState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('offline'), since: instant }),
  z.object({ state: z.literal('ready'), since: instant }),
  z.object({ state: z.literal('notReady'), since: instant, reasonCodeId: id.nullable() }),
  z.object({ state: z.literal('ringing'), since: instant, callId: id, ringsUntil: instant }),
  z.object({ state: z.literal('onCall'), since: instant, callId: id }),
  z.object({ state: z.literal('wrapUp'), since: instant, callId: id, endsAt: instant.nullable() }),
  z.object({ state: z.literal('missed'), since: instant, callId: id }),
]);
export type AgentState = z.infer<typeof agentState>;
export const agentStateName = z.enum(['offline', 'ready', 'notReady', 'ringing', 'onCall', 'wrapUp', 'missed']);
export type AgentStateName = z.infer<typeof agentStateName>;

/** The state an agent asks for. During a call it is kept and applied after wrap-up. */
export const chosenState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ready') }),
  z.strictObject({ state: z.literal('notReady'), reasonCodeId: id }),
  z.strictObject({ state: z.literal('offline') }),
]);
export type ChosenState = z.infer<typeof chosenState>;

export const agentView = z.object({
  id,
  name: z.string(),
  teamIds: z.array(id),
  queueIds: z.array(id),
  status: agentState,
  nextState: chosenState.nullable(),
  device,
  /** False while the device has not answered a round trip of signalling lately: no calls are offered. */
  reachable: z.boolean(),
  version: z.int(),
});
export type AgentView = z.infer<typeof agentView>;

/** What an administrator sets for a user who takes calls. */
export const agentSettings = z.object({
  userId: id,
  name: z.string(),
  skills: z.array(z.object({ skillId: id, level: z.int().min(1).max(5) })),
  queueIds: z.array(id),
  deskPhone: z.object({ extension: z.string(), present: z.boolean() }).nullable(),
  version: z.int(),
});
export const agentSettingsInput = z.strictObject({
  skills: z.array(z.strictObject({ skillId: id, level: z.int().min(1).max(5) })).max(200),
  queueIds: z.array(id).max(500),
  version: z.int(),
});
export const agentSettingsQuery = pageQuery.extend({ search: line(100).optional() });
/** Shown once. `user` is the name the phone registers with, for instance `desk-101`. */
export const deskPhoneAccount = z.object({ extension: z.string(), user: z.string(), password: z.string(), sipServer: z.string() });

/** A SIP account made for one browser session and dropped with it. */
export const sipAccount = z.object({
  endpoint: z.string(),
  password: z.string(),
  domain: z.string(),
  /** Absolute `ws:`/`wss:`, or a path on the console's own origin. */
  webSocketUrl: z.string(),
  iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
});
export type SipAccount = z.infer<typeof sipAccount>;

/** Says which of the agent's devices and tabs has the microphone. The last claim wins; the others are told. */
export const claimDevice = z.strictObject({ device, tabId: requiredLine(60) });

export const reasonCode = z.object({ id, name: z.string(), active: z.boolean(), sortOrder: z.int(), version: z.int() });
export const reasonCodeInput = z.strictObject({ name: requiredLine(60), active: z.boolean().default(true), sortOrder: z.int().min(0).max(9999).default(0) });

/** What must be made before a call can be closed with the disposition. */
export const nextAction = z.enum(['none', 'ticket', 'callback', 'doNotCall']);
export type NextAction = z.infer<typeof nextAction>;

export const disposition = z.object({
  id,
  name: z.string(),
  active: z.boolean(),
  sortOrder: z.int(),
  /** Empty: offered for every queue. */
  queueIds: z.array(id),
  /** The group it belongs to; only dispositions without others under them can be chosen. */
  parentId: id.nullable(),
  nextAction,
  version: z.int(),
});
export type Disposition = z.infer<typeof disposition>;
export const dispositionInput = z.strictObject({
  name: requiredLine(60),
  active: z.boolean().default(true),
  sortOrder: z.int().min(0).max(9999).default(0),
  queueIds: z.array(id).max(500).default([]),
  parentId: id.nullable().default(null),
  nextAction: nextAction.default('none'),
});

export const skill = z.object({ id, name: z.string(), version: z.int() });
export const skillInput = z.strictObject({ name: requiredLine(60) });
