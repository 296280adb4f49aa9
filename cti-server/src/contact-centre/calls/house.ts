import type { Queue } from '../../contracts/index.ts';
import { hoursAt } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AgentsService } from '../agents/index.ts';
import type { Directory } from '../directory/index.ts';
import { type AgentTallies, type CallerFacts, chooseAgent, needsAt, needsChangeAtMs, noneSince, overflowOf, pointsOf, preferredAgents, type WaitingCall } from '../routing/index.ts';
import type { CallBoard } from './call-board.ts';
import type { Surroundings } from './call-step.ts';
import type { Call } from './call-types.ts';

export interface HouseOptions {
  directory: Directory;
  agents: AgentsService;
  clock: Clock;
  tallies: AgentTallies;
  board(): CallBoard;
  /** What is known of the call's customer by now; null: nothing yet. */
  factsOf(call: Call): CallerFacts | null;
}

/** While a queue cares whether anybody is there, each of its calls asks again this often. */
const lookEveryMs = 5_000;

/**
 * What decisions about calls may ask of the house at a moment: set-up, opening hours, who is at work. The routing rules themselves are
 * pure; this brings them their facts.
 */
export function createHouse(options: HouseOptions) {
  const { directory, agents, clock, tallies } = options;
  /** By queue: since when nobody is signed in for work, and since when nobody's device answers. */
  const absent = new Map<string, { loggedIn: number | null; reachable: number | null }>();

  const isAtWork = (agentId: string): boolean => agents.get(agentId).status.state !== 'offline' && agents.isReachable(agentId);

  const presence = (queueId: string, nowMs: number): { loggedIn: number | null; reachable: number | null } => {
    let loggedIn = 0;
    let reachable = 0;
    for (const agent of agents.all()) {
      if (agent.status.state === 'offline' || !directory.agent(agent.id)?.queueIds.has(queueId)) continue;
      loggedIn += 1;
      if (agents.isReachable(agent.id)) reachable += 1;
    }
    const before = absent.get(queueId) ?? { loggedIn: null, reachable: null };
    const now = { loggedIn: noneSince(before.loggedIn, loggedIn, nowMs), reachable: noneSince(before.reachable, reachable, nowMs) };
    absent.set(queueId, now);
    return now;
  };

  const surroundings: Surroundings = {
    rulesOf: (queueId) => directory.queue(queueId) ?? null,
    overflow(queueId, call, queuedAtMs, nowMs) {
      const queue = directory.queue(queueId);
      if (!queue) return { flowsOut: null, lookAgainAtMs: null };
      const cares = queue.noAgentsWhen !== 'never';
      const none = cares ? presence(queueId, nowMs) : { loggedIn: null, reachable: null };
      const calendar = queue.calendarId === null ? null : (directory.calendar(queue.calendarId) ?? null);
      const waiting = queue.maxLength === null ? 0 : options.board().waitingIn(queueId, call.id);
      const facts = { queuedAtMs, waiting, noneLoggedInSinceMs: none.loggedIn, noneReachableSinceMs: none.reachable, calendar, visitedQueueIds: call.visitedQueueIds };
      const over = overflowOf(queue, facts, nowMs);
      const relaxesAtMs = queuedAtMs === null && over.flowsOut ? null : needsChangeAtMs(queue, queuedAtMs ?? nowMs, preferredFor(call, queue, nowMs), nowMs);
      const again = [over.lookAgainAtMs, relaxesAtMs, cares && !over.flowsOut ? nowMs + lookEveryMs : null].filter((at) => at !== null);
      return { ...over, lookAgainAtMs: again.length === 0 ? null : Math.min(...again) };
    },
    publishedFlow: (flowId) => directory.publishedFlow(flowId) ?? null,
    flowVersion: (versionId) => directory.flowVersion(versionId) ?? null,
    isOpen(calendarId, atMs) {
      const calendar = directory.calendar(calendarId);
      return calendar === undefined || hoursAt(calendar, atMs).isOpen;
    },
    reach(agentId) {
      const { status, device, endpoint } = agents.get(agentId);
      if (status.state !== 'ready' || endpoint === null || !agents.isReachable(agentId) || !directory.agent(agentId)?.active) return null;
      return { kind: 'agent', agentId, device, endpoint };
    },
  };

  const preferredFor = (call: Call, queue: Queue, nowMs: number): string[] => {
    if (!queue.ownerFirst && queue.lastAgentDays === 0) return [];
    const facts = options.factsOf(call);
    return facts === null ? [] : preferredAgents(queue, facts, isAtWork, nowMs);
  };

  return {
    surroundings,

    /** Who should have this call, among those who can take one now; null when nobody may yet. */
    choose<Free extends { agentId: string; queueIds: ReadonlySet<string>; skills: ReadonlyMap<string, number>; idleSinceMs: number }>(call: Call, queue: Queue, free: Iterable<Free>): Free | null {
      const nowMs = clock.now();
      const needs = needsAt(queue, call.queuedAtMs ?? nowMs, preferredFor(call, queue, nowMs), nowMs);
      if (queue.strategy !== 'fewestCalls' && queue.strategy !== 'roundRobin') return chooseAgent(needs, free);
      return chooseAgent(needs, counted(free));
    },

    /** The call's place among those who wait for the queue. */
    place(call: Call, queueId: string): WaitingCall {
      const queue = directory.queue(queueId);
      const queuedAtMs = call.consult?.sinceMs ?? call.queuedAtMs ?? call.startedAtMs;
      const points = queue ? pointsOf(queue, options.factsOf(call), call.priorityBonus) : { priority: 0 };
      return { callId: call.id, queueId, ...points, returned: call.returned, queuedAtMs };
    },
  };

  function* counted<Free extends { agentId: string }>(free: Iterable<Free>): Generator<Free> {
    for (const agent of free) yield { ...agent, callsToday: tallies.callsToday(agent.agentId), lastOfferedAtMs: tallies.lastOfferedAtMs(agent.agentId) };
  }
}
