import type { AgentView, Floor, QueueView } from '@centralita/cti-server/contracts';

/** A change on top of what is known: queues and agents by their id. */
export function mergeFloor(known: Floor, change: { queues: QueueView[]; agents: AgentView[]; removedAgentIds: string[] }, at: string): Floor {
  const queues = new Map(known.queues.map((queue) => [queue.id, queue]));
  for (const queue of change.queues) queues.set(queue.id, queue);
  const agents = new Map(known.agents.map((agent) => [agent.id, agent]));
  for (const agent of change.agents) agents.set(agent.id, agent);
  for (const id of change.removedAgentIds) agents.delete(id);
  return { queues: [...queues.values()], agents: [...agents.values()], at };
}

export interface FloorTotals {
  waiting: number;
  longestWaitSince: string | null;
  offered: number;
  answered: number;
  answeredInTime: number;
  abandoned: number;
  shortAbandoned: number;
  waitMsOfAnswered: number;
}

/** All queues together. The service level of several queues is that of their sums, not the mean of their percentages. */
export function totals(queues: readonly QueueView[]): FloorTotals {
  const sum = (of: (queue: QueueView) => number): number => queues.reduce((whole, queue) => whole + of(queue), 0);
  return {
    waiting: sum((queue) => queue.waiting),
    longestWaitSince: queues.flatMap((queue) => (queue.longestWaitSince === null ? [] : [queue.longestWaitSince])).sort()[0] ?? null,
    offered: sum((queue) => queue.today.offered),
    answered: sum((queue) => queue.today.answered),
    answeredInTime: sum((queue) => queue.today.answeredInTime),
    abandoned: sum((queue) => queue.today.abandoned),
    shortAbandoned: sum((queue) => queue.today.shortAbandoned),
    waitMsOfAnswered: sum((queue) => queue.today.waitMsOfAnswered),
  };
}

/** Answered in time of all that were answered or gave up; null while there are none. */
export function serviceLevel(of: { answeredInTime: number; answered: number; abandoned: number }): number | null {
  const whole = of.answered + of.abandoned;
  return whole === 0 ? null : of.answeredInTime / whole;
}

/** Thresholds as they are usual: 80 in 100 is the target. */
export function serviceLevelTone(level: number | null): 'ready' | 'ringing' | 'missed' | 'not-ready' {
  if (level === null) return 'not-ready';
  return level >= 0.8 ? 'ready' : level >= 0.6 ? 'ringing' : 'missed';
}
