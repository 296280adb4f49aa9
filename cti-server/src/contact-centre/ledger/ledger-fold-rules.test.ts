import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CountsSince, type FoldedEvent, foldEvent, noCounts, type QueueCounts, stillWaiting } from './ledger-fold-rules.ts';

const fold = (events: readonly FoldedEvent[], serviceLevelSeconds = 20): QueueCounts => {
  const counts = noCounts();
  for (const event of events) foldEvent(counts, event, serviceLevelSeconds);
  return counts;
};
const queued: FoldedEvent = { kind: 'callQueued', data: {} };
const answered = (waitedMs: number): FoldedEvent => ({ kind: 'agentAnswered', data: { waitedMs } });
const abandoned = (short: boolean): FoldedEvent => ({ kind: 'callAbandoned', data: { short } });
const flowedOut: FoldedEvent = { kind: 'callFlowedOut', data: {} };

it('an answer counts as in time up to the very millisecond of the service level', () => {
  expect(fold([queued, answered(20_000), queued, answered(20_001)])).toMatchObject({ answered: 2, answeredInTime: 1, waitMsOfAnswered: 40_001 });
});

it('short abandons are counted apart from abandons', () => {
  expect(fold([queued, abandoned(true), queued, abandoned(false)])).toMatchObject({ offered: 2, abandoned: 1, shortAbandoned: 1 });
});

it('a call that enters again after its agent was lost is offered again, and its first answer stays an answer', () => {
  const counts = fold([queued, answered(1_000), { kind: 'agentLost', data: {} }, { kind: 'callQueued', data: { again: true } }, answered(500)]);
  expect(counts).toMatchObject({ offered: 2, answered: 2 });
  expect(stillWaiting(counts)).toBe(0);
});

it('whatever is no figure changes none', () => {
  for (const kind of ['callArrived', 'customerRecognised', 'callOffered', 'offerMissed', 'offerRefused', 'callHeld', 'callResumed', 'agentLegLost', 'agentRejoined', 'callNotInService', 'callEnded', 'unheardOf']) {
    expect(fold([{ kind, data: { waitedMs: 5, short: true } }])).toEqual(noCounts());
  }
});

it('offered is always answered + abandoned + short abandoned + flowed out + still waiting', () => {
  const ending = fc.oneof(fc.nat(60_000).map(answered), fc.boolean().map(abandoned), fc.constant(flowedOut), fc.constant(null));
  fc.assert(
    fc.property(fc.array(ending), (endings) => {
      const counts = fold(endings.flatMap((end) => (end === null ? [queued] : [queued, end])));
      expect(stillWaiting(counts)).toBe(endings.filter((end) => end === null).length);
      expect(counts.offered).toBe(counts.answered + counts.abandoned + counts.shortAbandoned + counts.flowedOut + stillWaiting(counts));
    }),
  );
});

it('within any part of the ledger, begun and ended anywhere, the equation holds', () => {
  const ending = fc.oneof(fc.nat(60_000).map(answered), fc.boolean().map(abandoned), fc.constant(flowedOut), fc.constant(null));
  fc.assert(
    fc.property(fc.array(ending, { maxLength: 20 }), fc.infiniteStream(fc.nat(1_000)), fc.nat(1_000), (endings, times, midnight) => {
      const events = endings.flatMap((end, call) => {
        const begins = times.next().value as number;
        const lasts = times.next().value as number;
        const at = { callId: String(call), queueId: 'q' };
        return [{ ...queued, ...at, atMs: begins }, ...(end === null ? [] : [{ ...end, ...at, atMs: begins + lasts }])];
      });
      const since = new CountsSince(() => 20);
      for (const event of events.filter(({ atMs }) => atMs >= midnight).sort((a, b) => a.atMs - b.atMs || (a.kind === 'callQueued' ? -1 : 1))) since.add(event);
      const waiting = endings.flatMap((end, call) => (end === null ? [{ callId: String(call), queueId: 'q' }] : []));
      since.settle(waiting);
      expect(stillWaiting(since.of('q'))).toBe(waiting.length);
    }),
  );
});
