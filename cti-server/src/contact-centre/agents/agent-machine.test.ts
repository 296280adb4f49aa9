import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Agent, type AgentEvent, newAgent, nextAgent } from './agent-machine.ts';

const at = 1_000;
const run = (agent: Agent, ...events: AgentEvent[]): Agent => events.reduce(nextAgent, agent);
const ready = (): Agent => run(newAgent('ana', 0), { kind: 'stateChosen', chosen: { state: 'ready' }, atMs: at });
const ringing = (): Agent => run(ready(), { kind: 'offered', callId: 'c', ringsUntilMs: at + 20_000, atMs: at + 5 });
const onCall = (): Agent => run(ringing(), { kind: 'answered', callId: 'c', atMs: at + 10 });
const lunch = { state: 'notReady', reasonCodeId: 'lunch' } as const;

describe('an agent', () => {
  it('is offered calls only when ready', () => {
    expect(run(newAgent('ana', 0), { kind: 'offered', callId: 'c', ringsUntilMs: 1, atMs: at }).status.state).toBe('offline');
    expect(ringing().status).toMatchObject({ state: 'ringing', callId: 'c' });
    expect(run(ringing(), { kind: 'offered', callId: 'other', ringsUntilMs: 1, atMs: at })).toEqual(ringing());
  });
  it('keeps the idle time when the caller hangs up while it rings', () => {
    expect(run(ringing(), { kind: 'offerWithdrawn', callId: 'c', atMs: at + 9_000 }).status).toMatchObject({ state: 'ready', idleSinceMs: at });
  });
  it('who misses a call gets no further one until they say so', () => {
    const missed = run(ringing(), { kind: 'offerMissed', callId: 'c', atMs: at + 20_000 });
    expect(missed.status.state).toBe('missed');
    expect(run(missed, { kind: 'stateChosen', chosen: { state: 'ready' }, atMs: at + 30_000 }).status.state).toBe('ready');
  });
  it('who chooses lunch during a call goes to lunch after wrap-up, not before', () => {
    const chosen = run(onCall(), { kind: 'stateChosen', chosen: lunch, atMs: at + 20 });
    expect(chosen.status.state).toBe('onCall');
    const after = run(chosen, { kind: 'callEnded', callId: 'c', wrapUpEndsAtMs: null, atMs: at + 30 });
    expect(after.status.state).toBe('wrapUp');
    expect(run(after, { kind: 'wrapUpCompleted', callId: 'c', atMs: at + 40 }).status).toMatchObject({ state: 'notReady', reasonCodeId: 'lunch' });
  });
  it('may take back what was chosen for afterwards', () => {
    const chosen = run(onCall(), { kind: 'stateChosen', chosen: lunch, atMs: at + 20 }, { kind: 'nextStateCancelled', atMs: at + 21 });
    expect(run(chosen, { kind: 'callEnded', callId: 'c', wrapUpEndsAtMs: null, atMs: at + 30 }, { kind: 'wrapUpCompleted', callId: 'c', atMs: at + 40 }).status.state).toBe('ready');
  });
  it('goes on at once where a queue has no after-call work', () => {
    expect(run(onCall(), { kind: 'callEnded', callId: 'c', wrapUpEndsAtMs: at + 30, atMs: at + 30 }).status).toMatchObject({ state: 'ready', idleSinceMs: at + 30 });
  });
  it('in timed wrap-up goes on by itself, unless more time was asked for', () => {
    const wrapping = run(onCall(), { kind: 'callEnded', callId: 'c', wrapUpEndsAtMs: at + 60_000, atMs: at + 30_000 });
    expect(run(wrapping, { kind: 'timePassed', atMs: at + 59_999 })).toBe(wrapping);
    expect(run(wrapping, { kind: 'timePassed', atMs: at + 60_000 }).status.state).toBe('ready');
    const more = { kind: 'wrapUpExtended', callId: 'c', bySeconds: 60, mostTimes: 1 } as const;
    expect(run(wrapping, { ...more, atMs: at + 40_000 }, { kind: 'timePassed', atMs: at + 60_000 }).status.state).toBe('wrapUp');
    expect(run(wrapping, { ...more, atMs: at + 40_000 }, { kind: 'timePassed', atMs: at + 160_000 }).status.state).toBe('ready');
    const once = run(wrapping, { ...more, atMs: at + 40_000 });
    expect(nextAgent(once, { ...more, atMs: at + 41_000 }), 'not more often than the queue allows').toBe(once);
  });
  it('who signs out during a call stays in it and is offline afterwards', () => {
    const leaving = run(onCall(), { kind: 'left', atMs: at + 20 });
    expect(leaving.status.state).toBe('onCall');
    expect(run(leaving, { kind: 'callEnded', callId: 'c', wrapUpEndsAtMs: null, atMs: at + 30 }, { kind: 'wrapUpCompleted', callId: 'c', atMs: at + 40 }).status.state).toBe('offline');
  });
  it('ignores news of a call that is not theirs', () => {
    for (const event of [
      { kind: 'answered', callId: 'x', atMs: at },
      { kind: 'offerMissed', callId: 'x', atMs: at },
      { kind: 'offerWithdrawn', callId: 'x', atMs: at },
    ] as const)
      expect(run(ringing(), event)).toEqual(ringing());
  });

  const anyEvent: fc.Arbitrary<AgentEvent> = fc
    .record({ pick: fc.nat(12), callId: fc.constantFrom('c1', 'c2'), atMs: fc.nat(100_000) })
    .map(({ pick, callId, atMs }): AgentEvent => {
      const all: AgentEvent[] = [
        { kind: 'stateChosen', chosen: { state: 'ready' }, atMs },
        { kind: 'stateChosen', chosen: lunch, atMs },
        { kind: 'stateChosen', chosen: { state: 'offline' }, atMs },
        { kind: 'nextStateCancelled', atMs },
        { kind: 'offered', callId, ringsUntilMs: atMs + 1, atMs },
        { kind: 'offerWithdrawn', callId, atMs },
        { kind: 'offerMissed', callId, atMs },
        { kind: 'answered', callId, atMs },
        { kind: 'callEnded', callId, wrapUpEndsAtMs: atMs + 10, atMs },
        { kind: 'deviceLost', callId, atMs },
        { kind: 'wrapUpCompleted', callId, atMs },
        { kind: 'timePassed', atMs },
        { kind: 'left', atMs },
      ];
      return all[pick] ?? { kind: 'timePassed', atMs };
    });

  it('whatever happens, is never stuck: the end of a call, wrap-up and a choice lead back to ready', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let agent = newAgent('ana', 0);
        for (const event of events) {
          const next = nextAgent(agent, event);
          expect(next.version).toBe(next === agent ? agent.version : agent.version + 1);
          if (next.status.state !== 'ringing' && next.status.state !== 'onCall' && next.status.state !== 'wrapUp') expect(next.nextState).toBeNull();
          agent = next;
        }
        const callId = 'callId' in agent.status ? agent.status.callId : '';
        agent = run(
          agent,
          { kind: 'nextStateCancelled', atMs: at },
          { kind: 'offerMissed', callId, atMs: at },
          { kind: 'callEnded', callId, wrapUpEndsAtMs: null, atMs: at },
          { kind: 'wrapUpCompleted', callId, atMs: at },
          { kind: 'stateChosen', chosen: { state: 'ready' }, atMs: at },
        );
        expect(agent.status.state).toBe('ready');
      }),
      { numRuns: 2_000 },
    );
  });
});
