import { describe, expect, test } from 'vitest';
import { ExpectedWaits } from './expected-wait.ts';
import { AnswerPace, spokenWait } from './expected-wait-rules.ts';
import { promptsForWait } from './spoken-wait-rules.ts';

const minute = 60_000;

/** Callers always wait, and one is answered every `everyMs`. */
function steadyQueue(pace: AnswerPace, agents: number, everyMs: number, answers: number): void {
  pace.agentsAre(agents, 0);
  pace.waitingIs(10, 0);
  for (let answer = 1; answer <= answers; answer += 1) pace.advanced(answer * everyMs);
}

describe('the expected wait', () => {
  test('of the next caller is the time between two answers, and of those behind less than so many times it: some hang up', () => {
    const pace = new AnswerPace();
    steadyQueue(pace, 4, 30_000, 400);
    const [first = 0, fifth = 0] = [1, 5].map((position) => pace.expectedWaitMs(position) ?? 0);
    expect(first).toBeCloseTo(30_000, -2);
    expect(fifth).toBeGreaterThan(4 * first);
    expect(fifth).toBeLessThan(5 * first);
  });

  test('halves at once when twice as many agents are at work, and is unknown while none is', () => {
    const pace = new AnswerPace();
    steadyQueue(pace, 4, 30_000, 400);
    const before = pace.expectedWaitMs(1) ?? 0;
    pace.agentsAre(8, 400 * 30_000);
    expect(pace.expectedWaitMs(1)).toBeCloseTo(before / 2);
    pace.agentsAre(0, 400 * 30_000);
    expect(pace.expectedWaitMs(1)).toBeNull();
  });

  test('is what is usual before anything was seen', () => {
    const pace = new AnswerPace();
    pace.agentsAre(2, 0);
    expect(pace.expectedWaitMs(1)).toBe(2 * minute);
  });

  test('shortens when callers hang up sooner', () => {
    const [patient, hasty] = [new AnswerPace(), new AnswerPace()];
    steadyQueue(patient, 4, 30_000, 100);
    steadyQueue(hasty, 4, 30_000, 100);
    for (let one = 0; one < 30; one += 1) hasty.abandoned(100 * 30_000);
    expect(hasty.expectedWaitMs(1)).toBe(patient.expectedWaitMs(1));
    expect(hasty.expectedWaitMs(10) ?? 0).toBeLessThan(patient.expectedWaitMs(10) ?? 0);
  });
});

describe('folded from the ledger', () => {
  const start = () => {
    const waits = new ExpectedWaits();
    waits.agentsAre('q', 1, 0);
    waits.agentsAre('other', 1, 0);
    return { waits, fold: (callId: number, kind: string, atMs: number) => waits.fold({ callId: String(callId), kind, queueId: 'q', atMs }) };
  };

  test('each queue learns from its own calls that had to wait', () => {
    const { waits, fold } = start();
    for (let call = 0; call < 10; call += 1) fold(call, 'callQueued', 0);
    for (let call = 0; call < 300; call += 1) {
      const now = (call + 1) * minute;
      fold(call, 'callOffered', now);
      fold(call + 10, 'callQueued', now);
      fold(call, 'agentAnswered', now + 5_000);
    }
    expect(waits.of('q', 1)).toBeCloseTo(minute, -3);
    expect(waits.of('other', 1)).toBe(4 * minute);
  });

  test('nothing is learnt from calls that find an agent at once, however long it rings, nor from a night without callers', () => {
    const { waits, fold } = start();
    const before = waits.paceOf('q');
    for (let call = 0; call < 300; call += 1) {
      fold(call, 'callQueued', call * minute);
      fold(call, 'callOffered', call * minute);
      fold(call, 'agentAnswered', call * minute + 9_000);
    }
    fold(300, 'callQueued', 1_000 * minute);
    expect(waits.paceOf('q')).toEqual(before);
  });

  test('a call that comes back has not got on, and one that hangs up while it rings waits no more', () => {
    const { waits, fold } = start();
    fold(1, 'callQueued', 0);
    fold(1, 'callOffered', minute);
    const offered = waits.paceOf('q').workMsPerAnswer;
    fold(1, 'offerMissed', minute);
    expect(waits.paceOf('q').workMsPerAnswer).toBeGreaterThan(offered);
    fold(1, 'callOffered', minute);
    fold(1, 'callAbandoned', minute);
    const after = waits.paceOf('q');
    fold(2, 'callQueued', 100 * minute);
    expect(waits.paceOf('q')).toEqual(after);
  });

  test('late, repeated and unknown events change nothing', () => {
    const { waits, fold } = start();
    fold(1, 'callQueued', 0);
    fold(1, 'callOffered', minute);
    fold(1, 'agentAnswered', minute);
    const after = waits.paceOf('q');
    for (const kind of ['callOffered', 'agentAnswered', 'offerMissed', 'callAbandoned', 'callEnded', 'somethingNew']) fold(1, kind, minute);
    expect(waits.paceOf('q')).toEqual(after);
  });

  test('after a gap only those count who really wait', () => {
    const { waits, fold } = start();
    fold(1, 'callQueued', 0);
    waits.settle([{ callId: '2', queueId: 'q', sinceMs: 0 }], minute);
    const before = waits.paceOf('q');
    fold(1, 'callAbandoned', minute);
    expect(waits.paceOf('q')).toEqual(before);
    fold(2, 'callOffered', 2 * minute);
    expect(waits.paceOf('q').workMsPerAnswer).not.toBe(before.workMsPerAnswer);
  });
});

describe('what is said of it', () => {
  test.each([
    [0, 1, false],
    [61_000, 1, false],
    [90_000, 2, false],
    [4 * minute, 5, false],
    [11 * minute, 10, false],
    [12 * minute, 15, false],
    [33 * minute, 30, false],
    [40 * minute, 30, true],
  ])('%i ms: %i minutes, more: %s', (expectedMs, minutes, isMore) => {
    expect(spokenWait(expectedMs)).toEqual({ minutes, isMore });
  });

  test('is a whole sentence for one minute, else a number within two, and nothing when it is not known', () => {
    expect(promptsForWait(30_000)).toEqual([{ kind: 'sentence', name: 'waitIsAboutAMinute' }]);
    expect(promptsForWait(4 * minute)).toEqual([{ kind: 'sentence', name: 'waitIsAbout' }, { kind: 'number', value: 5 }, { kind: 'sentence', name: 'minutes' }]);
    expect(promptsForWait(60 * minute)).toEqual([{ kind: 'sentence', name: 'waitIsMoreThan' }, { kind: 'number', value: 30 }, { kind: 'sentence', name: 'minutes' }]);
    expect(promptsForWait(null)).toEqual([]);
  });
});
