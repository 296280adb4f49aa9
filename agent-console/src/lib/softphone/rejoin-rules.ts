import type { Desk } from '@centralita/cti-server/contracts';

export interface RejoinFacts {
  desk: Desk | null;
  tabId: string;
  /** This tab is the one that may hold the microphone. */
  hasMicrophone: boolean;
  registered: boolean;
  /** Calls that this browser hears, or that ring here right now. */
  hereCallIds: readonly string[];
  /** When this tab last lost its sound of the call, in ms; null when it never had it (a reload). */
  lostAtMs: number | null;
  lastAskedAtMs: number | null;
  asked: number;
  nowMs: number;
}

/** The end of a call and the news of it travel on two ways: a lost leg is a loss only when the desk still says so after this. */
export const lossMs = 1500;

/**
 * Whether to ask the server to ring this browser again, because the desk's call goes on and this tab does not hear it. Asked again with
 * growing pauses while it stays so.
 */
export function shouldRejoin(facts: RejoinFacts): boolean {
  const { desk, nowMs } = facts;
  if (desk === null || !facts.hasMicrophone || !facts.registered) return false;
  const { agent, call } = desk;
  if (agent.device !== 'browser' || agent.deviceTabId !== facts.tabId) return false;
  if (call === null || call.endedAt !== null || desk.role !== 'agent') return false;
  // before the number is called, the agent's leg is only just being placed
  if (!['talking', 'held', 'rejoining'].includes(call.state) && !(call.state === 'dialling' && call.ringingSince !== null)) return false;
  if (facts.hereCallIds.includes(call.id)) return false;
  if (facts.lostAtMs !== null && nowMs - facts.lostAtMs < lossMs) return false;
  const pause = Math.min(2500 * 2 ** facts.asked, 10_000);
  return facts.lastAskedAtMs === null || nowMs - facts.lastAskedAtMs >= pause;
}
