/*
 * Who gets which call. Pure. The order of the field: an agent must serve the queue and have its skills; among callers the higher priority
 * goes first, then a call that came back from an agent who did not take it, then the longest wait; among agents the better skilled goes
 * first, then the one idle longest.
 */

export interface WaitingCall {
  callId: string;
  queueId: string;
  priority: number;
  /** True once an offer was missed or an agent was lost: back at the head of its queue. */
  returned: boolean;
  queuedAtMs: number;
}

export interface QueueNeeds {
  queueId: string;
  skills: readonly { skillId: string; minLevel: number }[];
}

export interface Candidate {
  agentId: string;
  queueIds: ReadonlySet<string>;
  /** Level by skill, 1 to 5. */
  skills: ReadonlyMap<string, number>;
  idleSinceMs: number;
}

/** Sorts callers: negative when `a` is to be served before `b`. Total: two calls are never equal. */
export function compareCalls(a: WaitingCall, b: WaitingCall): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (a.returned !== b.returned) return a.returned ? -1 : 1;
  if (a.queuedAtMs !== b.queuedAtMs) return a.queuedAtMs - b.queuedAtMs;
  return a.callId < b.callId ? -1 : 1;
}

/** Whether the agent serves the queue and has each skill at the level asked for. */
export function isEligible(candidate: Candidate, needs: QueueNeeds): boolean {
  return candidate.queueIds.has(needs.queueId) && needs.skills.every((skill) => (candidate.skills.get(skill.skillId) ?? 0) >= skill.minLevel);
}

/** The sum of the agent's levels in the skills that the queue asks for. */
const fitness = (candidate: Candidate, needs: QueueNeeds): number => {
  let sum = 0;
  for (const skill of needs.skills) sum += candidate.skills.get(skill.skillId) ?? 0;
  return sum;
};

/** The agent for this call among those who can take one now; null when none may. */
export function chooseAgent(needs: QueueNeeds, candidates: Iterable<Candidate>): Candidate | null {
  let best: Candidate | null = null;
  let bestFitness = 0;
  for (const candidate of candidates) {
    if (!isEligible(candidate, needs)) continue;
    const fit = fitness(candidate, needs);
    const isBetter =
      best === null ||
      fit > bestFitness ||
      (fit === bestFitness &&
        (candidate.idleSinceMs < best.idleSinceMs || (candidate.idleSinceMs === best.idleSinceMs && candidate.agentId < best.agentId)));
    if (isBetter) {
      best = candidate;
      bestFitness = fit;
    }
  }
  return best;
}
