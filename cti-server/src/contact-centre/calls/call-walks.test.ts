import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueRules } from './call-types.ts';
import { someEvent, Walk } from './call-walks.testing.ts';

const rules: QueueRules = {
  playGreeting: false,
  announcePosition: true,
  announceEverySeconds: 30,
  ringTimeoutSeconds: 20,
  maxWaitSeconds: 60,
  shortAbandonSeconds: 5,
  wrapUpSeconds: 30,
};

/** What happens in the world before the machine hears of it: a leg that answers is up, one that ends is gone. */
function happens(walk: Walk, event: ReturnType<typeof someEvent>): boolean {
  if (event.kind === 'legAnswered') {
    if (walk.alive.get(event.legId) !== 'ringing') return false;
    walk.alive.set(event.legId, 'up');
  }
  if (event.kind === 'legEnded') {
    if (!walk.alive.has(event.legId)) return false;
    walk.gone(event.legId);
  }
  return true;
}

describe('any walk through everything that can be done with a call', () => {
  const steps = fc.array(fc.record({ pick: fc.nat(1_000_000), pauseMs: fc.nat(20_000), isFree: fc.boolean() }), { minLength: 20, maxLength: 80 });

  for (const kind of ['inbound', 'outbound', 'internal'] as const) {
    it(`leaves no leg, no tone and no agent behind: ${kind}, 34,000 seeded steps`, () => {
      fc.assert(
        fc.property(steps, fc.boolean(), (picks, playGreeting) => {
          const walk = new Walk({ ...rules, playGreeting }, kind);
          for (const { pick, pauseMs, isFree } of picks) {
            walk.now += pauseMs;
            // who is in no call any more has done their after-call work
            if (isFree) for (const [id, agent] of walk.agents) if (['wrapUp', 'missed', 'offline'].includes(agent.status.state)) walk.agents.set(id, { ...agent, status: { state: 'ready', sinceMs: walk.now, idleSinceMs: walk.now } });
            const event = someEvent(walk, pick);
            if (happens(walk, event)) walk.apply(event);
          }
          // everybody hangs up: the call is over, and nobody is left in it
          for (const legId of [...walk.alive.keys()]) {
            walk.gone(legId);
            walk.apply({ kind: 'legEnded', legId, cause: 'normal', atMs: walk.now });
          }
          walk.apply({ kind: 'released', endedBy: 'system', atMs: walk.now });
          expect(walk.call.status.state).toBe('ended');
          expect([...walk.alive.keys()]).toEqual([]);
          for (const [id, agent] of walk.agents) expect(['ringing', 'onCall'], id).not.toContain(agent.status.state);
          expect(walk.ledger.map((entry) => entry.seq)).toEqual(walk.ledger.map((_, index) => index + 1));
          expect(walk.ledger.filter((entry) => entry.kind === 'callEnded')).toHaveLength(1);
          const count = (kinds: string[]): number => walk.ledger.filter((entry) => kinds.includes(entry.kind)).length;
          expect(count(['callQueued']), 'each entry into a queue has one end').toBe(count(['agentAnswered', 'callAbandoned', 'callFlowedOut']));
        }),
        { numRuns: 680 },
      );
    }, 60_000);
  }
});
