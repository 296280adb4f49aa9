import fc from 'fast-check';
import { expect, test } from 'vitest';
import { queueInput } from '../../contracts/index.ts';
import { needsAt, needsChangeAtMs, type RoutedQueue } from './needs-rules.ts';
import { type Candidate, chooseAgent, chooseAgents, compareCalls, isEligible, type QueueNeeds, type WaitingCall } from './routing-rules.ts';

/** What holds for every queue, every crowd of callers and every shift of agents. */
const seed = 20261122;
const skillNames = ['es', 'en', 'zh'];
const level = fc.integer({ min: 1, max: 5 });

const calls: fc.Arbitrary<WaitingCall[]> = fc.uniqueArray(
  fc.record(
    {
      callId: fc.integer({ min: 0, max: 40 }).map((number) => `c${String(number)}`),
      queueId: fc.constantFrom('q', 'r'),
      priority: fc.integer({ min: 48, max: 52 }),
      bonus: fc.integer({ min: -3, max: 3 }),
      pointsPerMinute: fc.integer({ min: 0, max: 2 }),
      waitingSinceMs: fc.integer({ min: 0, max: 5 }).map((minutes) => minutes * 60_000),
      returned: fc.boolean(),
      queuedAtMs: fc.integer({ min: 0, max: 5 }).map((minutes) => minutes * 60_000),
    },
    { requiredKeys: ['callId', 'queueId', 'priority', 'returned', 'queuedAtMs'] },
  ),
  { selector: (call) => call.callId, maxLength: 12 },
);

const agents: fc.Arbitrary<Candidate[]> = fc.uniqueArray(
  fc.record(
    {
      agentId: fc.integer({ min: 0, max: 30 }).map((number) => `a${String(number)}`),
      queueIds: fc.subarray(['q', 'r']).map((ids) => new Set(ids)),
      skills: fc.dictionary(fc.constantFrom(...skillNames), level).map((levels) => new Map(Object.entries(levels))),
      idleSinceMs: fc.integer({ min: 0, max: 3 }),
      callsToday: fc.integer({ min: 0, max: 3 }),
      lastOfferedAtMs: fc.integer({ min: 0, max: 3 }),
    },
    { requiredKeys: ['agentId', 'queueIds', 'skills', 'idleSinceMs'] },
  ),
  { selector: (agent) => agent.agentId, maxLength: 12 },
);

const needs: fc.Arbitrary<QueueNeeds> = fc.record(
  {
    queueId: fc.constant('q'),
    skills: fc.array(fc.record({ skillId: fc.constantFrom(...skillNames), minLevel: level }), { maxLength: 2 }),
    strategy: fc.constantFrom('longestIdle', 'fewestCalls', 'roundRobin', 'ringAll'),
    preferSkilled: fc.boolean(),
    preferred: fc.array(
      fc.integer({ min: 0, max: 30 }).map((number) => `a${String(number)}`),
      { maxLength: 2 },
    ),
    onlyPreferred: fc.boolean(),
  },
  { requiredKeys: ['queueId', 'skills'] },
);

test('two calls are never equal, and who goes before whom never goes round in a circle', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 0, max: 10 }), (crowd, minutes) => {
      const now = minutes * 60_000;
      const sorted = [...crowd].sort((a, b) => compareCalls(a, b, now));
      for (const [place, call] of sorted.entries()) {
        for (const later of sorted.slice(place + 1)) {
          expect(compareCalls(call, later, now)).toBeLessThan(0);
          expect(compareCalls(later, call, now)).toBeGreaterThan(0);
        }
      }
    }),
    { seed, numRuns: 500 },
  );
});

test('who waits longer on otherwise equal terms never loses their place by waiting', () => {
  fc.assert(
    fc.property(calls, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 10 }), (crowd, minutes, more) => {
      for (const a of crowd) {
        for (const b of crowd) {
          const isSurer = (a.pointsPerMinute ?? 0) >= (b.pointsPerMinute ?? 0) && (a.waitingSinceMs ?? a.queuedAtMs) <= (b.waitingSinceMs ?? b.queuedAtMs);
          const isBefore = compareCalls(a, b, minutes * 60_000) < 0;
          if (isSurer && isBefore) expect(compareCalls(a, b, (minutes + more) * 60_000)).toBeLessThan(0);
        }
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('the choice does not depend on the order in which agents come, and nobody is chosen who may not have the call', () => {
  fc.assert(
    fc.property(agents, needs, fc.integer({ min: 1, max: 5 }), (shift, asked, limit) => {
      const chosen = chooseAgents(asked, shift, limit);
      expect(chooseAgents(asked, [...shift].reverse(), limit)).toEqual(chosen);
      expect(chooseAgent(asked, shift)).toEqual(chosen[0] ?? null);
      const may = shift.filter((agent) => isEligible(agent, asked) && (asked.onlyPreferred !== true || (asked.preferred ?? []).includes(agent.agentId)));
      for (const agent of chosen) expect(may).toContain(agent);
      expect(chosen).toHaveLength(Math.min(may.length, asked.strategy === 'ringAll' ? limit : 1));
      // who is left out would not have been chosen before any of those who were
      for (const agent of chosen) for (const other of may) if (!chosen.includes(other)) expect(chooseAgent(asked, [agent, other])).toBe(agent);
    }),
    { seed, numRuns: 1000 },
  );
});

const rules: fc.Arbitrary<RoutedQueue> = fc
  .record({
    skills: fc.uniqueArray(fc.record({ skillId: fc.constantFrom(...skillNames), minLevel: level }), { selector: (one) => one.skillId }),
    skillSteps: fc.array(
      fc.record({
        afterSeconds: fc.integer({ min: 1, max: 60 }),
        skillId: fc.constantFrom(null, ...skillNames),
        lowerBy: fc.constantFrom(null, 1, 2, 3, 4),
      }),
      { maxLength: 4 },
    ),
    preferredPatienceSeconds: fc.integer({ min: 0, max: 60 }),
  })
  .map((fields) => ({ ...queueInput.parse({ name: 'q' }), id: 'q', ...fields }));

test('the longer a call waits the more agents may have it, and what is asked changes only when it was said to', () => {
  fc.assert(
    fc.property(rules, agents, fc.integer({ min: 0, max: 70_000 }), (queue, shift, now) => {
      const preferred = ['a1'];
      const may = (atMs: number): Candidate[] => chooseAgents({ ...needsAt(queue, 0, preferred, atMs), strategy: 'ringAll' }, shift, 99);
      const next = needsChangeAtMs(queue, 0, preferred, now);
      const before = needsAt(queue, 0, preferred, now);
      expect(needsAt(queue, 0, preferred, (next ?? 1e9) - 1)).toEqual(before);
      if (next !== null) expect(next).toBeGreaterThan(now);
      for (const agent of may(now)) expect(may(next ?? now)).toContain(agent);
    }),
    { seed, numRuns: 500 },
  );
});
