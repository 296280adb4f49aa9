import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import type { Console } from '../../console.testing.ts';
import type { AgentView, Floor, Queue, QueueView } from '../../contracts/index.ts';
import { until } from '../../until.testing.ts';

describe.each(fanOuts)('the floor, with jobs and fan-out over $over', ({ redis }) => {
  let house: House;
  let queue: Queue;
  /** Supervises the team Ventas only, where Lin is. */
  let sales: Console;
  beforeAll(async () => {
    house = await openHouse({ redis });
    queue = await house.queue('910', ['ana', 'lin']);
    const boss = await house.administrator();
    const { items: roles } = await boss.do<{ items: { id: string; name: string }[] }>('GET', '/api/roles');
    const { items: teams } = await boss.do<{ items: { id: string; name: string }[] }>('GET', '/api/teams');
    const idOf = (all: { id: string; name: string }[], name: string): string => all.find((one) => one.name === name)?.id ?? '';
    await boss.do('POST', '/api/users', {
      login: 'sales',
      name: 'Head of sales',
      password: 'demo-centralita-2',
      locale: 'es',
      roleIds: [idOf(roles, 'supervisor')],
      teamIds: [idOf(teams, 'Ventas')],
    });
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  /** What a supervisor's screen holds after all messages: the snapshot with the changes applied. */
  const screenOf = (console: Console): { queues: Map<string, QueueView>; agents: Map<string, AgentView> } => {
    const queues = new Map<string, QueueView>();
    const agents = new Map<string, AgentView>();
    for (const { message } of console.messages) {
      if (message.event.kind !== 'floor') continue;
      if (message.snapshot) {
        queues.clear();
        agents.clear();
      }
      for (const one of message.event.queues) queues.set(one.id, one);
      for (const one of message.event.agents) agents.set(one.id, one);
      for (const id of message.event.removedAgentIds) agents.delete(id);
    }
    return { queues, agents };
  };
  const watches = async (login: string, password?: string): Promise<Console> => {
    const one = await house.consoleAt(login).signIn(password);
    await one.opensPage(['floor']);
    await until('the first picture', () => screenOf(one).queues.size > 0);
    return one;
  };

  it('shows a call wait, ring, talk and end, and counts it once', async () => {
    const screen = await watches('supervisor');
    const view = (): QueueView | undefined => screenOf(screen).queues.get(queue.id);
    const before = view()?.today ?? null;
    const caller = house.rings('910');
    await until('one waits', () => view()?.waiting === 1 && view()?.longestWaitSince);
    const ana = await house.agentAt('ana');
    await until('she talks', () => view()?.waiting === 0 && view()?.agents.onCall === 1 && screenOf(screen).agents.get(ana.id)?.status.state === 'onCall');
    await ana.untilState('onCall');
    caller.hangsUp();
    await until('she works after it', () => view()?.agents.wrapUp === 1);
    expect(view()?.today).toMatchObject({ offered: (before?.offered ?? 0) + 1, answered: (before?.answered ?? 0) + 1, answeredInTime: (before?.answeredInTime ?? 0) + 1 });
    const asked = await screen.do<Floor>('GET', '/api/floor');
    expect(asked.queues.find((one) => one.id === queue.id)).toEqual(view());
  });

  it('shows a supervisor their own team only, over HTTP and over the socket', async () => {
    sales = await watches('sales', 'demo-centralita-2');
    const ana = await house.agentAt('ana');
    const lin = await house.agentAt('lin');
    await until('lin is shown', () => screenOf(sales).agents.get(lin.id)?.status.state === 'ready');
    house.rings('910');
    await ana.untilState('onCall');
    await house.clock.pass(1_000);
    expect([...screenOf(sales).agents.values()].map((agent) => agent.name)).toEqual(['Lin']);
    expect((await sales.do<Floor>('GET', '/api/floor')).agents.map((agent) => agent.name)).toEqual(['Lin']);
    expect(screenOf(sales).queues.get(queue.id)?.agents).toMatchObject({ onCall: 0, ready: 1 });
    expect(await sales.refused('POST', `/api/agents/${ana.id}/free`)).toBe('404 notFound');
    expect(await sales.refused('POST', `/api/agents/${ana.id}/state`, { state: 'offline' })).toBe('404 notFound');
    expect(ana.state).toBe('onCall');
    const { items } = await sales.do<{ items: { agentId: string | null }[] }>('GET', '/api/calls');
    expect(items.every((call) => call.agentId !== ana.id)).toBe(true);
  });

  it('tells nobody what they may not see', async () => {
    const ana = await house.agentAt('ana');
    expect(await ana.subscribe(['floor', 'system', 'queues', 'desk'])).toEqual(['floor', 'system']);
    expect(await ana.refused('GET', '/api/floor')).toBe('403 forbidden');
    expect(await ana.refused('POST', `/api/agents/${ana.id}/free`)).toBe('403 forbidden');
    const screen = await watches('supervisor');
    expect(await screen.subscribe(['desk', 'system'])).toEqual(['desk', 'system']);
    house.rings('910');
    await ana.untilState('onCall');
    await until('the floor shows it', () => screenOf(screen).agents.get(ana.id)?.status.state === 'onCall');
    expect(screen.messages.every(({ message }) => message.topic === 'floor')).toBe(true);
    expect(ana.messages.every(({ message }) => message.topic !== 'floor')).toBe(true);
    expect(ana.messages.some(({ message }) => message.event.kind === 'desk' && message.event.desk.agent.id !== ana.id)).toBe(false);
  });

  it('after a break sends the whole to a screen that was the only one of its kind: nobody counted what it missed', async () => {
    const screen = await watches('supervisor');
    screen.tab?.socket.disconnect();
    const ana = await house.agentAt('ana');
    house.rings('910');
    await ana.untilState('onCall');
    await house.clock.pass(500);
    const count = screen.messages.length;
    screen.tab?.socket.connect();
    await until('what was missed', () => screenOf(screen).agents.get(ana.id)?.status.state === 'onCall');
    expect(screen.messages[count]?.message.snapshot).toBe(true);
  });

  it('after a break replays what was missed, and sends the whole when it cannot', async () => {
    await watches('admin');
    const screen = await watches('admin');
    const last = screen.messages.at(-1)?.message;
    screen.tab?.socket.disconnect();
    const ana = await house.agentAt('ana');
    house.rings('910');
    await ana.untilState('onCall');
    await house.clock.pass(500);
    const count = screen.messages.length;
    screen.tab?.socket.connect();
    await until('what was missed', () => screenOf(screen).agents.get(ana.id)?.status.state === 'onCall');
    const missed = screen.messages.slice(count).map(({ message }) => message);
    expect(missed.every((message) => !message.snapshot)).toBe(true);
    expect(missed.map((message) => message.seq)).toEqual(missed.map((_, index) => (last?.seq ?? 0) + 1 + index));

    const socket = screen.tab?.socket;
    const ask = async (stream: string | null, seq: number | null): Promise<boolean[]> => {
      const from = screen.messages.length;
      await socket?.emitWithAck('subscribe', { topics: [{ topic: 'floor', stream, seq }] });
      return screen.messages.slice(from).map(({ message }) => message.snapshot);
    };
    const stream = last?.stream ?? '';
    await until('a picture of another run', async () => (await ask('another run', 3)).includes(true));
    await until('a picture of the future', async () => (await ask(stream, 1_000_000)).includes(true));
    await until('a picture for a newcomer', async () => (await ask(null, null)).includes(true));
    expect(await ask(stream, screen.messages.at(-1)?.message.seq ?? 0)).toEqual([]);
  });

  it('answers absurd subscriptions and floods without harm', async () => {
    const ana = await house.agentAt('ana');
    const emit = ana.tab?.socket as unknown as { emitWithAck(event: string, value: unknown): Promise<{ ok: boolean; refused?: string[] }>; emit(event: string, ...values: unknown[]): void };
    for (const absurd of [null, 7, 'floor', {}, { topics: [] }, { topics: [{ topic: 'everything', stream: null, seq: null }] }, { topics: [{ topic: 'desk', stream: null, seq: -1 }] }]) {
      expect(await emit.emitWithAck('subscribe', absurd)).toMatchObject({ ok: true, refused: expect.arrayContaining(['desk']) as unknown });
    }
    emit.emit('popShown', null);
    emit.emit('popShown', { callId: { $ne: 1 } });
    emit.emit('subscribe'); // without the function that takes the answer
    const gone = new Promise((resolve) => ana.tab?.socket.once('disconnect', resolve));
    for (let n = 0; n < 200; n++) emit.emit('popShown', { callId: 'x' });
    await gone;
    const bruno = await house.agentAt('bruno');
    expect(bruno.state).toBe('ready');
  });

  it('a supervisor frees an agent who hangs in a call, and the caller is let go', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    const boss = await house.consoleAt('supervisor').signIn();
    const freed = await boss.do<AgentView>('POST', `/api/agents/${ana.id}/free`);
    expect(freed.status.state).toBe('ready');
    await ana.untilState('ready');
    expect(await house.untilEnded(callId)).toMatchObject({ endedBy: 'system', outcome: 'answered' });
    await until('nobody is on the line', () => house.line.inspect().legs.length === 0 && caller.hears().legs.length === 0);
    await boss.do('POST', `/api/agents/${ana.id}/state`, { state: 'offline' });
    await ana.untilState('offline');
  });

  it('a supervisor frees an agent who is rung, and the caller keeps their place', async () => {
    const ana = await house.agentAt('ana', { kind: 'never' });
    house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    const boss = await house.consoleAt('supervisor').signIn();
    await boss.do('POST', `/api/agents/${ana.id}/free`);
    expect((await house.untilLedger(callId, 'offerMissed')).data).toMatchObject({ cause: 'released' });
    expect((await house.callRow(callId)).endedAt).toBeNull();
  });
});
