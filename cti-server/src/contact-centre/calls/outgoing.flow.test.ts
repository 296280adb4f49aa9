import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../app.testing.ts';
import type { Console } from '../../console.testing.ts';
import type { CallTargets, Desk } from '../../contracts/index.ts';
import { newId } from '../../platform/ids.ts';
import { until } from '../../until.testing.ts';

describe('calls that agents make', () => {
  let house: House;
  let ana: Console;
  beforeAll(async () => {
    house = await openHouse({});
    await house.queue('910', ['ana', 'bruno']);
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  const dial = (who: Console, what: Record<string, unknown>, id = newId(Date.now())): Promise<Desk> => who.do<Desk>('POST', '/api/calls', { id, ...what });
  const legs = (): number => house.line.inspect().legs.length;

  it('ring the number once the agent’s own device is there, and are written down with who was called', async () => {
    const marta = await house.customer('Marta Outbound', '+34600700100');
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    house.line.numberDoes('+34600700100', { kind: 'answers', afterMs: 30 });
    const { call } = await dial(ana, { number: '600 700 100', customerId: marta.id });
    expect(call).toMatchObject({ direction: 'outbound', state: 'dialling', from: { e164: '+34600700100', country: 'ES' } });
    await ana.until('they talk', (desk) => desk.call?.state === 'talking');
    const { callId } = ana;
    await ana.hangsUp();
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered', endedBy: 'agent', customerId: marta.id, direction: 'outbound' });
    expect(await house.kinds(callId)).toEqual(['callDialled', 'customerRings', 'customerAnswered', 'callEnded']);
    await ana.wrapsUp('Called back');
    await ana.untilState('ready');
    await until('nothing is left at the switch', () => legs() === 0);
  });

  for (const [what, onRing, outcome] of [
    ['busy', { kind: 'busy' }, 'busy'],
    ['not willing', { kind: 'refuses', afterMs: 10 }, 'rejected'],
    ['not answering', { kind: 'never' }, 'noAnswer'],
  ] as const) {
    it(`tell that the number is ${what}, and have wrap-up too`, async () => {
      ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
      house.line.numberDoes('+34600700200', onRing);
      const { call } = await dial(ana, { number: '+34600700200' });
      await ana.until('it is over', (desk) => desk.agent.status.state === 'wrapUp', house.clock);
      expect(await house.untilEnded(call?.id ?? '')).toMatchObject({ outcome, answeredAt: null });
      await ana.wrapsUp();
      await ana.untilState('ready');
    });
  }

  it('are one call however often they are asked for', async () => {
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    house.line.numberDoes('+34600700300', { kind: 'byHand' });
    const id = newId(Date.now());
    const answers = await Promise.all(Array.from({ length: 5 }, () => ana.ask<Desk>('POST', '/api/calls', { id, number: '+34600700300' })));
    expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThan(0);
    await until('it rings', () => legs() === 2);
    await ana.do('POST', '/api/calls', { id, number: '+34600700300' });
    expect(legs()).toBe(2);
    await ana.hangsUp();
    expect(await house.untilEnded(id)).toMatchObject({ outcome: 'cancelled', endedBy: 'agent' });
  });

  it('go nowhere when the number is none, or barred, or the agent is not at work', async () => {
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    const body = (number: string) => ({ id: newId(Date.now()), number });
    expect(await ana.refused('POST', '/api/calls', body('12'))).toBe('400 notANumber');
    expect(await ana.refused('POST', '/api/calls', body('803123456'))).toBe('400 barredNumber');
    expect(await ana.refused('POST', '/api/calls', { number: '+34600700300' })).toBe('400 invalidBody');
    await ana.becomes({ state: 'offline' });
    expect(await ana.refused('POST', '/api/calls', body('+34600700300'))).toBe('409 agentNotFree');
    expect(legs()).toBe(0);
  });

  it('reach a colleague by name, who may refuse or talk; neither has wrap-up', async () => {
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    const bruno = await house.agentAt('bruno', { kind: 'answers', afterMs: 50 });
    const { call } = await dial(ana, { agentId: bruno.id });
    expect(call).toMatchObject({ direction: 'internal', peer: { agentId: bruno.id } });
    await bruno.until('it rings as a call of a colleague', (desk) => desk.role === 'colleague' && desk.call?.direction === 'internal');
    await bruno.until('they talk', (desk) => desk.call?.state === 'talking');
    await ana.until('they talk', (desk) => desk.call?.state === 'talking');
    await bruno.hangsUp();
    await ana.untilState('ready');
    await bruno.untilState('ready');
    bruno.device({ kind: 'refuses', afterMs: 20 });
    const second = await dial(ana, { agentId: bruno.id });
    expect(await house.untilEnded(second.call?.id ?? '')).toMatchObject({ outcome: 'rejected' });
    await ana.untilState('ready');
    await bruno.untilState('missed');
    expect(await ana.refused('POST', '/api/calls', { id: newId(Date.now()), agentId: bruno.id })).toBe('409 agentNotFree');
  });

  it('say who is free before anybody is asked', async () => {
    ana = await house.agentAt('ana');
    const bruno = await house.agentAt('bruno');
    const before = await ana.do<CallTargets>('GET', '/api/call-targets');
    expect(before.agents.find((agent) => agent.id === bruno.id)).toMatchObject({ name: expect.any(String) as string, free: true, state: 'ready' });
    expect(before.agents.some((agent) => agent.id === ana.id)).toBe(false);
    expect(before.callerNumbers.map((number) => number.number)).toContain('910');
    await bruno.becomes({ state: 'offline' });
    const after = await ana.do<CallTargets>('GET', '/api/call-targets?search=bru');
    expect(after.agents).toHaveLength(1);
    expect(after.agents[0]).toMatchObject({ free: false });
  });

  it('wait on hold while their agent makes a second one, and come back', async () => {
    ana = await house.agentAt('ana', { kind: 'answers', afterMs: 5 });
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const first = ana.callId;
    house.line.numberDoes('+34600700400', { kind: 'answers', afterMs: 20 });
    const { call } = await dial(ana, { number: '+34600700400' });
    expect(call?.direction).toBe('outbound');
    await ana.until('the second talks, the first waits', (desk) => desk.call?.id === call?.id && desk.call?.state === 'talking' && desk.parked.some((one) => one.id === first && one.state === 'parked'));
    await until('the first hears music', () => caller.hears().music);
    await ana.do('POST', `/api/calls/${first}/switch`);
    await ana.until('back with the first', (desk) => desk.call?.id === first && desk.call.state === 'talking');
    await until('who hears her again', () => !caller.hears().music && caller.hears().legs.length === 1);
    await ana.hangsUp();
    await ana.until('the second comes first, then after-call work', (desk) => desk.call?.id === call?.id && desk.call?.state === 'parked' && desk.pendingWrapUps.length === 1);
    await ana.do('POST', `/api/calls/${call?.id ?? ''}/switch`);
    await ana.until('talking', (desk) => desk.call?.state === 'talking');
    await ana.hangsUp();
    await ana.untilState('wrapUp');
  });
});
