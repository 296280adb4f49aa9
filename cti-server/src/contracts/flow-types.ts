import type { FlowGraph, FlowPromptSlot, FlowSounds } from './flows.ts';

/*
 * Where a caller stands in a flow, and what happens there. All of it is plain JSON: a call keeps its position in the database, and a
 * server that comes up after a crash goes on from it.
 *
 *   playing ──end, key──► listening ──key, time──► (next node)
 *   lookingUp ──facts, time──► (the same node again, now knowing)
 *   left ──exitFailed──► (next node)         the queue, agent, number … has the call now
 *
 * Everything but `left` has a due time, so nothing that is lost can keep a caller for ever.
 */

/** A published version, or a draft that is being tried out (then without sounds). */
export interface RunningFlow {
  id: string;
  graph: FlowGraph;
  sounds: FlowSounds;
}

/** What the CRM knows of whoever calls. */
export interface FlowCallerFacts {
  /** The number belongs to one customer for certain. */
  isKnown: boolean;
  tier: 'A' | 'B' | 'C' | null;
  hasOpenTicket: boolean;
  /** The user who owns the customer record. */
  ownerId: string | null;
  /** They could take this call now. */
  isOwnerReady: boolean;
}

export interface FlowFacts {
  /** Begins the ids of all playbacks; another one for each entry into a flow. */
  playbackPrefix: string;
  /** E.164; null when withheld or unreadable. */
  number: string | null;
  /** ISO 3166 alpha-2. */
  country: string | null;
  dialledNumber: string;
  /** When somebody looked already; null: the flow asks with `lookUp` once it needs it. */
  caller: FlowCallerFacts | null;
}

/** What changes without the call: asked at the moment it matters. */
export interface FlowSurroundings {
  isOpen(calendarId: string, atMs: number): boolean;
}

export type FlowDoing =
  | { kind: 'playing'; playbackId: string; dueAtMs: number }
  | { kind: 'listening'; dueAtMs: number }
  | { kind: 'lookingUp'; dueAtMs: number }
  | { kind: 'left'; exit: FlowExit['kind'] };

export interface FlowPosition {
  versionId: string;
  nodeId: string;
  doing: FlowDoing;
  /** Nodes entered so far. */
  visits: number;
  /** Wrong or missing answers at this node. */
  tries: number;
  /** Typed so far at a node that collects digits. */
  digits: string;
  /** Keys pressed before anybody asked. */
  ahead: string;
  /** A key that means nothing until then. */
  ignored: { key: string; untilMs: number } | null;
  variables: Record<string, string>;
  facts: Omit<FlowFacts, 'playbackPrefix' | 'caller'>;
  caller: FlowCallerFacts | null;
  callerAtMs: number | null;
  playbackPrefix: string;
  playbacks: number;
}

export type FlowEvent =
  | { kind: 'playbackEnded'; playbackId: string; completed?: boolean }
  | { kind: 'digitPressed'; digit: string }
  | { kind: 'timePassed' }
  | { kind: 'lookedUp'; caller: FlowCallerFacts }
  /** The agent, number, callback or voicemail that the flow gave the call to could not take it. */
  | { kind: 'exitFailed'; reason: string }
  /** After a gap. */
  | { kind: 'compared' };

export type FlowEffect =
  /** `prompts` are telephony prompts; `nodeId` and `slots` say which texts of the flow they are. */
  | { kind: 'play'; playbackId: string; prompts: { kind: 'sound'; soundId: string }[]; nodeId: string; slots: FlowPromptSlot[] }
  | { kind: 'stopPlaying'; playbackId: string }
  /** Answer with `lookedUp`. */
  | { kind: 'lookUp' };

/** Where the call goes. It stays in the flow's hands (`exitFailed`) until it is there. */
export type FlowExit =
  | { kind: 'queue'; queueId: string; priorityBonus: number }
  | { kind: 'agent'; agentId: string; patienceSeconds: number }
  | { kind: 'number'; number: string; ringSeconds: number }
  | { kind: 'voicemail'; queueId: string; prompts: { kind: 'sound'; soundId: string }[] }
  /** The caller asked to be called back. */
  | { kind: 'callbackOffer'; queueId: string }
  | { kind: 'hangUp'; reason: 'asked' | 'broken' | 'tooManySteps' | 'exitFailed' };

/** What happened, for the ledger and the path tester. Keys of a secret input are dots. */
export type FlowTrailStep = { nodeId: string } & (
  | { what: 'entered' }
  | { what: 'pressed' | 'collected'; keys: string }
  | { what: 'wrong' | 'silent' | 'lookedUp' }
  | { what: 'wentOn'; port: string }
  | { what: 'exitFailed'; reason: string }
  | { what: 'left'; exit: FlowExit['kind'] }
);

export interface FlowStep {
  position: FlowPosition;
  /** To be done in this order, once the position is saved. */
  effects: FlowEffect[];
  exit: FlowExit | null;
  trail: FlowTrailStep[];
}

export const flowLimits = {
  /** More nodes than this in one call, and it is ended: nobody is led round for ever. */
  visits: 200,
  keysAhead: 40,
  /** Beyond the length of a sound, before its lost end is taken as come. */
  playbackMarginMs: 5_000,
  lookUpMs: 4_000,
  /** Who is ready changes quickly: older facts are asked for anew where that matters. */
  callerFactsMs: 10_000,
  needlessEndKeyMs: 2_000,
} as const;
