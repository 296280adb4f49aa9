import type { RoutingStrategy } from '../../contracts/index.ts';

/*
 * Who gets which call. Pure. The order of the field: an agent must serve the queue and have its skills; among callers the one with more
 * points goes first (see points-rules), then a call that came back from an agent who did not take it, then the longest wait; among agents
 * whom the customer knows goes first, then the better skilled, then whom the queue's strategy names, then the one idle longest.
 *
 * This runs for every call against every free agent: no function here makes anything for each candidate.
 */

export interface WaitingCall {
  callId: string;
  queueId: string;
  /** The queue's own. */
  priority: number;
  /** Points on top of it, for the caller's tier and the number dialled. */
  bonus?: number;
  /** More points for each minute since `waitingSinceMs`. */
  pointsPerMinute?: number;
  /** Entered its first queue; `queuedAtMs` when left out. */
  waitingSinceMs?: number;
  /** True once an offer was missed or an agent was lost: back at the head of its queue. */
  returned: boolean;
  queuedAtMs: number;
}

/** What is asked of an agent for one call now. `needsAt` makes it from the queue's rules. */
export interface QueueNeeds {
  queueId: string;
  skills: readonly { skillId: string; minLevel: number }[];
  /** Longest idle when left out. */
  strategy?: RoutingStrategy;
  /** Whether the better skilled go first; they do when left out. */
  preferSkilled?: boolean;
  /** Whom the customer knows, the best first. */
  preferred?: readonly string[];
  /** Nobody else may have the call yet. */
  onlyPreferred?: boolean;
}

export interface Candidate {
  agentId: string;
  queueIds: ReadonlySet<string>;
  /** Level by skill, 1 to 5. */
  skills: ReadonlyMap<string, number>;
  idleSinceMs: number;
  /** Calls answered since midnight, for `fewestCalls`; 0 when left out. */
  callsToday?: number;
  /** When the last call was offered, for `roundRobin`; 0 when left out. */
  lastOfferedAtMs?: number;
}

/** A call's points at an instant, times 60 000: whole numbers, so that the order is the same wherever it is computed. */
const pointsMs = (call: WaitingCall, nowMs: number): number =>
  (call.priority + (call.bonus ?? 0)) * 60_000 + (call.pointsPerMinute ?? 0) * Math.max(0, nowMs - (call.waitingSinceMs ?? call.queuedAtMs));

/**
 * Sorts callers: negative when `a` is to be served before `b`. Total: two calls are never equal.
 * @param nowMs points grow with the wait up to here; without it waiting brings none
 */
export function compareCalls(a: WaitingCall, b: WaitingCall, nowMs = 0): number {
  const points = pointsMs(b, nowMs) - pointsMs(a, nowMs);
  if (points !== 0) return points;
  if (a.returned !== b.returned) return a.returned ? -1 : 1;
  if (a.queuedAtMs !== b.queuedAtMs) return a.queuedAtMs - b.queuedAtMs;
  return a.callId < b.callId ? -1 : a.callId > b.callId ? 1 : 0;
}

/** Whether the agent serves the queue and has each skill at the level asked for. */
export function isEligible(candidate: Candidate, needs: QueueNeeds): boolean {
  if (!candidate.queueIds.has(needs.queueId)) return false;
  for (const skill of needs.skills) if ((candidate.skills.get(skill.skillId) ?? 0) < skill.minLevel) return false;
  return true;
}

/** The agent for this call among those who can take one now; null when none may. */
export function chooseAgent<Free extends Candidate>(needs: QueueNeeds, candidates: Iterable<Free>): Free | null {
  let best: Free | null = null;
  for (const candidate of candidates) {
    if (mayHave(candidate, needs) && (best === null || isBetter(candidate, best, needs))) best = candidate;
  }
  return best;
}

/** The agents to ring for this call at once, the best first: `limit` of them when the queue rings all, else one. */
export function chooseAgents<Free extends Candidate>(needs: QueueNeeds, candidates: Iterable<Free>, limit: number): Free[] {
  const most = needs.strategy === 'ringAll' ? limit : 1;
  const chosen: Free[] = [];
  for (const candidate of candidates) {
    if (!mayHave(candidate, needs)) continue;
    let place = chosen.length;
    for (; place > 0; place -= 1) {
      const other = chosen[place - 1];
      if (other === undefined || !isBetter(candidate, other, needs)) break;
      if (place < most) chosen[place] = other;
    }
    if (place < most) chosen[place] = candidate;
  }
  return chosen;
}

const mayHave = (candidate: Candidate, needs: QueueNeeds): boolean =>
  (needs.onlyPreferred !== true || rankOf(candidate, needs) < Infinity) && isEligible(candidate, needs);

/** Total among different agents, so that the order in which candidates come decides nothing. */
function isBetter(a: Candidate, b: Candidate, needs: QueueNeeds): boolean {
  const rankA = rankOf(a, needs);
  const rankB = rankOf(b, needs);
  if (rankA !== rankB) return rankA < rankB;
  if (needs.preferSkilled ?? true) {
    const fitter = fitness(a, needs) - fitness(b, needs);
    if (fitter !== 0) return fitter > 0;
  }
  if (needs.strategy === 'fewestCalls') {
    const fewer = (a.callsToday ?? 0) - (b.callsToday ?? 0);
    if (fewer !== 0) return fewer < 0;
  } else if (needs.strategy === 'roundRobin') {
    const earlier = (a.lastOfferedAtMs ?? 0) - (b.lastOfferedAtMs ?? 0);
    if (earlier !== 0) return earlier < 0;
  }
  if (a.idleSinceMs !== b.idleSinceMs) return a.idleSinceMs < b.idleSinceMs;
  return a.agentId < b.agentId;
}

/** Place among those whom the customer knows; Infinity for others. */
function rankOf(candidate: Candidate, needs: QueueNeeds): number {
  if (needs.preferred === undefined) return Infinity;
  const place = needs.preferred.indexOf(candidate.agentId);
  return place < 0 ? Infinity : place;
}

/** The sum of the agent's levels in the skills that the queue asks for. */
function fitness(candidate: Candidate, needs: QueueNeeds): number {
  let sum = 0;
  for (const skill of needs.skills) sum += candidate.skills.get(skill.skillId) ?? 0;
  return sum;
}
