import type { AgentView, QueueView } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { mergeFloor, serviceLevel, serviceLevelTone, totals } from './floor-figures.ts';

const queue = (id: string, change: Partial<QueueView['today']> & { waiting?: number; longestWaitSince?: string } = {}): QueueView => {
  const { waiting = 0, longestWaitSince = null, ...today } = change;
  return {
    id,
    name: id,
    waiting,
    longestWaitSince,
    agents: { offline: 0, ready: 0, notReady: 0, ringing: 0, onCall: 0, wrapUp: 0, missed: 0 },
    today: { offered: 0, answered: 0, answeredInTime: 0, abandoned: 0, shortAbandoned: 0, flowedOut: 0, waitMsOfAnswered: 0, ...today },
    serviceLevelSeconds: 20,
  };
};
const agent = (id: string, name = id): AgentView => ({
  id,
  name,
  teamIds: [],
  queueIds: [],
  status: { state: 'ready', since: '2026-11-21T12:00:00.000Z' },
  nextState: null,
  device: 'browser',
  reachable: true,
  version: 1,
});

describe('the floor', () => {
  test('changes only what was told', () => {
    const known = { queues: [queue('a'), queue('b')], agents: [agent('x'), agent('y')], at: '1' };
    const now = mergeFloor(known, { queues: [queue('b', { waiting: 3 })], agents: [agent('z')], removedAgentIds: ['x'] }, '2');
    expect(now.queues.map((one) => [one.id, one.waiting])).toEqual([['a', 0], ['b', 3]]);
    expect(now.agents.map((one) => one.id)).toEqual(['y', 'z']);
    expect(known.agents).toHaveLength(2);
  });
  test('counts the service level of several queues over their sums', () => {
    const all = totals([queue('a', { answered: 90, answeredInTime: 90 }), queue('b', { answered: 10, answeredInTime: 0, abandoned: 0 })]);
    expect(serviceLevel(all)).toBe(0.9);
  });
  test('counts who gave up, not who hung up at once', () => {
    expect(serviceLevel({ answeredInTime: 8, answered: 8, abandoned: 2 })).toBe(0.8);
    expect(serviceLevel(totals([queue('a', { shortAbandoned: 5 })]))).toBeNull();
  });
  test('the longest wait is the earliest entry of all queues', () => {
    const all = totals([queue('a', { waiting: 1, longestWaitSince: '2026-11-21T12:00:05.000Z' }), queue('b', { waiting: 2, longestWaitSince: '2026-11-21T12:00:01.000Z' }), queue('c')]);
    expect(all).toMatchObject({ waiting: 3, longestWaitSince: '2026-11-21T12:00:01.000Z' });
  });
  test('a level without calls is neither good nor bad', () => {
    expect([serviceLevelTone(null), serviceLevelTone(0.8), serviceLevelTone(0.7), serviceLevelTone(0.5)]).toEqual(['not-ready', 'ready', 'ringing', 'missed']);
  });
});
