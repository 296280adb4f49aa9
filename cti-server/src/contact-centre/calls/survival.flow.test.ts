import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startThrowawayPostgres } from '../../../../launcher/index.ts';
import { fanOuts, type House, openHouse, type RunningServer } from '../../app.testing.ts';
import type { Console } from '../../console.testing.ts';
import type { Desk, Floor } from '../../contracts/index.ts';
import { migrateDatabase, openDatabase } from '../../db/index.ts';
import { until } from '../../until.testing.ts';

describe.each(fanOuts)('bad days, with jobs and fan-out over $over:', ({ redis }) => {
  let house: House;
  let postgres: Awaited<ReturnType<typeof startThrowawayPostgres>>;
  beforeAll(async () => {
    // one of its own: it is taken down, and what it said to have committed must be there afterwards
    postgres = await startThrowawayPostgres({ synchronous_commit: 'on' });
    await migrateDatabase(postgres.url);
    const database = openDatabase(postgres.url, { applicationName: 'test', onError: () => undefined });
    house = await openHouse({ redis, database: { url: postgres.url, database, drop: () => database.$client.end() } });
    await house.queue('910', ['ana', 'bruno']);
  });
  afterEach(() => house.goHome());
  afterAll(async () => {
    await house.close();
    await postgres.stop();
  });

  /** Ends the server without a farewell and starts the next one in its place; answers once it holds the line. */
  const killAndRestart = async (meanwhile: () => void = () => undefined): Promise<RunningServer> => {
    const dead = house.living();
    await house.kill(dead);
    meanwhile();
    const next = await house.startServer(dead.port);
    await house.clock.hurry(() => until('the line is held again', () => next.app.centre.lines()[0]?.isHeld && next.line.status().state === 'connected'));
    return next;
  };
  const floorOf = async (queueName: string): Promise<Floor['queues'][number] | undefined> =>
    (await (await house.administrator()).do<Floor>('GET', '/api/floor')).queues.find((queue) => queue.name === queueName);
  const agentLeg = (): string => house.line.inspect().legs.find((leg) => !leg.arrived)?.legId ?? '';
  const backOnline = async (console: Console): Promise<void> => {
    await until(`${console.login} is connected again`, () => console.tab?.socket.connected);
  };
  const holdsIdentity = async (): Promise<void> => {
    const queue = await floorOf('Queue 910');
    const { offered, answered, abandoned, shortAbandoned, flowedOut } = queue?.today ?? { offered: -1, answered: 0, abandoned: 0, shortAbandoned: 0, flowedOut: 0 };
    expect(offered).toBe(answered + abandoned + shortAbandoned + flowedOut + (queue?.waiting ?? 0));
  };

  it('the server is killed while they talk: the talk goes on, and screen, state and ledger are right afterwards', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    const { callId } = ana;
    await killAndRestart();
    expect(caller.hears().legs).toHaveLength(1);
    await backOnline(ana);
    await ana.until('her desk shows the talk', (desk) => desk.call?.id === callId && desk.call.state === 'talking' && desk.pop !== null);
    await ana.do('POST', `/api/calls/${callId}/hold`);
    await until('music', () => caller.hears().music);
    await ana.do('POST', `/api/calls/${callId}/resume`);
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp('survived');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    expect((await house.kinds(callId)).filter((kind) => kind === 'agentAnswered')).toHaveLength(1);
    await holdsIdentity();
  });

  it('the server is killed while it rings, and the agent answers meanwhile: they talk as soon as it is back', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const caller = house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    await until('the phone rings', () => agentLeg() !== '');
    await killAndRestart(() => house.line.agentPicksUp(agentLeg()));
    await until('they talk', () => caller.hears().legs.length === 1);
    await ana.until('her desk says so', (desk) => desk.call?.id === callId && desk.call.state === 'talking');
    await holdsIdentity();
  });

  it('the server is killed while it rings, and nobody answers: the caller goes on to somebody else', async () => {
    const ana = await house.agentAt('ana', { kind: 'never' });
    const caller = house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    await killAndRestart();
    const bruno = await house.agentAt('bruno');
    await bruno.until('bruno has it', (desk) => desk.call?.id === callId && desk.call.state === 'talking', house.clock);
    await ana.untilState('missed');
    expect(caller.hears().legs).toHaveLength(1);
  });

  it('the server is killed and the caller hangs up meanwhile: everybody is free afterwards', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    await killAndRestart(() => caller.hangsUp());
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ endedBy: 'customer', outcome: 'answered' });
    await until('the switch is empty', () => house.line.inspect().legs.length === 0);
  });

  it('the server is killed in after-call work: notes and state are there again', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    await ana.do('PUT', `/api/calls/${callId}/wrap-up`, { notes: 'half a sentence', revision: 0 });
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await killAndRestart();
    await backOnline(ana);
    const desk = await ana.do<Desk>('GET', '/api/desk');
    expect(desk.agent.status).toMatchObject({ state: 'wrapUp', callId });
    expect(desk.wrapUp).toMatchObject({ notes: 'half a sentence', revision: 1 });
    await ana.wrapsUp();
    await ana.untilState('ready');
  });

  it('who rings while no server lives is served by the next one, and who waited keeps waiting', async () => {
    const waiting = house.rings('910');
    const waitingId = await waiting.callId();
    await house.untilLedger(waitingId, 'callQueued');
    let late = null as ReturnType<House['rings']> | null;
    await killAndRestart(() => (late = house.rings('910', '+34600111223')));
    const lateId = await house.clock.hurry(() => (late as ReturnType<House['rings']>).callId());
    await house.untilLedger(lateId, 'callQueued');
    const ana = await house.agentAt('ana');
    await ana.untilState('onCall');
    expect(ana.callId).toBe(waitingId);
    await holdsIdentity();
  });

  it('the connection to the switch is lost while things happen there: each is noticed afterwards', async () => {
    const ana = await house.agentAt('ana');
    const bruno = await house.agentAt('bruno', { kind: 'byHand' });
    const talking = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => talking.hears().legs.length === 1);
    const ringing = house.rings('910', '+34600111223');
    await bruno.untilState('ringing');
    await until('the phone rings', () => house.line.inspect().legs.length === 4);
    const brunosLeg = house.line.inspect().legs.find((leg) => !leg.arrived && leg.state === 'ringing')?.legId ?? '';
    const { line } = house.living();
    line.loseSocket();
    talking.hangsUp();
    house.line.agentPicksUp(brunosLeg);
    const newcomer = house.rings('910', '+34600111224');
    line.reconnect();
    await ana.untilState('wrapUp');
    await bruno.untilState('onCall');
    await until('bruno and his caller talk', () => ringing.hears().legs.length === 1);
    const newcomerId = await house.clock.hurry(() => newcomer.callId());
    await ana.wrapsUp();
    await ana.until('the newcomer is served', (desk) => desk.call?.id === newcomerId && desk.call.state === 'talking');
  });

  it('a command while the connection to the switch is lost is carried out when it is back', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    const { line } = house.living();
    line.loseSocket();
    await ana.hangsUp();
    await ana.untilState('wrapUp');
    expect(caller.hears().legs).toHaveLength(1);
    await house.clock.pass(6_000);
    line.reconnect();
    await house.clock.hurry(() => until('nobody is on the line', () => house.line.inspect().legs.length === 0));
  });

  it('the switch restarts: its calls are over, nobody is stuck, and the next call is served', async () => {
    const ana = await house.agentAt('ana');
    house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    const waitingId = await house.rings('910', '+34600111223').callId();
    await house.untilLedger(waitingId, 'callQueued');
    const { line } = house.living();
    line.switchRestarts();
    line.reconnect();
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered' });
    expect((await house.untilEnded(waitingId)).outcome).toMatch(/^(shortA|a)bandoned$/);
    await ana.wrapsUp();
    await ana.registers({ kind: 'answers', afterMs: 5 });
    const next = house.rings('910', '+34600111225');
    const nextId = await next.callId();
    await ana.until('the next call', (desk) => desk.call?.id === nextId && desk.call.state === 'talking', house.clock);
    await holdsIdentity();
  });

  it('the database is away for a while: the talk goes on, no call and no event is lost, and the desk is right afterwards', async () => {
    const ana = await house.agentAt('ana');
    const talking = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => talking.hears().legs.length === 1);
    const { callId } = ana;
    await postgres.kill();
    expect(talking.hears().legs).toHaveLength(1);
    const newcomer = house.rings('910', '+34600111223');
    talking.hangsUp();
    await until('the server knows that the database is away', async () => (await fetch(`${house.living().url}/healthz`)).status === 503);
    expect(await ana.refused('GET', '/api/customers?search=x')).toBe('503 unavailable');
    await postgres.start();
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callEnded']);
    await until('the server is well again', async () => (await fetch(`${house.living().url}/healthz`)).status === 200);
    await ana.wrapsUp();
    const newcomerId = await newcomer.callId();
    await ana.until('the newcomer is served', (desk) => desk.call?.id === newcomerId && desk.call.state === 'talking');
    expect(await house.kinds(newcomerId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered']);
    await holdsIdentity();
  });

  it('a move that the database itself refuses is told to who asked, and the call goes on without it', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('they talk', () => caller.hears().legs.length === 1);
    const pool = house.database.$client;
    await pool.query("alter table call_events add constraint no_hold check (kind <> 'callHeld') not valid");
    try {
      expect(await ana.refused('POST', `/api/calls/${ana.callId}/hold`)).toBe('409 wrongState');
      expect((await ana.do<Desk>('GET', '/api/desk')).call?.state).toBe('talking');
      expect(caller.hears()).toMatchObject({ music: false, legs: [expect.any(String)] });
    } finally {
      await pool.query('alter table call_events drop constraint no_hold');
    }
    await ana.do('POST', `/api/calls/${ana.callId}/hold`);
    await until('music', () => caller.hears().music);
    expect(await house.kinds(ana.callId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callHeld']);
  });

  it('the database cuts every connection in mid-call, again and again: nothing is lost and nothing is told twice', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    for (let round = 0; round < 6; round++) {
      const cut = house.database.$client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'cti-server%' and pid <> pg_backend_pid()");
      const command = round % 2 === 0 ? 'hold' : 'resume';
      await until(`${command} is done`, async () => {
        const answer = await ana.ask('POST', `/api/calls/${callId}/${command}`);
        // told that it went wrong, a person presses again; told that it is so already, it is done
        return answer.status === 200 || answer.status === 409;
      });
      await cut;
    }
    caller.hangsUp();
    await ana.untilState('wrapUp');
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callHeld', 'callResumed', 'callHeld', 'callResumed', 'callHeld', 'callResumed', 'callEnded']);
  });
});
