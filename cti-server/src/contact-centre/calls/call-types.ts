import type { CallOutcome, FlowCallerFacts, FlowPosition } from '../../contracts/index.ts';
import type { LegEndCause, LegId, Prompt, RoomId } from '../../telephony/port.ts';

/*
 * One conversation with a customer, from the first ring to the end. Pure: `nextCall(call, event, queue)` answers with the new call, what
 * to write into the ledger and what to do. A late, repeated or impossible event changes nothing.
 *
 *   inbound                                                   outbound, internal
 *   arriving ──answered──► inFlow, greeting ──► waiting ◄──┐   dialling (the agent's device, then the number)
 *      │                                        │  ▲      │      │        │ busy, no answer, refused, unreachable, given up
 *      │ number not in service         assigned │  │ offer missed, refused│
 *      ▼                                        ▼  │      │      │        ▼
 *   refusing ◄── waited too long ──          ringing      │      │      ended
 *      │                                        │         │      │ customer answered
 *      │                  agent's leg answered  ▼         │      ▼
 *      │      parked ◄──► held ◄──────► talking ◄─────────┼──────┘
 *      │         (a second call meanwhile)  ▲ │  ▲        │ agent lost for good, transfer failed
 *      │                                    │ │  └─► rejoining (browser reloaded, another tab took over)
 *      │               the new agent answers│ │ blind transfer
 *      │                               transferring ──the outside number answers──► onward (no agent is left)
 *      ▼                                                                              │
 *    ended ◄──────────── customer or agent hangs up, from anywhere ◄──────────────────┘
 *
 * Beside talking and held there may be a third party, `consult`: see transfer-moves.ts.
 *
 * The customer's leg belongs to the server and is never tied to an agent's: losing the agent's browser ends nothing.
 */
export type CallStatus =
  | { state: 'arriving' }
  | { state: 'greeting'; playbackId: string; giveUpAtMs: number }
  /** Led by a call flow; where in it stands in `Call.flow`. */
  | { state: 'inFlow' }
  /** Asked to be called back; the place is just being written down. */
  | { state: 'leavingPlace'; queueId: string; giveUpAtMs: number }
  /** Says something to the queue: first hears what to do (`playbackId`), then is recorded. */
  | { state: 'voicemail'; queueId: string; playbackId: string | null; recordingId: string; giveUpAtMs: number }
  /** `lookAgainAtMs`: whether the call still belongs in this queue may change then. */
  | { state: 'waiting'; announceAtMs: number | null; playbackId: string | null; announcements: number; lookAgainAtMs?: number | null }
  | { state: 'ringing'; agentId: string; legId: LegId; device: Device; giveUpAtMs: number; playbackId: string | null }
  /** `legId` is the agent's, null while the device is away. `calling`: the number is being called; `ringingSinceMs` once it rings. */
  | { state: 'dialling'; agentId: string; legId: LegId | null; device: Device; calling: boolean; ringingSinceMs: number | null; toneId: string | null; giveUpAtMs: number }
  /** We call somebody back who kept their place in a queue: the customer first, then they wait at its head. */
  | { state: 'callingBack'; giveUpAtMs: number }
  | { state: 'talking'; agentId: string; legId: LegId; device: Device }
  | { state: 'held'; agentId: string; legId: LegId; device: Device; sinceMs: number }
  /** On hold without an agent's leg: the agent is in another call and comes back. */
  | { state: 'parked'; agentId: string; device: Device; sinceMs: number }
  /** `legId` is the new leg that is being placed; null while nobody came back yet. */
  | { state: 'rejoining'; agentId: string; legId: LegId | null; device: Device; giveUpAtMs: number; wasHeld: boolean }
  /** The customer hears music while the next party rings; `queueId` is where they go when nobody answers. */
  | { state: 'transferring'; target: TransferTarget; legId: LegId; giveUpAtMs: number; fromAgentId: string | null }
  | { state: 'onward'; legId: LegId; number: string; sinceMs: number }
  | { state: 'refusing'; reason: Refusal; playbackId: string; giveUpAtMs: number }
  | { state: 'ended' };

/** What a caller is told before the call ends. */
export type Refusal = 'notInService' | 'closedNow' | 'callLater' | 'weCallBack';

export type Device = 'browser' | 'deskPhone';
export type EndedBy = 'customer' | 'agent' | 'system';
export type CallDirection = 'inbound' | 'outbound' | 'internal';

/** Whom a leg is placed to: a colleague at their device, or a number outside, with the number it is shown. */
export type TransferTarget = { kind: 'agent'; agentId: string; device: Device; endpoint: string } | { kind: 'number'; number: string; callerNumber: string };

/**
 * The third party that the agent of the call has brought in.
 *   queued   waits for an agent of a queue          ringing   is being called
 *   private  talks with the agent, the customer hears music
 *   aside    hears music, the agent talks with the customer
 *   joined   all three talk
 */
export type Consult = { sinceMs: number } & (
  | { state: 'queued'; queueId: string }
  | { state: 'ringing'; target: TransferTarget; legId: LegId; toneId: string; giveUpAtMs: number; queueId: string | null }
  | { state: 'private' | 'aside' | 'joined'; target: TransferTarget; legId: LegId }
);

export interface Call {
  id: string;
  version: number;
  lineId: string;
  direction: CallDirection;
  /** The leg of the customer; of an internal call that of the colleague who is called. */
  customerLegId: LegId;
  roomId: RoomId;
  /** The customer's number in each direction. */
  fromRaw: string;
  fromName: string;
  fromE164: string | null;
  country: string | null;
  /** Our own number: the one that was dialled, or the one that is shown to the customer. */
  dialledNumber: string;
  queueId: string | null;
  customerId: string | null;
  /** The colleague who is called, in an internal call. */
  peer: { agentId: string; endpoint: string } | null;
  /** A room was made for it, which has to go again. */
  hasRoom: boolean;
  /** The callback that this call keeps. */
  callbackId: string | null;
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
  consult: Consult | null;
  /** Where the call stands in its call flow, or at which step the flow gave it to somebody; null when no flow leads it. */
  flow: FlowPosition | null;
  /** Points on top of its queue's, of the number dialled and of what the flow gave. */
  priorityBonus: number;
  /** Queues that it flowed out of: it is not sent back to them. */
  visitedQueueIds: readonly string[];
  status: CallStatus;
}

/** What the machine must know of the queue. */
export interface QueueRules {
  voicemailMaxSeconds?: number;
  voicemailSilenceSeconds?: number;
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
  | { kind: 'routed'; queueId: string | null; flowId?: string | null; priorityBonus?: number }
  /** First event of a call that an agent makes: to a number, or to a colleague. */
  | { kind: 'dialled'; agentId: string; device: Device; endpoint: string; queueId: string | null; park: string | null; peer: { agentId: string; endpoint: string } | null }
  /** First event of a call to somebody who kept their place, made before an agent is asked. */
  | { kind: 'calledBack'; queueId: string }
  | { kind: 'customerRecognised'; customerId: string | null }
  | { kind: 'agentAssigned'; agentId: string; device: Device; endpoint: string }
  | { kind: 'legRinging'; legId: LegId }
  | { kind: 'legAnswered'; legId: LegId }
  | { kind: 'legEnded'; legId: LegId; cause: LegEndCause; reason?: string }
  /** `completed` is false when it was cut short: by the end of the leg, by us, or because the switch could not play it. */
  | { kind: 'playbackEnded'; playbackId: string; completed?: boolean }
  | { kind: 'digitPressed'; legId: LegId; digit: string }
  /** What the CRM knows of the caller, as the flow asked. */
  | { kind: 'lookedUp'; caller: FlowCallerFacts }
  | { kind: 'recordingEnded'; recordingId: string; seconds: number; reason: 'finished' | 'stopped' | 'failed' }
  | { kind: 'placeKept' }
  | { kind: 'placeRefused' }
  | { kind: 'agentRefused'; agentId: string }
  | { kind: 'agentHungUp'; agentId: string }
  | { kind: 'agentHeld'; agentId: string }
  | { kind: 'agentResumed'; agentId: string }
  /** The agent's device asks for the sound of its call: after a reload, or taken over by another tab. */
  | { kind: 'agentRejoins'; agentId: string; device: Device; endpoint: string }
  /** The agent takes another call meanwhile: `agentRejoins` brings them back. */
  | { kind: 'agentParked'; agentId: string }
  /** The agent of a parked call is not coming back. */
  | { kind: 'agentGone'; agentId: string }
  | { kind: 'transferred'; agentId: string; to: TransferTarget | { kind: 'queue'; queueId: string }; fallbackQueueId: string | null }
  | { kind: 'consultStarted'; agentId: string; to: TransferTarget | { kind: 'queue'; queueId: string } }
  /** An agent of the queue that is consulted is free. */
  | { kind: 'consultAssigned'; to: TransferTarget }
  | { kind: 'consultCancelled'; agentId: string }
  | { kind: 'consultSwapped'; agentId: string }
  | { kind: 'consultJoined'; agentId: string }
  /** The agent leaves, customer and third party go on. */
  | { kind: 'consultCompleted'; agentId: string; fallbackQueueId: string | null }
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
  | 'flowSteps'
  | 'callDiverted'
  | 'voicemailBegan'
  | 'voicemailLeft'
  | 'placeKept'
  | 'callDialled'
  | 'customerRings'
  | 'customerAnswered'
  | 'dialFailed'
  | 'callParked'
  | 'consultStarted'
  | 'consultAnswered'
  | 'consultSwapped'
  | 'consultJoined'
  | 'consultEnded'
  | 'callTransferred'
  | 'transferAnswered'
  | 'transferFailed'
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
  | { kind: 'playRefusal'; playbackId: string; reason: Refusal }
  | { kind: 'playPrompts'; playbackId: string; prompts: readonly Prompt[] }
  /** Answer with `lookedUp`. */
  | { kind: 'lookUpCaller' }
  | { kind: 'record'; recordingId: string; maxSeconds: number; silenceSeconds: number }
  | { kind: 'stopRecording'; recordingId: string }
  /** Answer with `placeKept` or `placeRefused`. */
  | { kind: 'keepPlace'; queueId: string }
  /** What somebody hears who calls and waits for the answer. */
  | { kind: 'playRinging'; playbackId: string; legId: LegId }
  | { kind: 'stopPlaying'; playbackId: string }
  | { kind: 'startMusic'; legId: LegId }
  | { kind: 'stopMusic'; legId: LegId }
  | { kind: 'createRoom' }
  | { kind: 'join'; legIds: LegId[] }
  | { kind: 'leave'; legId: LegId }
  | { kind: 'destroyRoom' }
  | { kind: 'placeAgentLeg'; legId: LegId; agentId: string; endpoint: string; autoAnswer: boolean; ringTimeoutSeconds: number }
  | { kind: 'placeNumberLeg'; legId: LegId; number: string; callerNumber: string; ringTimeoutSeconds: number }
  | { kind: 'hangUp'; legId: LegId };

/** What the same move means for the agent. */
export type AgentConsequence = { agentId: string } & (
  | { kind: 'offered'; ringsUntilMs: number }
  | { kind: 'offerWithdrawn' }
  | { kind: 'offerMissed' }
  | { kind: 'answered' }
  /** Has begun a call; `park` is the call that waits meanwhile. */
  | { kind: 'dialled'; park: string | null }
  /** `back`: a call that waits parked comes first. */
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
/** The agent's own device picks up by itself; one that does not in this time is not there. */
export const ownDeviceSeconds = 15;
/** How long a number outside is let ring. Carriers give up by themselves after 60 to 120 s. */
export const numberRingSeconds = 60;
/** How long a colleague is let ring. */
export const colleagueRingSeconds = 30;
/** Before this, a short wait is not talked into. */
export const firstAnnouncementMs = 6_000;

export interface NewCall {
  id: string;
  lineId: string;
  customerLegId: LegId;
  direction?: CallDirection;
  fromRaw: string;
  fromName: string;
  fromE164: string | null;
  country: string | null;
  dialledNumber: string;
  customerId?: string | null;
  callbackId?: string | null;
  startedAtMs: number;
  answeredLeg: boolean;
}

export const newCall = (facts: NewCall): Call => withDefaults({
  ...facts,
  version: 0,
  roomId: `room-${facts.id}`,
  queueId: null,
  customerId: facts.customerId ?? null,
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

type LaterFields = 'direction' | 'peer' | 'hasRoom' | 'callbackId' | 'consult' | 'flow' | 'priorityBonus' | 'visitedQueueIds';

/** A call as it was saved, by this version or an earlier one that knew fewer fields. */
export const withDefaults = (call: Omit<Call, LaterFields> & Partial<Pick<Call, LaterFields>>): Call => ({
  direction: 'inbound',
  peer: null,
  hasRoom: call.offeredAtMs !== null,
  callbackId: null,
  consult: null,
  flow: null,
  priorityBonus: 0,
  visitedQueueIds: [],
  ...call,
});

/** Names of all legs that the call holds at this moment. */
export function legsOf(call: Call): LegId[] {
  const legIds = [call.customerLegId];
  if ('legId' in call.status && call.status.legId !== null) legIds.push(call.status.legId);
  if (call.consult !== null && 'legId' in call.consult) legIds.push(call.consult.legId);
  return legIds;
}

/** The agents who take part in the call at this moment, or are being rung for it. */
export function participantsOf(call: Call): string[] {
  const agentIds = [call.agentId, call.peer?.agentId ?? null];
  if ('agentId' in call.status) agentIds.push(call.status.agentId);
  if (call.status.state === 'transferring' && call.status.target.kind === 'agent') agentIds.push(call.status.target.agentId);
  if (call.consult !== null && 'target' in call.consult && call.consult.target.kind === 'agent') agentIds.push(call.consult.target.agentId);
  return [...new Set(agentIds.filter((id) => id !== null))];
}

/** The leg over which this agent takes part; null when they have none just now. */
export function legOfAgent(call: Call, agentId: string): LegId | null {
  const { status, consult } = call;
  if ('agentId' in status && status.agentId === agentId) return 'legId' in status ? status.legId : null;
  if (status.state === 'transferring' && status.target.kind === 'agent' && status.target.agentId === agentId) return status.legId;
  if (consult !== null && 'target' in consult && consult.target.kind === 'agent' && consult.target.agentId === agentId) return consult.legId;
  return call.peer?.agentId === agentId ? call.customerLegId : null;
}
