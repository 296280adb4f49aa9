import { eq } from 'drizzle-orm';
import { Queue as JobQueue, createPostgresBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import { sessions } from '../../db/index.ts';
import { until } from '../../until.testing.ts';

const answers = { kind: 'answers', afterMs: 5 } as const;

describe.each(fanOuts)('devices come and go, with jobs and fan-out over $over:', ({ redis }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ redis });
    await house.queue('910', ['ana', 'bruno']);
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  it('a page reloaded during a call: the customer hears music, then the same agent in the same call', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    const { callId } = ana;
    const before = caller.hears().legs[0];
    ana.closesPage();
    await house.clock.hurry(() => until('music', () => caller.hears().music && caller.hears().legs.length === 0), 4);
    await ana.comesBack(answers);
    await until('they talk again', () => caller.hears().legs.length === 1 && !caller.hears().music);
    expect(caller.hears().legs[0]).not.toBe(before);
    await ana.until('talking', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    const kinds = await house.kinds(callId);
    expect(kinds.filter((kind) => kind === 'agentAnswered')).toHaveLength(1);
    expect(kinds.slice(-2)).toEqual(['agentLegLost', 'agentRejoined']);
  });

  it('a page reloaded so fast that nobody missed it takes its call back as well', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    ana.closesPage();
    await ana.comesBack(answers);
    await ana.until('talking', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    await until('they talk again', () => caller.hears().legs.length === 1);
    await until('the old leg is gone', () => house.line.inspect().legs.length === 2);
    await house.clock.pass(4_000);
    expect(caller.hears().legs).toHaveLength(1);
  });

  it('a page reloaded while the customer is on hold comes back to a customer on hold', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await ana.do('POST', `/api/calls/${ana.callId}/hold`);
    ana.closesPage();
    await ana.comesBack(answers);
    await ana.until('held', (desk) => desk.call?.state === 'held');
    expect(caller.hears()).toMatchObject({ music: true, legs: [] });
    await ana.do('POST', `/api/calls/${ana.callId}/resume`);
    await until('they talk', () => caller.hears().legs.length === 1);
  });

  it('an agent who does not come back loses the call to somebody else, first in line, and is offline', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    const bruno = await house.agentAt('bruno');
    ana.closesPage();
    await bruno.until('bruno has it', (desk) => desk.call?.id === callId && desk.call.state === 'talking', house.clock);
    await until('they talk', () => caller.hears().legs.length === 1);
    const lost = await ana.do<{ agent: { status: { state: string } } }>('GET', '/api/desk');
    expect(lost.agent.status.state).toBe('offline');
    expect((await house.kinds(callId)).slice(3)).toEqual(['agentAnswered', 'agentLegLost', 'agentLost', 'callQueued', 'callOffered', 'agentAnswered']);
  });

  it('an agent who closes the page while it rings is missed, and the caller goes to somebody else', async () => {
    const ana = await house.agentAt('ana', { kind: 'never' });
    const caller = house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    const bruno = await house.agentAt('bruno');
    ana.closesPage();
    await bruno.until('bruno has it', (desk) => desk.call?.id === callId && desk.call.state === 'talking', house.clock);
    expect(caller.hears().legs).toHaveLength(1);
    expect((await house.ledger(callId)).find((line) => line.kind === 'offerMissed')?.agentId).toBe(ana.id);
  });

  it('a second tab takes the microphone over, the first is told, and the call goes on in the second', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId, tab: first } = ana;
    await ana.registers(answers);
    const second = await ana.opensPage();
    await ana.claims('browser', second);
    const told = await ana.until('the desk names the second tab', (desk) => desk.agent.deviceTabId === second.id);
    expect(told.agent.deviceTabId).not.toBe(first?.id);
    await ana.do('POST', `/api/calls/${callId}/rejoin`);
    await ana.until('talking', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    await until('they talk', () => caller.hears().legs.length === 1);
    first?.socket.disconnect();
    await house.clock.pass(12_000);
    expect(ana.desk?.agent.reachable).toBe(true);
    expect(caller.hears().legs).toHaveLength(1);
  });

  it('an agent whose softphone is out of order is offered nothing, and after a minute is offline', async () => {
    const ana = await house.agentAt('ana');
    ana.isRegistered = false;
    await ana.until('out of reach', (desk) => !desk.agent.reachable, house.clock);
    const callId = await house.rings('910').callId();
    await house.untilLedger(callId, 'callQueued');
    expect(ana.state).toBe('ready');
    expect(await house.kinds(callId)).not.toContain('callOffered');
    await ana.until('offline', (desk) => desk.agent.status.state === 'offline', house.clock);
  });

  it('an agent whose page stops answering is out of reach when the lease runs out, and back with the next answer', async () => {
    const ana = await house.agentAt('ana');
    ana.answersLeases = false;
    await ana.until('out of reach', (desk) => !desk.agent.reachable, house.clock);
    const callId = await house.rings('910').callId();
    await house.untilLedger(callId, 'callQueued');
    ana.answersLeases = true;
    await ana.until('the waiting call', (desk) => desk.call?.id === callId, house.clock);
  });

  it('an old round trip of signalling counts for nothing', async () => {
    const ana = await house.agentAt('ana');
    ana.sipRoundTripAgoMs = 60_000;
    await ana.until('out of reach', (desk) => !desk.agent.reachable, house.clock);
    ana.sipRoundTripAgoMs = null;
    await house.clock.pass(5_000);
    expect(ana.desk?.agent.reachable).toBe(false);
  });

  it('signing out during a call: the call lives on until it ends, then the agent is offline', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId, id } = ana;
    await until('they talk', () => caller.hears().legs.length === 1);
    await ana.do('DELETE', '/api/session');
    await until('told so', () => ana.signedOutReason === 'signedOut');
    expect(caller.hears().legs).toHaveLength(1);
    expect((await house.callRow(callId)).endedAt).toBeNull();
    caller.hangsUp();
    await house.untilEnded(callId);
    const again = await house.consoleAt('ana').signIn();
    const desk = await until('the desk', async () => {
      const one = await again.do<{ agent: { id: string; status: { state: string }; nextState: unknown }; wrapUp: unknown }>('GET', '/api/desk');
      return one.agent.status.state === 'wrapUp' && one;
    });
    expect(desk).toMatchObject({ agent: { id, nextState: { state: 'offline' } } });
    expect(desk.wrapUp).not.toBeNull();
    await again.do('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: await again.anyDisposition() });
    expect((await again.do<{ agent: { status: { state: string } } }>('GET', '/api/desk')).agent.status.state).toBe('offline');
  });

  it('a session that expires during a call: the call lives on, and the agent may sign in and go on', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    await until('they talk', () => caller.hears().legs.length === 1);
    await house.database.update(sessions).set({ expiresAt: new Date(house.clock.now() - 1_000) }).where(eq(sessions.userId, ana.id));
    await runJob('expireSessions');
    await until('told so', () => ana.signedOutReason === 'expired');
    expect(caller.hears().legs).toHaveLength(1);
    const again = await house.consoleAt('ana').signIn();
    await again.comesBack(answers);
    await again.until('talking again', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    await until('they talk again', () => caller.hears().legs.length === 1);
  });

  it('a desk phone rings like a browser, and hanging it up ends the call', async () => {
    const boss = await house.administrator();
    const bruno = await house.consoleAt('bruno').signIn();
    const phone = await boss.do<{ user: string; password: string; extension: string }>('POST', `/api/agent-settings/${bruno.id}/desk-phone`);
    await bruno.opensPage();
    await bruno.claims('deskPhone');
    await bruno.do('POST', '/api/agent/state', { state: 'ready' });
    await bruno.until('ready, out of reach', (desk) => desk.agent.status.state === 'ready' && !desk.agent.reachable && desk.agent.deskPhoneExtension === phone.extension);
    expect(house.line.deviceRegisters(phone.user, 'another password', answers)).toBe(false);
    expect(house.line.deviceRegisters(phone.user, phone.password, answers)).toBe(true);
    await bruno.until('in reach', (desk) => desk.agent.reachable);
    const caller = house.rings('910');
    await bruno.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    const { callId } = bruno;
    house.line.agentHangsUp(caller.hears().legs[0] ?? '');
    await bruno.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ endedBy: 'agent', outcome: 'answered' });
    house.line.deviceGone(phone.user);
    await bruno.until('out of reach', (desk) => !desk.agent.reachable);
  });

  /** Runs what happens every minute now, through the same job queue. */
  async function runJob(name: string): Promise<void> {
    const connection = redis && house.redisUrl ? new Redis(house.redisUrl, { maxRetriesPerRequest: null }) : null;
    const jobs = connection ? new JobQueue('centralita', { connection }) : new JobQueue('centralita', { connection: { connectionString: house.databaseUrl } }, createPostgresBackend);
    await jobs.add(name, {});
    await jobs.close();
    connection?.disconnect();
  }
});
