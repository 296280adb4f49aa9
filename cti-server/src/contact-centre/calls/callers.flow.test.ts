import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import type { Prompt } from '../../telephony/port.ts';
import { until } from '../../until.testing.ts';

const sentence = (name: string): Prompt => ({ kind: 'sentence', name }) as Prompt;

describe.each(fanOuts)('a caller, with jobs and fan-out over $over', ({ redis }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ redis, promptMs: 300 });
    await house.queue('910', ['ana'], { shortAbandonSeconds: 5 });
    await house.queue('911', ['ana'], { announcePosition: true, announceEverySeconds: 15 });
    await house.queue('912', ['ana'], { maxWaitSeconds: 10 });
    await house.queue('913', ['ana'], { playGreeting: true });
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  const outcomeOf = async (callId: string): Promise<string | null> => (await house.untilEnded(callId)).outcome;

  it('hears the greeting whole, then music, before anybody is rung', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const caller = house.rings('913');
    await until('the greeting', () => caller.hears().prompts?.some((prompt) => prompt.kind === 'sentence' && prompt.name === 'welcome'));
    expect(house.line.inspect().legs).toHaveLength(1);
    await ana.untilState('ringing');
    expect(caller.hears()).toMatchObject({ music: true, prompts: null });
  });

  it('who hangs up in the greeting never entered a queue', async () => {
    const caller = house.rings('913');
    const callId = await caller.callId();
    caller.hangsUp();
    expect(await outcomeOf(callId)).toBe('abandonedBeforeQueue');
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callEnded']);
  });

  it('who hangs up in the queue at once is a short abandon, and later an abandon', async () => {
    const hasty = house.rings('910');
    const hastyId = await hasty.callId();
    await house.untilLedger(hastyId, 'callQueued');
    hasty.hangsUp();
    expect(await outcomeOf(hastyId)).toBe('shortAbandoned');
    const patient = house.rings('910');
    const patientId = await patient.callId();
    await house.untilLedger(patientId, 'callQueued');
    await house.clock.pass(6_000);
    patient.hangsUp();
    expect(await outcomeOf(patientId)).toBe('abandoned');
    expect((await house.untilLedger(patientId, 'callAbandoned')).data).toMatchObject({ short: false });
  });

  it('who hangs up while it rings leaves the agent ready, as idle as before', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const caller = house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    caller.hangsUp();
    await ana.untilState('ready');
    expect(await outcomeOf(callId)).toBe('shortAbandoned');
    await until('no phone rings', () => house.line.inspect().legs.length === 0);
    expect((await house.callRow(callId)).agentId).toBeNull();
  });

  it('who hangs up at the instant of the answer leaves nothing behind, whichever came first', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    for (const order of ['answer first', 'hang-up first'] as const) {
      const caller = house.rings('910');
      await ana.until('it rings', (desk) => desk.agent.status.state === 'ringing' && desk.call?.state === 'ringing');
      const { callId } = ana;
      const leg = house.line.inspect().legs.find((one) => !one.arrived)?.legId ?? '';
      const acts = [() => house.line.agentPicksUp(leg), () => caller.hangsUp()];
      for (const act of order === 'answer first' ? acts : acts.reverse()) act();
      const outcome = await outcomeOf(callId);
      expect(outcome).toBe(order === 'answer first' ? 'answered' : 'shortAbandoned');
      if (outcome === 'answered') {
        await ana.untilState('wrapUp');
        await ana.wrapsUp();
      }
      await ana.untilState('ready');
      await until('the switch is empty', () => house.line.inspect().legs.length + house.line.inspect().rooms.length === 0);
    }
  });

  it('hears all agents are busy and that they are next; the second hears their position', async () => {
    const first = house.rings('911');
    const firstId = await first.callId();
    await house.untilLedger(firstId, 'callQueued');
    const second = house.rings('911', '+34600111223');
    await house.untilLedger(await second.callId(), 'callQueued');
    const heard = new Map<string, Prompt[]>();
    await house.clock.hurry(
      () =>
        until('both were told', () => {
          for (const caller of [first, second]) {
            const { prompts } = caller.hears();
            if (prompts && !heard.has(caller.legId)) heard.set(caller.legId, [...prompts]);
          }
          return heard.size === 2;
        }),
      4,
    );
    expect(heard.get(first.legId)).toEqual([sentence('allAgentsBusy'), sentence('youAreNext')]);
    expect(heard.get(second.legId)).toEqual([sentence('allAgentsBusy'), sentence('yourPositionIs'), { kind: 'number', value: 2 }]);
    await until('music again', () => first.hears().music && first.hears().prompts === null);
  });

  it('on a number that nobody configured is told so and let go, and no queue counts it', async () => {
    const caller = house.rings('999');
    const callId = await caller.callId();
    await until('the announcement', () => caller.hears().prompts?.[0] ?? house.line.inspect().legs.length === 0);
    const row = await house.untilEnded(callId);
    expect(row).toMatchObject({ outcome: 'notInService', queueId: null, endedBy: 'system' });
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callNotInService', 'callEnded']);
  });

  it('who waited the longest that the queue allows flows out with an announcement', async () => {
    const caller = house.rings('912');
    const callId = await caller.callId();
    await house.untilLedger(callId, 'callQueued');
    await house.clock.hurry(() => house.untilLedger(callId, 'callFlowedOut'));
    expect(await outcomeOf(callId)).toBe('flowedOut');
    await until('the leg is gone', () => house.line.inspect().legs.length === 0);
  });

  it('in whose last second an agent comes free is answered rather than sent away', async () => {
    const caller = house.rings('912');
    const callId = await caller.callId();
    await house.untilLedger(callId, 'callQueued');
    await house.clock.pass(7_000);
    const ana = await house.agentAt('ana');
    await ana.untilState('onCall');
    await house.clock.pass(15_000);
    expect((await house.callRow(callId)).outcome).toBe('answered');
    expect(caller.hears().legs).toHaveLength(1);
  });

  it('is not sent away by the longest wait while a phone rings for them', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const caller = house.rings('912');
    await ana.untilState('ringing');
    await house.clock.pass(12_000);
    expect(ana.state).toBe('ringing');
    house.line.agentPicksUp(house.line.inspect().legs.find((one) => !one.arrived)?.legId ?? '');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
  });

  it('whose number is absurd is served all the same', async () => {
    const ana = await house.agentAt('ana');
    for (const number of ['anonymous', '+', '0'.repeat(60), '🤷', "'; drop table calls; --"]) {
      const caller = house.rings('910', number);
      await ana.untilState('onCall');
      expect(ana.desk?.pop).toMatchObject({ match: 'none', number: { e164: null } });
      caller.hangsUp();
      await ana.untilState('wrapUp');
      await ana.wrapsUp();
      await ana.untilState('ready');
    }
  });
});
