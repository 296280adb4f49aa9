import type { Agent, AgentEvent } from '../agents/index.ts';
import type { Call, LedgerEntry } from '../calls/index.ts';

/** One agent's part of a move: from which version, to what. */
export interface AgentMove {
  before: Agent;
  after: Agent;
  cause: AgentEvent['kind'];
}

/** What happens together and is saved together, or not at all. */
export interface Move {
  id: string;
  atMs: number;
  call: { before: number; after: Call } | null;
  agents: readonly AgentMove[];
  ledger: readonly LedgerEntry[];
  wrapUp: { callId: string; agentId: string; queueId: string | null; startedAtMs: number } | null;
}

/** `callConflict`/`agentConflict`: somebody else moved it first; nothing was saved. */
export type MoveResult = 'ok' | 'callConflict' | 'agentConflict';
