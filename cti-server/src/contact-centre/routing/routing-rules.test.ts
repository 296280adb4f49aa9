import { describe, expect, it } from 'vitest';
import { type Candidate, chooseAgent, compareCalls, type WaitingCall } from './routing-rules.ts';

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
