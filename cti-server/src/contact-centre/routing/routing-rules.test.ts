import { describe, expect, it } from 'vitest';
import { type Candidate, chooseAgent, chooseAgents, compareCalls, type WaitingCall } from './routing-rules.ts';

const agent = (agentId: string, idleSinceMs: number, skills: Record<string, number> = {}, queueIds = ['q']): Candidate => ({
  agentId,
  idleSinceMs,
  queueIds: new Set(queueIds),
  skills: new Map(Object.entries(skills)),
});
const call = (callId: string, more: Partial<WaitingCall> = {}): WaitingCall => ({ callId, queueId: 'q', priority: 50, returned: false, queuedAtMs: 100, ...more });

describe('routing', () => {
  it('gives the call to the agent who is idle longest', () => {
    expect(chooseAgent({ queueId: 'q', skills: [] }, [agent('b', 20), agent('a', 10), agent('c', 30)])?.agentId).toBe('a');
  });
  it('prefers the better skilled over the longer idle', () => {
    const needs = { queueId: 'q', skills: [{ skillId: 'en', minLevel: 2 }] };
    expect(chooseAgent(needs, [agent('a', 10, { en: 3 }), agent('b', 20, { en: 5 })])?.agentId).toBe('b');
  });
  it('never gives a call to somebody without the skill, below its level, or of another queue', () => {
    const needs = { queueId: 'q', skills: [{ skillId: 'zh', minLevel: 3 }] };
    expect(chooseAgent(needs, [agent('a', 1), agent('b', 1, { zh: 2 }), agent('c', 1, { zh: 5 }, ['other'])])).toBeNull();
  });
  it('serves priority first, then calls that came back, then the longest wait', () => {
    const calls = [call('late', { queuedAtMs: 200 }), call('early'), call('back', { returned: true, queuedAtMs: 300 }), call('vip', { priority: 90, queuedAtMs: 400 })];
    expect(calls.sort(compareCalls).map((one) => one.callId)).toEqual(['vip', 'back', 'early', 'late']);
  });
});

describe('strategies', () => {
  const shift = [
    { ...agent('a', 10), callsToday: 3, lastOfferedAtMs: 5 },
    { ...agent('b', 20), callsToday: 1, lastOfferedAtMs: 9 },
    { ...agent('c', 30), callsToday: 1, lastOfferedAtMs: 1 },
  ];
  const needs = { queueId: 'q', skills: [] };
  it('names the agent with the fewest calls, the longest idle of those', () => {
    expect(chooseAgent({ ...needs, strategy: 'fewestCalls' }, shift)?.agentId).toBe('b');
  });
  it('goes round: the agent whose last offer is longest ago', () => {
    expect(chooseAgent({ ...needs, strategy: 'roundRobin' }, shift)?.agentId).toBe('c');
  });
  it('rings all up to a number, the longest idle first; other strategies ring one', () => {
    expect(chooseAgents({ ...needs, strategy: 'ringAll' }, shift, 2).map((one) => one.agentId)).toEqual(['a', 'b']);
    expect(chooseAgents({ ...needs, strategy: 'longestIdle' }, shift, 2).map((one) => one.agentId)).toEqual(['a']);
  });
  it('lets levels decide nothing where the queue does not want the better skilled first', () => {
    const english = { queueId: 'q', skills: [{ skillId: 'en', minLevel: 1 }], preferSkilled: false };
    expect(chooseAgent(english, [agent('a', 10, { en: 1 }), agent('b', 20, { en: 5 })])?.agentId).toBe('a');
  });
  it('gives the call to whom the customer knows, and to nobody else while it is patient', () => {
    const known = { queueId: 'q', skills: [{ skillId: 'en', minLevel: 1 }], preferred: ['b', 'a'] };
    const both = [agent('a', 10, { en: 5 }), agent('b', 20, { en: 1 }), agent('z', 1, { en: 5 })];
    expect(chooseAgent(known, both)?.agentId).toBe('b');
    expect(chooseAgent({ ...known, onlyPreferred: true }, [agent('z', 1, { en: 5 })])).toBeNull();
    expect(chooseAgent(known, [agent('z', 1, { en: 5 })])?.agentId).toBe('z');
  });
});

describe('points', () => {
  it('lets tier and number go first, and a long wait overtake both', () => {
    const plain = call('plain', { queuedAtMs: 0, pointsPerMinute: 5 });
    const vip = call('vip', { queuedAtMs: 240_000, pointsPerMinute: 5, bonus: 15 });
    expect(compareCalls(vip, plain, 240_000)).toBeGreaterThan(0);
    expect(compareCalls({ ...vip, bonus: 25 }, plain, 240_000)).toBeLessThan(0);
  });
  it('counts the wait from the first entry, also after the call came back', () => {
    const back = call('back', { queuedAtMs: 500_000, waitingSinceMs: 0, pointsPerMinute: 1, returned: true });
    expect(compareCalls(back, call('other', { queuedAtMs: 60_000, pointsPerMinute: 1 }), 600_000)).toBeLessThan(0);
  });
});
