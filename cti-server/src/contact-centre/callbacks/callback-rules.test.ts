import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptOutcomes } from '../../contracts/index.ts';
import { callingMs, type CallbackEvent, type CallbackFacts, claimMs, defaultRetries, isDue, isFinal, isOverdue, mayArrange, mayClaim, nextCallback, overdueAfterMs, planPlaceCall, type Reach } from './callback-rules.ts';
import { guessZone, zonesOfCountry } from './zone-rules.ts';

const start: CallbackFacts = {
  ...{ state: 'open', kind: 'queue', queueId: 'q', agentId: null, dueAtMs: 1_000, remindAtMs: 1_000, tries: 0, lastOutcome: null, claimedBy: null, claimedUntilMs: null, callId: null, endedAtMs: null },
};
const after = (events: CallbackEvent[], from = start): CallbackFacts => events.reduce((callback, event) => ((next) => ('refused' in next ? callback : next.callback))(nextCallback(callback, event)), from);
const minute = 60_000;

describe('a callback', () => {
  it('goes to the first of many who claim it, until the claim runs out', () => {
    const claimed = after([{ kind: 'claimed', agentId: 'ana', atMs: 0 }]);
    expect(claimed).toMatchObject({ state: 'claimed', claimedBy: 'ana' });
    expect(nextCallback(claimed, { kind: 'claimed', agentId: 'bruno', atMs: claimMs - 1 })).toEqual({ refused: 'taken' });
    expect(nextCallback(claimed, { kind: 'claimed', agentId: 'ana', atMs: 5 })).toMatchObject({ callback: { claimedUntilMs: 5 + claimMs } });
    expect(nextCallback(claimed, { kind: 'claimed', agentId: 'bruno', atMs: claimMs })).toMatchObject({ callback: { claimedBy: 'bruno' } });
  });

  it.each([
    ['busy', 10],
    ['noAnswer', 60],
    ['rejected', 60],
    ['unreachable', 30],
    ['failed', 10],
  ] as const)('whose call ends as %s is due again after %d minutes, and free', (outcome, minutes) => {
    const again = after([
      { kind: 'dialled', agentId: 'ana', callId: 'c1', atMs: 2_000 },
      { kind: 'attempted', callId: 'c1', outcome, atMs: 3_000 },
    ]);
    expect(again).toMatchObject({ state: 'open', claimedBy: null, callId: null, tries: 1, lastOutcome: outcome, dueAtMs: 3_000 + minutes * minute, remindAtMs: 3_000 + minutes * minute });
  });

  it('is done when somebody answered, and has failed after the last of its tries', () => {
    expect(after([{ kind: 'attempted', callId: 'c', outcome: 'answered', atMs: 9 }])).toMatchObject({ state: 'done', endedAtMs: 9 });
    const tries = Array.from({ length: defaultRetries.maxTries }, (_, at): CallbackEvent => ({ kind: 'attempted', callId: `c${String(at)}`, outcome: 'noAnswer', atMs: at }));
    expect(after(tries.slice(0, -1))).toMatchObject({ state: 'open' });
    expect(after(tries)).toMatchObject({ state: 'failed', tries: defaultRetries.maxTries });
  });

  it('is where it was when the agent gave up the call before anybody answered', () => {
    const back = after([
      { kind: 'dialled', agentId: 'ana', callId: 'c1', atMs: 2_000 },
      { kind: 'attempted', callId: 'c1', outcome: 'cancelled', atMs: 3_000 },
    ]);
    expect(back).toMatchObject({ state: 'open', tries: 0, dueAtMs: start.dueAtMs });
  });

  it('is not taken out of the hands of a call that is being made by an older one’s end', () => {
    const calling = after([
      { kind: 'dialled', agentId: 'ana', callId: 'c2', atMs: 2_000 },
      { kind: 'attempted', callId: 'c1', outcome: 'busy', atMs: 3_000 },
    ]);
    expect(calling).toMatchObject({ state: 'calling', callId: 'c2', tries: 1 });
    expect(nextCallback(calling, { kind: 'cancelled', atMs: 4_000 })).toEqual({ refused: 'calling' });
    expect(after([{ kind: 'claimRanOut', atMs: 2_000 + callingMs }], calling)).toMatchObject({ state: 'open', callId: null });
  });

  it('is due from its time on, and overdue a quarter of an hour later unless the call is being made', () => {
    expect([isDue(start, 999), isDue(start, 1_000)]).toEqual([false, true]);
    expect([isOverdue(start, 999 + overdueAfterMs), isOverdue(start, 1_000 + overdueAfterMs), isOverdue({ ...start, state: 'calling' }, 1_000 + overdueAfterMs)]).toEqual([false, true, false]);
  });
});

describe('whatever happens in whatever order', () => {
  const agent = fc.constantFrom('ana', 'bruno', 'lin');
  const call = fc.constantFrom('c1', 'c2', 'c3');
  const at = fc.nat(20 * minute);
  const event: fc.Arbitrary<CallbackEvent> = fc.oneof(
    fc.record({ kind: fc.constant('claimed' as const), agentId: agent, atMs: at }),
    fc.record({ kind: fc.constantFrom('released' as const, 'claimRanOut' as const, 'completed' as const, 'cancelled' as const), atMs: at }),
    fc.record({ kind: fc.constant('dialled' as const), agentId: agent, callId: call, atMs: at }),
    fc.record({ kind: fc.constant('attempted' as const), callId: call, outcome: fc.constantFrom(...attemptOutcomes), atMs: at }),
    fc.record({ kind: fc.constant('rescheduled' as const), dueAtMs: at, atMs: at }),
    fc.record({ kind: fc.constant('reassigned' as const), agentId: fc.option(agent), queueId: fc.constantFrom('q', 'r'), atMs: at }),
    fc.record({ kind: fc.constant('snoozed' as const), untilMs: at, atMs: at }),
  );

  it('what is final stays, a claim has an owner and an end, and tries never exceed their number', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let callback = start;
        for (const one of events) {
          const next = nextCallback(callback, one);
          if ('refused' in next) continue;
          if (isFinal(callback.state)) expect(next.callback).toBe(callback);
          if (next.callback.tries > callback.tries) expect(next.callback.tries).toBe(callback.tries + 1);
          callback = next.callback;
          const isTaken = callback.state === 'claimed' || callback.state === 'calling';
          expect([callback.claimedBy !== null, callback.claimedUntilMs !== null]).toEqual([isTaken, isTaken]);
          expect(callback.callId !== null).toBe(callback.state === 'calling');
          expect(callback.endedAtMs !== null).toBe(isFinal(callback.state));
          if (callback.state === 'open') expect(callback.tries).toBeLessThan(defaultRetries.maxTries);
        }
      }),
    );
  });

  it('of any number who claim at one moment exactly one has it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 20 }), (agents) => {
        let callback = start;
        const winners = agents.filter((agentId) => {
          const next = nextCallback(callback, { kind: 'claimed', agentId, atMs: 5 });
          if ('callback' in next) callback = next.callback;
          return 'callback' in next;
        });
        expect(winners).toEqual([agents[0]]);
      }),
    );
  });
});

describe('who may', () => {
  const reach: Reach = { userId: 'ana', queueIds: new Set(['q']), others: { agentIds: new Set(), queueIds: new Set() }, manages: false };
  const boss: Reach = { userId: 'boss', queueIds: new Set(), others: { agentIds: new Set(['lin']), queueIds: new Set(['r']) }, manages: true };
  it('take one on: whoever it was given to, else whoever serves the queue', () => {
    expect([mayClaim(reach, { agentId: null, queueId: 'q' }), mayClaim(reach, { agentId: null, queueId: 'r' }), mayClaim(reach, { agentId: 'lin', queueId: 'q' }), mayClaim(reach, { agentId: 'ana', queueId: 'r' })]).toEqual([true, false, false, true]);
  });
  it('arrange one: who may take it on, who made it, and who looks after those people and queues', () => {
    const lins = { agentId: 'lin', queueId: null, createdBy: null };
    expect([mayArrange(reach, lins), mayArrange(reach, { ...lins, createdBy: 'ana' }), mayArrange(boss, lins), mayArrange({ ...boss, manages: false }, lins)]).toEqual([false, true, true, false]);
    expect([mayArrange(boss, { agentId: null, queueId: 'r', createdBy: null }), mayArrange(boss, { agentId: null, queueId: 'q', createdBy: null }), mayArrange({ ...boss, others: null }, { agentId: 'x', queueId: null, createdBy: null })]).toEqual([true, false, true]);
  });
});

it('a kept place is called as its queue wants', () => {
  expect(planPlaceCall('agentFirst')).toEqual({ first: 'agent', holdsAgent: true, whenCustomerAnswers: 'joinAgent' });
  expect(planPlaceCall('customerFirst')).toEqual({ first: 'customer', holdsAgent: false, whenCustomerAnswers: 'waitInKeptPlace' });
  expect(planPlaceCall('off')).toEqual(planPlaceCall('agentFirst'));
});

describe('the zone of a number', () => {
  it('is the country’s, when it has one clock', () => {
    expect(zonesOfCountry('TW')).toEqual(['Asia/Taipei']);
    expect(zonesOfCountry(null)).toEqual([]);
    expect(zonesOfCountry('??')).toEqual([]);
  });
  it('is to be chosen among clocks that differ, the most peopled first', () => {
    expect(zonesOfCountry('ES')).toEqual(['Europe/Madrid', 'Atlantic/Canary']);
    const american = zonesOfCountry('US');
    expect(american.slice(0, 4)).toEqual(['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles']);
    expect(american.length).toBeLessThan(10);
  });
  it('begins with the company’s own', () => {
    expect(guessZone(['Europe/Madrid', 'Atlantic/Canary'], 'Atlantic/Canary')).toBe('Atlantic/Canary');
    expect(guessZone(['Asia/Taipei'], 'Europe/Madrid')).toBe('Asia/Taipei');
    expect(guessZone([], 'Europe/Madrid')).toBe('Europe/Madrid');
  });
});
