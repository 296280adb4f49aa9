import type { CallOutcome } from '../../contracts/index.ts';
import type { LegEndCause, LegId, RoomId } from '../../telephony/port.ts';

/*
 * One conversation with a customer, from the first ring to the end. Pure: `nextCall(call, event, queue)` answers with the new call, what
 * to write into the ledger and what to do. A late, repeated or impossible event changes nothing.
 *
 *   arriving ──answered──► greeting ──heard──► waiting ◄──────────────── offer missed, refused
 *      │                                        │  ▲                          ▲
 *      │ number not in service         assigned │  └─ agent lost for good ─┐  │
 *      ▼                                        ▼                          │  │
 *   refusing ◄── waited too long ──          ringing ──────────────────────┼──┘
 *      │                                        │ agent's leg answered     │
 *      │                                        ▼                          │
 *      │                       held ◄──────► talking ◄──────► rejoining ───┘
 *      ▼                                        │                (browser reloaded, another tab took over)
 *    ended ◄──────────── customer or agent hangs up, from anywhere
 *
 * The customer's leg belongs to the server and is never tied to an agent's: losing the agent's browser ends nothing.
 */
export type CallStatus =
  | { state: 'arriving' }
  | { state: 'greeting'; playbackId: string; giveUpAtMs: number }
  | { state: 'waiting'; announceAtMs: number | null; playbackId: string | null; announcements: number }
  | { state: 'ringing'; agentId: string; legId: LegId; device: Device; giveUpAtMs: number; playbackId: string | null }
  | { state: 'talking'; agentId: string; legId: LegId; device: Device }
  | { state: 'held'; agentId: string; legId: LegId; device: Device; sinceMs: number }
  /** `legId` is the new leg that is being placed; null while nobody came back yet. */
  | { state: 'rejoining'; agentId: string; legId: LegId | null; device: Device; giveUpAtMs: number; wasHeld: boolean }
  | { state: 'refusing'; reason: 'notInService' | 'waitedTooLong'; playbackId: string; giveUpAtMs: number }
  | { state: 'ended' };

export type Device = 'browser' | 'deskPhone';
export type EndedBy = 'customer' | 'agent' | 'system';

export interface Call {
  id: string;
  version: number;
  lineId: string;
  customerLegId: LegId;
  roomId: RoomId;
  fromRaw: string;
  fromName: string;
  fromE164: string | null;
  country: string | null;
  dialledNumber: string;
  queueId: string | null;
  customerId: string | null;
  startedAtMs: number;
  /** Entered its queue; of the present entry when it went back. */
  queuedAtMs: number | null;
  offeredAtMs: number | null;
  answeredAtMs: number | null;
  endedAtMs: number | null;
  /** The agent who talked last, kept after the end. */
  agentId: string | null;
  outcome: CallOutcome | null;
  endedBy: EndedBy | null;
  /** Back at the head of the queue. */
  returned: boolean;
  /** Counts legs placed for this call: each gets its own name. */
  legCount: number;
  /** Last number used in the ledger. */
  lastSeq: number;
  /** Customer's leg is answered. */
  answeredLeg: boolean;
  status: CallStatus;
}

/** What the machine must know of the queue. */
export interface QueueRules {
  playGreeting: boolean;
  announcePosition: boolean;
  announceEverySeconds: number;
  ringTimeoutSeconds: number;
  maxWaitSeconds: number | null;
  shortAbandonSeconds: number;
  wrapUpSeconds: number | null;
}

export type CallEvent = { atMs: number } & (
  /** First event of every call: its number was looked up; null when no queue answers it. */
  | { kind: 'routed'; queueId: string | null }
  | { kind: 'customerRecognised'; customerId: string | null }
  | { kind: 'agentAssigned'; agentId: string; device: Device; endpoint: string }
  | { kind: 'legAnswered'; legId: LegId }
  | { kind: 'legEnded'; legId: LegId; cause: LegEndCause }
  /** `completed` is false when it was cut short: by the end of the leg, by us, or because the switch could not play it. */
  | { kind: 'playbackEnded'; playbackId: string; completed?: boolean }
  | { kind: 'agentRefused'; agentId: string }
  | { kind: 'agentHungUp'; agentId: string }
  | { kind: 'agentHeld'; agentId: string }
  | { kind: 'agentResumed'; agentId: string }
  /** The agent's device asks for the sound of its call: after a reload, or taken over by another tab. */
  | { kind: 'agentRejoins'; agentId: string; device: Device; endpoint: string }
  /** A supervisor freed the agent, or nobody can settle the call otherwise. */
  | { kind: 'released'; endedBy: EndedBy }
  | { kind: 'timePassed' }
  /** After a gap: what the switch really holds. */
  | { kind: 'compared'; aliveLegIds: ReadonlySet<LegId>; answeredLegIds: ReadonlySet<LegId>; roomLegIds: ReadonlySet<LegId> }
);

export type LedgerKind =
  | 'callArrived'
  | 'callQueued'
  | 'customerRecognised'
  | 'callOffered'
  | 'offerMissed'
  | 'offerRefused'
  /** The ringing ended while nobody listened, and why is not known: the agent did nothing wrong. */
  | 'offerLost'
  | 'agentAnswered'
  | 'callHeld'
  | 'callResumed'
  | 'agentLegLost'
  | 'agentRejoined'
  | 'agentLost'
  | 'callAbandoned'
  | 'callFlowedOut'
  | 'callNotInService'
  | 'callEnded'
  | 'wrapUpCompleted';

export interface LedgerEntry {
  seq: number;
  atMs: number;
  kind: LedgerKind;
  queueId: string | null;
  agentId: string | null;
  customerId: string | null;
  data: Record<string, unknown>;
}

/** What to do once the move is saved, in this order. */
export type CallEffect =
  | { kind: 'answer'; legId: LegId }
  | { kind: 'playGreeting'; playbackId: string }
  | { kind: 'playAnnouncement'; playbackId: string; first: boolean }
  | { kind: 'playRefusal'; playbackId: string; reason: 'notInService' | 'waitedTooLong' }
  | { kind: 'stopPlaying'; playbackId: string }
  | { kind: 'startMusic' }
  | { kind: 'stopMusic' }
  | { kind: 'createRoom' }
  | { kind: 'join'; legIds: LegId[] }
  | { kind: 'leaveRoom' }
  | { kind: 'destroyRoom' }
  | { kind: 'placeAgentLeg'; legId: LegId; agentId: string; endpoint: string; autoAnswer: boolean; ringTimeoutSeconds: number }
  | { kind: 'hangUp'; legId: LegId };

/** What the same move means for the agent. */
export type AgentConsequence = { agentId: string } & (
  | { kind: 'offered'; ringsUntilMs: number }
  | { kind: 'offerWithdrawn' }
  | { kind: 'offerMissed' }
  | { kind: 'answered' }
  | { kind: 'callEnded'; wrapUpEndsAtMs: number | null }
  | { kind: 'deviceLost' }
);

export interface CallStep {
  call: Call;
  ledger: LedgerEntry[];
  effects: CallEffect[];
  agents: AgentConsequence[];
  /** Notes and after-call work that this move opens. */
  wrapUp: { agentId: string; queueId: string | null; startedAtMs: number } | null;
}

/** How long a customer hears music while the agent's browser comes back. */
export const rejoinGraceMs = 20_000;
/** The switch gives up ringing by itself; this long after its time we no longer wait to be told. */
export const ringMarginMs = 3_000;
/** Nothing that we play lasts longer; a playback whose end is never told must not hold a caller. */
export const longestPromptMs = 30_000;
/** A greeting that breaks off is mostly a caller who hangs up; the news of it follows within this. */
export const brokenGreetingGraceMs = 400;
/** Before this, a short wait is not talked into. */
export const firstAnnouncementMs = 6_000;

export interface NewCall {
  id: string;
  lineId: string;
  customerLegId: LegId;
  fromRaw: string;
  fromName: string;
  fromE164: string | null;
  country: string | null;
  dialledNumber: string;
  startedAtMs: number;
  answeredLeg: boolean;
}

export const newCall = (facts: NewCall): Call => ({
  ...facts,
  version: 0,
  roomId: `room-${facts.id}`,
  queueId: null,
  customerId: null,
  queuedAtMs: null,
  offeredAtMs: null,
  answeredAtMs: null,
  endedAtMs: null,
  agentId: null,
  outcome: null,
  endedBy: null,
  returned: false,
  legCount: 0,
  lastSeq: 0,
  status: { state: 'arriving' },
});
