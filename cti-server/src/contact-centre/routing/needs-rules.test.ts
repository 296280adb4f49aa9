import { describe, expect, test } from 'vitest';
import { queueInput } from '../../contracts/index.ts';
import { type CallerFacts, needsAt, needsChangeAtMs, pointsOf, preferredAgents, type RoutedQueue } from './needs-rules.ts';

const [spanish, repairs] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];
const queue = (rules: object): RoutedQueue => ({
  ...queueInput.parse({
    name: 'Averías',
    skills: [
      { skillId: spanish, minLevel: 2 },
      { skillId: repairs, minLevel: 4 },
    ],
    ...rules,
  }),
  id: 'q',
});
const unknownCaller: CallerFacts = { tier: null, ownerId: null, lastAgent: null };
const day = 86_400_000;

describe('what is asked of an agent', () => {
  test('relaxes step by step: the level first, then the skill, and never below 1', () => {
    const relaxing = queue({
      skillSteps: [
        { afterSeconds: 30, skillId: null, lowerBy: 2 },
        { afterSeconds: 60, skillId: repairs, lowerBy: null },
      ],
    });
    const levels = (seconds: number) => needsAt(relaxing, 1_000, [], 1_000 + seconds * 1_000).skills.map((skill) => skill.minLevel);
    expect([levels(0), levels(29.999), levels(30), levels(59.999), levels(60)]).toEqual([[2, 4], [2, 4], [1, 2], [1, 2], [1]]);
    expect(needsChangeAtMs(relaxing, 1_000, [], 1_000)).toBe(31_000);
    expect(needsChangeAtMs(relaxing, 1_000, [], 31_000)).toBe(61_000);
    expect(needsChangeAtMs(relaxing, 1_000, [], 61_000)).toBeNull();
  });

  test('stays the very list of the queue while nothing relaxes', () => {
    const plain = queue({});
    expect(needsAt(plain, 0, [], 1e9).skills).toBe(plain.skills);
  });

  test('is to be known by the customer, until patience is over', () => {
    const patient = queue({ preferredPatienceSeconds: 20 });
    expect(needsAt(patient, 0, ['ana'], 19_999)).toMatchObject({ preferred: ['ana'], onlyPreferred: true });
    expect(needsAt(patient, 0, ['ana'], 20_000)).toMatchObject({ preferred: ['ana'], onlyPreferred: false });
    expect(needsAt(patient, 0, [], 0)).not.toHaveProperty('preferred');
    expect(needsChangeAtMs(patient, 0, ['ana'], 5_000)).toBe(20_000);
  });
});

describe('whom the customer knows', () => {
  const facts: CallerFacts = { tier: 'A', ownerId: 'olga', lastAgent: { agentId: 'luis', answeredAtMs: 0 } };
  const everyone = () => true;
  test('the owner goes first, then the agent of the last call while it is not too long ago', () => {
    const both = queue({ ownerFirst: true, lastAgentDays: 7 });
    expect(preferredAgents(both, facts, everyone, 7 * day)).toEqual(['olga', 'luis']);
    expect(preferredAgents(both, facts, everyone, 7 * day + 1)).toEqual(['olga']);
    expect(preferredAgents(both, { ...facts, ownerId: 'luis' }, everyone, day)).toEqual(['luis']);
    expect(preferredAgents(queue({}), facts, everyone, day)).toEqual([]);
    expect(preferredAgents(both, unknownCaller, everyone, day)).toEqual([]);
  });
  test('nobody waits for who went home', () => {
    expect(preferredAgents(queue({ ownerFirst: true, lastAgentDays: 7 }), facts, (agentId) => agentId !== 'olga', day)).toEqual(['luis']);
  });
});

test("a call's points are the queue's, the tier's and the number's", () => {
  const rules = queue({ priority: 60, tierBonus: { A: 20, B: 0, C: -10 }, waitPointsPerMinute: 3 });
  expect(pointsOf(rules, { ...unknownCaller, tier: 'A' }, 5)).toEqual({ priority: 60, bonus: 25, pointsPerMinute: 3 });
  expect(pointsOf(rules, { ...unknownCaller, tier: 'C' })).toEqual({ priority: 60, bonus: -10, pointsPerMinute: 3 });
  expect(pointsOf(rules, null)).toEqual({ priority: 60, bonus: 0, pointsPerMinute: 3 });
});
