import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAgent, newAgent, type Agent, type AgentEvent } from '../agents/index.ts';
import { dueAtMs, nextCall as nextCallBy } from './call-machine.ts';
import { houseOf } from './call-walks.testing.ts';
import { type Call, type CallEvent, type CallStep, type LedgerEntry, newCall, type QueueRules, rejoinGraceMs } from './call-types.ts';

const rules: QueueRules = {
  playGreeting: false,
  announcePosition: true,
  announceEverySeconds: 30,
  ringTimeoutSeconds: 20,
  maxWaitSeconds: null,
  shortAbandonSeconds: 5,
  wrapUpSeconds: 30,
};
const nextCall = (call: Call, event: CallEvent, queue: QueueRules | null): CallStep | null => nextCallBy(call, event, houseOf(queue));
const start = 1_000_000;
const fresh = (): Call =>
  newCall({
    id: '018f0000-0000-7000-8000-000000000001',
    lineId: 'main',
    customerLegId: 'customer',
    fromRaw: '+34600111222',
    fromName: '',
    fromE164: '+34600111222',
    country: 'ES',
    dialledNumber: '900',
    startedAtMs: start,
    answeredLeg: false,
  });

/** Applies events one after the other; each must mean something. */
function after(call: Call, events: CallEvent[], queue: QueueRules | null = rules): { call: Call; steps: CallStep[] } {
  const steps: CallStep[] = [];
  for (const event of events) {
    const step = nextCall(call, event, queue);
    if (!step) throw new Error(`${event.kind} meant nothing in ${call.status.state}`);
    steps.push(step);
    call = step.call;
  }
  return { call, steps };
}
const routed: CallEvent = { kind: 'routed', queueId: 'q', atMs: start };
const assigned: CallEvent = { kind: 'agentAssigned', agentId: 'ana', device: 'browser', endpoint: 'b-1', atMs: start + 10 };
const answered: CallEvent = { kind: 'legAnswered', legId: '018f0000-0000-7000-8000-000000000001-a1', atMs: start + 3_000 };
const talking = (): Call => after(fresh(), [routed, assigned, answered]).call;
const customerHangsUp = (atMs: number): CallEvent => ({ kind: 'legEnded', legId: 'customer', cause: 'normal', atMs });
const kinds = (ledger: readonly LedgerEntry[]): string[] => ledger.map((entry) => entry.kind);

describe('a call', () => {
  it('plays the greeting whole before it enters the queue', () => {
    const queue = { ...rules, playGreeting: true };
    const { call, steps } = after(fresh(), [routed], queue);
    expect(call.status.state).toBe('greeting');
    expect(kinds(steps[0]!.ledger)).toEqual(['callArrived']);
    const heard = nextCall(call, { kind: 'playbackEnded', playbackId: 'playbackId' in call.status ? call.status.playbackId! : '', atMs: start + 4_000 }, queue);
    expect(heard?.call.status.state).toBe('waiting');
    expect(kinds(heard!.ledger)).toEqual(['callQueued']);
  });

  it('whose greeting breaks off waits a moment for the news that the caller hung up, and enters the queue without it', () => {
    const queue = { ...rules, playGreeting: true };
    const { call } = after(fresh(), [routed], queue);
    const broken: CallEvent = { kind: 'playbackEnded', playbackId: 'playbackId' in call.status ? call.status.playbackId! : '', completed: false, atMs: start + 1_000 };
    const gone = after(call, [broken, customerHangsUp(start + 1_005)], queue);
    expect(gone.call.outcome).toBe('abandonedBeforeQueue');
    expect(gone.steps.flatMap((step) => kinds(step.ledger))).toEqual(['callEnded']);
    const there = after(call, [broken], queue);
    expect(after(there.call, [{ kind: 'timePassed', atMs: dueAtMs(there.call, queue) ?? 0 }], queue).call.status.state).toBe('waiting');
  });

  it('to a number that no queue answers hears why and is ended by the system', () => {
    const { call } = after(fresh(), [{ kind: 'routed', queueId: null, atMs: start }], null);
    expect(call.status.state).toBe('refusing');
    const end = nextCall(call, { kind: 'playbackEnded', playbackId: 'playbackId' in call.status ? call.status.playbackId! : '', atMs: start + 5_000 }, null);
    expect(end?.call).toMatchObject({ outcome: 'notInService', endedBy: 'system', status: { state: 'ended' } });
  });

  it('given up within the tolerance is a short abandon, later an abandon', () => {
    const waiting = after(fresh(), [routed]).call;
    expect(nextCall(waiting, customerHangsUp(start + 4_999), rules)?.call.outcome).toBe('shortAbandoned');
    expect(nextCall(waiting, customerHangsUp(start + 5_000), rules)?.call.outcome).toBe('abandoned');
  });

  it('that an agent does not take goes back to the head of its queue with its first waiting time', () => {
    const ringing = after(fresh(), [routed, assigned]).call;
    const back = nextCall(ringing, { kind: 'agentRefused', agentId: 'ana', atMs: start + 9_000 }, rules);
    expect(back?.call).toMatchObject({ returned: true, queuedAtMs: start, status: { state: 'waiting' } });
    expect(back?.agents).toEqual([{ agentId: 'ana', kind: 'offerMissed' }]);
  });

  it('ended by the caller while it rings leaves the agent as ready as before', () => {
    const ringing = after(fresh(), [routed, assigned]).call;
    const end = nextCall(ringing, customerHangsUp(start + 2_000), rules);
    expect(end?.agents).toEqual([{ agentId: 'ana', kind: 'offerWithdrawn' }]);
    expect(end?.effects).toContainEqual({ kind: 'hangUp', legId: '018f0000-0000-7000-8000-000000000001-a1' });
  });

  it('ended by the caller in the same instant as the answer is settled the same way in either order of telling', () => {
    const ringing = after(fresh(), [routed, assigned]).call;
    const answeredFirst = after(ringing, [answered, customerHangsUp(start + 3_000)]).call;
    expect(answeredFirst).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    const endedFirst = after(ringing, [customerHangsUp(start + 3_000)]).call;
    expect(nextCall(endedFirst, answered, rules)).toBeNull();
    expect(endedFirst).toMatchObject({ outcome: 'shortAbandoned' });
  });

  it('lives on with music when the agent’s browser vanishes, and goes on talking when it is back', () => {
    const lost = after(talking(), [{ kind: 'legEnded', legId: answered.kind === 'legAnswered' ? answered.legId : '', cause: 'normal', atMs: start + 9_000 }]);
    expect(lost.call.status.state).toBe('rejoining');
    expect(lost.steps[0]!.effects).toEqual([{ kind: 'leave', legId: 'customer' }, { kind: 'startMusic', legId: 'customer' }]);
    const placed = after(lost.call, [{ kind: 'agentRejoins', agentId: 'ana', device: 'browser', endpoint: 'b-2', atMs: start + 10_000 }]).call;
    const legId = 'legId' in placed.status ? placed.status.legId! : '';
    const back = after(placed, [{ kind: 'legAnswered', legId, atMs: start + 11_000 }]).call;
    expect(back.status).toMatchObject({ state: 'talking', agentId: 'ana', legId });
  });

  it('whose agent never comes back is served by somebody else, as a new entry of the queue', () => {
    const lost = after(talking(), [{ kind: 'legEnded', legId: '018f0000-0000-7000-8000-000000000001-a1', cause: 'normal', atMs: start + 9_000 }]).call;
    const again = nextCall(lost, { kind: 'timePassed', atMs: start + 9_000 + rejoinGraceMs }, rules);
    expect(again?.call).toMatchObject({ returned: true, outcome: null, agentId: null, status: { state: 'waiting' } });
    expect(kinds(again!.ledger)).toEqual(['agentLost', 'callQueued']);
    expect(again?.agents).toEqual([{ agentId: 'ana', kind: 'deviceLost' }]);
  });

  it('on a desk phone ends when the agent puts the receiver down', () => {
    const onPhone = after(fresh(), [routed, { ...assigned, device: 'deskPhone' } as CallEvent, answered]).call;
    const end = nextCall(onPhone, { kind: 'legEnded', legId: '018f0000-0000-7000-8000-000000000001-a1', cause: 'normal', atMs: start + 9_000 }, rules);
    expect(end?.call).toMatchObject({ endedBy: 'agent', status: { state: 'ended' } });
    expect(end?.effects).toContainEqual({ kind: 'hangUp', legId: 'customer' });
  });

  it('compared after a gap counts an answer that was not told', () => {
    const ringing = after(fresh(), [routed, assigned]).call;
    const legId = '018f0000-0000-7000-8000-000000000001-a1';
    const step = nextCall(ringing, { kind: 'compared', aliveLegIds: new Set(['customer', legId]), answeredLegIds: new Set(['customer', legId]), roomLegIds: new Set(), atMs: start + 8_000 }, rules);
    expect(step?.call.status.state).toBe('talking');
  });

  it('compared after a gap in which the ringing ended waits first in line, and the agent has missed nothing', () => {
    const ringing = after(fresh(), [routed, assigned]).call;
    const gone = { kind: 'compared', aliveLegIds: new Set(['customer']), answeredLegIds: new Set(['customer']), roomLegIds: new Set<string>() } as const;
    const step = nextCall(ringing, { ...gone, atMs: start + 8_000 }, rules);
    expect(step?.call).toMatchObject({ returned: true, status: { state: 'waiting' } });
    expect(step?.agents).toEqual([{ agentId: 'ana', kind: 'offerWithdrawn' }]);
    const late = nextCall(ringing, { ...gone, atMs: start + 600_000 }, rules);
    expect(late?.agents).toEqual([{ agentId: 'ana', kind: 'offerMissed' }]);
  });

  it('compared after a gap in which the caller left is ended', () => {
    const step = nextCall(talking(), { kind: 'compared', aliveLegIds: new Set(), answeredLegIds: new Set(), roomLegIds: new Set(), atMs: start + 8_000 }, rules);
    expect(step?.call).toMatchObject({ endedBy: 'customer', status: { state: 'ended' } });
  });
});

/** Events that fit, nearly fit, or do not fit the present state, chosen by a number. */
function someEvent(call: Call, pick: number, atMs: number): CallEvent {
  const { status } = call;
  const legId = 'legId' in status && status.legId !== null ? status.legId : `${call.id}-a${String(pick % 4)}`;
  const playbackId = 'playbackId' in status && status.playbackId !== null ? status.playbackId : `${call.id}-p${String(pick % 4)}`;
  const agentId = 'agentId' in status && pick % 7 !== 0 ? status.agentId : pick % 2 === 0 ? 'ana' : 'bruno';
  const device = pick % 5 === 0 ? 'deskPhone' : 'browser';
  const causes = ['normal', 'busy', 'noAnswer', 'refused', 'unreachable', 'unknown'] as const;
  const cause = causes[pick % causes.length] ?? 'normal';
  const all: CallEvent[] = [
    { kind: 'agentAssigned', agentId: pick % 3 === 0 ? 'ana' : 'bruno', device, endpoint: 'e', atMs },
    { kind: 'agentAssigned', agentId: 'ana', device, endpoint: 'e', atMs },
    { kind: 'legAnswered', legId, atMs },
    { kind: 'legAnswered', legId, atMs },
    { kind: 'legEnded', legId, cause, atMs },
    { kind: 'legEnded', legId: 'customer', cause, atMs },
    { kind: 'playbackEnded', playbackId, atMs },
    { kind: 'agentRefused', agentId, atMs },
    { kind: 'agentHungUp', agentId, atMs },
    { kind: 'agentHeld', agentId, atMs },
    { kind: 'agentResumed', agentId, atMs },
    { kind: 'agentRejoins', agentId, device, endpoint: 'e2', atMs },
    { kind: 'released', endedBy: 'system', atMs },
    { kind: 'timePassed', atMs },
    { kind: 'timePassed', atMs: dueAtMs(call, rules) ?? atMs },
    { kind: 'customerRecognised', customerId: pick % 2 === 0 ? 'c1' : 'c2', atMs },
    {
      kind: 'compared',
      aliveLegIds: new Set([...(pick % 6 === 0 ? [] : ['customer']), ...(pick % 2 === 0 ? [legId] : [])]),
      answeredLegIds: new Set(pick % 4 === 0 ? [legId] : []),
      roomLegIds: new Set(pick % 3 === 0 ? [legId, 'customer'] : []),
      atMs,
    },
    { kind: 'routed', queueId: 'q', atMs },
  ];
  return all[pick % all.length] ?? { kind: 'timePassed', atMs };
}

describe('any sequence of events, late, repeated or impossible', () => {
  const runs = fc.record({
    greeting: fc.boolean(),
    maxWait: fc.option(fc.integer({ min: 10, max: 60 })),
    picks: fc.array(fc.record({ pick: fc.nat(10_000), pauseMs: fc.nat(30_000), isTwice: fc.boolean() }), { minLength: 1, maxLength: 60 }),
  });

  it('keeps the ledger whole, each entry with one outcome, and no agent stuck', () => {
    fc.assert(
      fc.property(runs, ({ greeting, maxWait, picks }) => {
        const queue: QueueRules = { ...rules, playGreeting: greeting, maxWaitSeconds: maxWait };
        const agents = new Map<string, Agent>();
        const ledger: LedgerEntry[] = [];
        let call = fresh();
        let now = start;
        const apply = (event: CallEvent): void => {
          const ended = call.status.state === 'ended';
          const step = nextCall(call, event, queue);
          if (!step) return;
          expect(step.call.version).toBe(call.version + 1);
          if (ended) expect(step.call.status.state).toBe('ended');
          ledger.push(...step.ledger);
          for (const consequence of step.agents) {
            const before = agents.get(consequence.agentId) ?? { ...newAgent(consequence.agentId, start), status: { state: 'ready', sinceMs: start, idleSinceMs: start } as const };
            const next = nextAgent(before, { ...consequence, callId: call.id, atMs: event.atMs } as AgentEvent);
            expect(next, `${consequence.kind} fits an agent who is ${before.status.state}`).not.toBe(before);
            agents.set(consequence.agentId, next);
          }
          call = step.call;
        };
        apply({ ...routed, atMs: now });
        for (const { pick, pauseMs, isTwice } of picks) {
          now += pauseMs;
          const event = someEvent(call, pick, now);
          // an agent is only assigned when ready, as routing sees to
          if (event.kind === 'agentAssigned' && call.status.state === 'waiting') {
            const agent = agents.get(event.agentId);
            if (agent && agent.status.state !== 'ready') agents.set(event.agentId, { ...agent, status: { state: 'ready', sinceMs: now, idleSinceMs: now } });
          }
          apply(event);
          if (isTwice && (event.kind === 'legAnswered' || event.kind === 'legEnded' || event.kind === 'playbackEnded')) {
            const before = call;
            apply(event);
            expect(call, 'the same news twice changes nothing').toBe(before);
          }
        }
        // the caller's end is always possible and always enough
        apply(customerHangsUp(now + 1));
        expect(call.status.state).toBe('ended');
        for (const agent of agents.values()) expect(['ringing', 'onCall']).not.toContain(agent.status.state);
        expect(ledger.map((entry) => entry.seq)).toEqual(ledger.map((_, index) => index + 1));
        const outcomes = { callQueued: 0, agentAnswered: 0, callAbandoned: 0, callFlowedOut: 0 };
        for (const entry of ledger) {
          if (entry.kind in outcomes) outcomes[entry.kind as keyof typeof outcomes] += 1;
          const { callQueued, agentAnswered, callAbandoned, callFlowedOut } = outcomes;
          expect(callQueued - agentAnswered - callAbandoned - callFlowedOut, 'waiting calls of one call: none or one').toBeGreaterThanOrEqual(0);
          expect(callQueued - agentAnswered - callAbandoned - callFlowedOut).toBeLessThanOrEqual(1);
        }
        expect(outcomes.callQueued).toBe(outcomes.agentAnswered + outcomes.callAbandoned + outcomes.callFlowedOut);
        expect(ledger.filter((entry) => entry.kind === 'callEnded')).toHaveLength(1);
      }),
      { numRuns: 2_000, verbose: 1 },
    );
  });
});
