import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse, type RunningServer } from '../../app.testing.ts';
import type { Floor, SystemStatus } from '../../contracts/index.ts';
import { until } from '../../until.testing.ts';

describe.each(fanOuts)('two servers, with fan-out over $over:', ({ redis }) => {
  let house: House;
  let opened: House | null = null;
  let first: RunningServer;
  let second: RunningServer;
  beforeEach(async () => {
    // a test that ended a server leaves no pair for the next one
    if (opened && opened.servers.every((server) => !server.isDead)) return;
    await opened?.close();
    house = opened = await openHouse({ redis, servers: 2 });
    [first, second] = house.servers as [RunningServer, RunningServer];
    await house.queue('910', ['ana', 'bruno']);
    await until('each knows of the other', async () => {
      for (const { url } of [first, second]) {
        const status = (await (await fetch(`${url}/healthz`)).json()) as SystemStatus;
        if (status.parts.filter((part) => part.kind === 'process' && part.state === 'ok').length < 2) return false;
      }
      return true;
    });
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  const floorAt = async (server: RunningServer): Promise<() => Promise<Floor['queues'][number] | undefined>> => {
    const screen = await house.consoleAt('supervisor', server).signIn();
    return async () => (await screen.do<Floor>('GET', '/api/floor')).queues.find((queue) => queue.name === 'Queue 910');
  };

  it('an agent at the second gets a call of the first, with its pop, and every command works from there', async () => {
    const eva = await house.customer('Eva Soler', '+34600900201');
    const ana = await house.agentAt('ana', { kind: 'byHand' }, second);
    const caller = house.rings('910', '+34600900201');
    await ana.until('it rings, and who it is', (desk) => desk.agent.status.state === 'ringing' && desk.pop?.customer?.id === eva.id);
    const { callId } = ana;
    await ana.do('POST', `/api/calls/${callId}/refuse`);
    await ana.untilState('missed');
    ana.device({ kind: 'answers', afterMs: 5 });
    await ana.becomes({ state: 'ready' });
    await ana.until('she talks', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    await ana.do('POST', `/api/calls/${callId}/hold`);
    await until('music', () => caller.hears().music);
    await ana.do('POST', `/api/calls/${callId}/resume`);
    await until('they talk', () => caller.hears().legs.length === 1);
    expect(await ana.refused('POST', `/api/calls/${callId}/resume`)).toBe('409 wrongState');
    await ana.do('POST', `/api/calls/${callId}/rejoin`);
    await ana.until('she talks again', (desk) => desk.call?.state === 'talking');
    await ana.do('PUT', `/api/calls/${callId}/wrap-up`, { notes: 'from the second', revision: 0 });
    await ana.do('POST', `/api/calls/${callId}/hang-up`);
    const desk = await ana.untilState('wrapUp');
    expect(desk.wrapUp?.notes).toBe('from the second');
    await ana.wrapsUp('from the second');
    await ana.untilState('ready');
    expect(await house.untilEnded(callId)).toMatchObject({ endedBy: 'agent', customerId: eva.id });
  });

  it('agents at different servers are served as if there were one, and each supervisor sees the same floor', async () => {
    const before = (await (await floorAt(first))())?.today;
    const ana = await house.agentAt('ana', undefined, first);
    const bruno = await house.agentAt('bruno', undefined, second);
    house.rings('910');
    house.rings('910', '+34600111223');
    await ana.untilState('onCall');
    await bruno.untilState('onCall');
    house.rings('910', '+34600111224');
    for (const server of [first, second]) {
      const floor = await floorAt(server);
      const seen = await until(
        'two talk and one waits',
        async () => {
          const queue = await floor();
          return queue?.waiting === 1 && queue.agents.onCall === 2 && queue;
        },
        async () => JSON.stringify(await floor()),
      );
      expect(seen.today).toMatchObject({ offered: (before?.offered ?? 0) + 3, answered: (before?.answered ?? 0) + 2 });
    }
  });

  it('a session and a setting changed at one are in force at the other', async () => {
    const ana = await house.agentAt('ana', undefined, second);
    const free = await house.queue('920', ['ana']);
    await ana.until('the new queue is on her desk', (desk) => desk.queues.some((queue) => queue.id === free.id), house.clock);
    house.rings('920');
    await ana.untilState('onCall');
    expect(ana.desk?.call?.queue?.id).toBe(free.id);
  });

  it('the line moves to the second when the first dies, and the talk goes on', async () => {
    const before = (await (await floorAt(second))())?.today;
    const ana = await house.agentAt('ana', undefined, second);
    const talking = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => talking.hears().legs.length === 1);
    const waiting = house.rings('910', '+34600111223');
    await house.untilLedger(await waiting.callId(), 'callQueued');
    await house.kill(first);
    expect(talking.hears().legs).toHaveLength(1);
    await house.clock.hurry(() => until('the second holds the line', () => second.app.centre.lines()[0]?.isHeld));
    expect(talking.hears().legs).toHaveLength(1);
    await ana.do('POST', `/api/calls/${ana.callId}/hang-up`);
    await ana.untilState('wrapUp');
    await ana.wrapsUp();
    const waitingId = await waiting.callId();
    await ana.until('she has the one who waited', (desk) => desk.call?.id === waitingId && desk.call.state === 'talking');
    const fresh = house.rings('910', '+34600111224');
    await house.untilLedger(await fresh.callId(), 'callQueued');
    expect(await (await floorAt(second))()).toMatchObject({ waiting: 1, today: { offered: (before?.offered ?? 0) + 3, answered: (before?.answered ?? 0) + 2 } });
  });

  it('an orderly stop hands the line over at once, and the talk goes on', async () => {
    const ana = await house.agentAt('ana', undefined, second);
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    await first.app.close();
    first.isDead = true;
    await until('the second holds the line', () => second.app.centre.lines()[0]?.isHeld);
    expect(caller.hears().legs).toHaveLength(1);
    caller.hangsUp();
    await ana.untilState('wrapUp');
  });
});
