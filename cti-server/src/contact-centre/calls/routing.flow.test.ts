import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import type { Queue } from '../../contracts/index.ts';

describe.each(fanOuts)('who gets a call, with jobs and fan-out over $over', ({ redis }) => {
  let house: House;
  let rare: Queue;
  let urgent: Queue;
  let plain: Queue;
  beforeAll(async () => {
    house = await openHouse({ redis });
    const skill = await (await house.administrator()).do<{ id: string }>('POST', '/api/skills', { name: 'Rare' });
    rare = await house.queue('910', ['ana', 'bruno', 'lin'], { skills: [{ skillId: skill.id, minLevel: 2 }] });
    await house.assign('ana', { skills: [{ skillId: skill.id, level: 3 }] });
    await house.assign('bruno', { skills: [{ skillId: skill.id, level: 5 }] });
    await house.assign('lin', { skills: [{ skillId: skill.id, level: 1 }] });
    plain = await house.queue('911', ['ana', 'bruno', 'lin'], { priority: 10 });
    urgent = await house.queue('912', ['ana'], { priority: 90 });
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  it('the better skilled agent is preferred, and one below the level asked for never gets it', async () => {
    const lin = await house.agentAt('lin');
    const ana = await house.agentAt('ana');
    const bruno = await house.agentAt('bruno');
    house.rings('910');
    await bruno.untilState('onCall');
    house.rings('910', '+34600111223');
    await ana.untilState('onCall');
    const third = house.rings('910', '+34600111224');
    const callId = await third.callId();
    await house.untilLedger(callId, 'callQueued');
    expect(lin.state).toBe('ready');
    expect(await house.callRow(callId)).toMatchObject({ queueId: rare.id, agentId: null });
  });

  it('among equals the one idle longest gets it', async () => {
    const lin = await house.agentAt('lin');
    const ana = await house.agentAt('ana');
    const bruno = await house.agentAt('bruno');
    house.rings('911');
    await lin.untilState('onCall');
    house.rings('911', '+34600111223');
    await ana.untilState('onCall');
    house.rings('911', '+34600111224');
    await bruno.untilState('onCall');
  });

  it('the more urgent queue is served first, though its caller came later', async () => {
    const early = await house.rings('911').callId();
    const late = await house.rings('912', '+34600111223').callId();
    await house.untilLedger(early, 'callQueued');
    await house.untilLedger(late, 'callQueued');
    const ana = await house.agentAt('ana');
    await ana.untilState('onCall');
    expect(ana.callId).toBe(late);
    expect(ana.desk?.call?.queue?.id).toBe(urgent.id);
    await ana.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp();
    await ana.until('the earlier caller is served next', (desk) => desk.call?.id === early && desk.call.state === 'talking');
    expect(ana.desk?.call?.queue?.id).toBe(plain.id);
  });

  it('two callers and one agent: one talks, the other waits and is served next', async () => {
    const ana = await house.agentAt('ana');
    const first = await house.rings('911').callId();
    await ana.untilState('onCall');
    const second = await house.rings('911', '+34600111223').callId();
    await house.untilLedger(second, 'callQueued');
    expect(ana.callId).toBe(first);
    await ana.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp();
    await ana.until('the second talks', (desk) => desk.call?.id === second && desk.call.state === 'talking');
  });

  it('two agents and one caller: exactly one phone rings', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const bruno = await house.agentAt('bruno', { kind: 'byHand' });
    const callId = await house.rings('911').callId();
    await ana.untilState('ringing');
    expect(bruno.state).toBe('ready');
    expect((await house.kinds(callId)).filter((kind) => kind === 'callOffered')).toHaveLength(1);
    expect(house.line.inspect().legs.filter((leg) => !leg.arrived)).toHaveLength(1);
  });

  it('callers who come at the same moment are all served, each by an agent of their own', async () => {
    const agents = [await house.agentAt('ana'), await house.agentAt('bruno'), await house.agentAt('lin')];
    const callers = [1, 2, 3].map((n) => house.rings('911', `+3460011122${String(n)}`));
    for (const agent of agents) await agent.untilState('onCall');
    expect(new Set(agents.map((agent) => agent.callId))).toEqual(new Set(await Promise.all(callers.map((caller) => caller.callId()))));
    for (const caller of callers) expect(caller.hears().legs).toHaveLength(1);
  });

  it('a caller who comes back from a missed offer is served before those who waited longer', async () => {
    const ana = await house.agentAt('ana', { kind: 'refuses', afterMs: 5 });
    const first = await house.rings('911').callId();
    await ana.untilState('missed');
    const second = await house.rings('911', '+34600111223').callId();
    await house.untilLedger(second, 'callQueued');
    const bruno = await house.agentAt('bruno');
    await bruno.untilState('onCall');
    expect(bruno.callId).toBe(first);
  });
});
