import type { Queue, SkillStep } from '../../contracts/index.ts';
import type { QueueNeeds, WaitingCall } from './routing-rules.ts';

/*
 * What a queue's rules ask for one call as its wait grows. Pure.
 *
 *   entered ──────────── patience over ───────── step 1 ───────── step 2 ─────►
 *   owner or last agent  anyone with the skills  level lower by   skill no longer
 *   alone, if at work                            one              asked for
 */

/** What routing must know of a queue. */
export type RoutedQueue = Pick<
  Queue,
  'id' | 'priority' | 'skills' | 'skillSteps' | 'strategy' | 'preferSkilled' | 'tierBonus' | 'waitPointsPerMinute' | 'lastAgentDays' | 'ownerFirst' | 'preferredPatienceSeconds'
>;

/** What is known of a caller that routing may use; all of it may come late or never. */
export interface CallerFacts {
  tier: 'A' | 'B' | 'C' | null;
  ownerId: string | null;
  /** Who talked with the customer last, and when that call was answered. */
  lastAgent: { agentId: string; answeredAtMs: number } | null;
}

const dayMs = 86_400_000;

/** The fields of a waiting call that decide its place; `numberBonus` is the dialled number's. */
export function pointsOf(queue: RoutedQueue, facts: CallerFacts | null, numberBonus = 0): Pick<WaitingCall, 'priority' | 'bonus' | 'pointsPerMinute'> {
  const tier = facts?.tier ?? null;
  return { priority: queue.priority, bonus: (tier === null ? 0 : queue.tierBonus[tier]) + numberBonus, pointsPerMinute: queue.waitPointsPerMinute };
}

/**
 * Whom the customer knows and the queue's rules prefer, the best first: the owner, then the agent of the last call when that was not too
 * long ago. Only those at work: nobody waits for who went home.
 * @param isAtWork whether the agent is signed in and will come back to being ready: in a call, in wrap-up and in a pause too
 */
export function preferredAgents(queue: RoutedQueue, facts: CallerFacts, isAtWork: (agentId: string) => boolean, nowMs: number): string[] {
  const found: string[] = [];
  if (queue.ownerFirst && facts.ownerId !== null && isAtWork(facts.ownerId)) found.push(facts.ownerId);
  const last = facts.lastAgent;
  if (last !== null && nowMs - last.answeredAtMs <= queue.lastAgentDays * dayMs && !found.includes(last.agentId) && isAtWork(last.agentId)) {
    found.push(last.agentId);
  }
  return found;
}

/**
 * What is asked of an agent for this call now.
 * @param waitingSinceMs since when the call waits in this queue
 * @param preferred of {@link preferredAgents}
 */
export function needsAt(queue: RoutedQueue, waitingSinceMs: number, preferred: readonly string[], nowMs: number): QueueNeeds {
  const waitedMs = nowMs - waitingSinceMs;
  const needs: QueueNeeds = {
    queueId: queue.id,
    skills: queue.skillSteps.length === 0 ? queue.skills : skillsAfter(queue, waitedMs),
    strategy: queue.strategy,
    preferSkilled: queue.preferSkilled,
  };
  if (preferred.length === 0) return needs;
  return { ...needs, preferred, onlyPreferred: waitedMs < queue.preferredPatienceSeconds * 1000 };
}

/** When {@link needsAt} will next ask for less, so that the call must be looked at again; null when it will not. */
export function needsChangeAtMs(queue: RoutedQueue, waitingSinceMs: number, preferred: readonly string[], nowMs: number): number | null {
  let soonest: number | null = null;
  const consider = (afterSeconds: number): void => {
    const at = waitingSinceMs + afterSeconds * 1000;
    if (at > nowMs && (soonest === null || at < soonest)) soonest = at;
  };
  for (const step of queue.skillSteps) consider(step.afterSeconds);
  if (preferred.length > 0) consider(queue.preferredPatienceSeconds);
  return soonest;
}

function skillsAfter(queue: RoutedQueue, waitedMs: number): QueueNeeds['skills'] {
  const left: { skillId: string; minLevel: number }[] = [];
  for (const { skillId, minLevel } of queue.skills) {
    const lowerBy = loweredBy(skillId, queue.skillSteps, waitedMs);
    if (lowerBy !== null) left.push({ skillId, minLevel: Math.max(1, minLevel - lowerBy) });
  }
  return left;
}

/** By how much at most after this wait; null: no longer asked for at all. */
function loweredBy(skillId: string, steps: readonly SkillStep[], waitedMs: number): number | null {
  let most = 0;
  for (const step of steps) {
    if (step.afterSeconds * 1000 > waitedMs || (step.skillId !== null && step.skillId !== skillId)) continue;
    if (step.lowerBy === null) return null;
    most = Math.max(most, step.lowerBy);
  }
  return most;
}
