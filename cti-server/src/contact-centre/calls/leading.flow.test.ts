import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../app.testing.ts';
import type { Queue } from '../../contracts/index.ts';
import { until } from '../../until.testing.ts';

describe('where callers are led when nobody is there', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({});
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  const queue = (number: string, rules: Partial<Queue>, logins: string[] = ['ana']): Promise<Queue> => house.queue(number, logins, rules);
  const ended = async (caller: ReturnType<House['rings']>) => house.untilEnded(await caller.callId());

  it('after hours they hear so, and are not counted as offered', async () => {
    const boss = await house.administrator();
    const calendar = await boss.do<{ id: string }>('POST', '/api/calendars', { name: 'Never open', timeZone: 'Europe/Madrid', weekly: [], exceptions: [] });
    await queue('930', { calendarId: calendar.id });
    const caller = house.rings('930');
    expect(await ended(caller)).toMatchObject({ outcome: 'flowedOut', endedBy: 'system' });
    expect(await house.kinds(await caller.callId())).toEqual(['callArrived', 'callDiverted', 'callEnded']);
  });

  it('a full queue sends the next caller to another one', async () => {
    const other = await queue('932', {}, []);
    await queue('931', { maxLength: 1, whenFull: { to: 'queue', queueId: other.id } }, []);
    house.rings('931');
    await until('the first waits', () => house.line.inspect().legs.length === 1);
    const second = house.rings('931', '+34600111333');
    await house.untilLedger(await second.callId(), 'callQueued');
    expect(await house.callRow(await second.callId())).toMatchObject({ queueId: other.id });
    expect(await house.kinds(await second.callId())).toEqual(['callArrived', 'callDiverted', 'callQueued']);
  });

  it('with nobody signed in they may leave a message, which the queue finds', async () => {
    await queue('933', { noAgentsWhen: 'noneLoggedIn', noAgentsAfterSeconds: 0, whenNoAgents: { to: 'voicemail' } });
    const caller = house.rings('933', '+34600111444');
    await house.untilLedger(await caller.callId(), 'voicemailBegan');
    caller.hangsUp();
    expect(await ended(caller)).toMatchObject({ outcome: 'voicemail' });
    const boss = await house.administrator();
    const callId = await caller.callId();
    await until('the voicemail is listed', async () => (await boss.do<{ items: { callId: string }[] }>('GET', '/api/voicemails')).items.some((one) => one.callId === callId));
  });

  it('after the longest wait they are told to call later, which is a flow-out', async () => {
    await queue('934', { maxWaitSeconds: 10 }, []);
    const caller = house.rings('934');
    await house.untilLedger(await caller.callId(), 'callQueued');
    await house.clock.pass(11_000);
    expect(await ended(caller)).toMatchObject({ outcome: 'flowedOut' });
    expect(await house.kinds(await caller.callId())).toEqual(['callArrived', 'callQueued', 'callFlowedOut', 'callEnded']);
  });

  it('an important customer goes first, and the agent whom they know has them', async () => {
    const vip = await house.customer('Vera Importante', '+34600222111');
    const boss = await house.administrator();
    const { version } = await boss.do<{ version: number }>('GET', `/api/customers/${vip.id}`);
    await boss.do('PATCH', `/api/customers/${vip.id}`, { tier: 'A', version });
    await queue('935', { tierBonus: { A: 50, B: 0, C: 0 } });
    const first = house.rings('935', '+34600222000');
    await house.untilLedger(await first.callId(), 'callQueued');
    const important = house.rings('935', '+34600222111');
    const importantId = await important.callId();
    await until('she is known', () => house.living().app.centre.board.popOf(importantId)?.customer?.id === vip.id);
    const ana = await house.agentAt('ana');
    await ana.untilState('onCall');
    expect(ana.callId).toBe(importantId);
  });

  for (const mode of ['agentFirst', 'customerFirst'] as const) {
    it(`who kept their place is called when an agent is free: ${mode}`, async () => {
      const number = mode === 'agentFirst' ? '+34600333111' : '+34600333222';
      const made = await queue(mode === 'agentFirst' ? '936' : '937', { callbackMode: mode });
      house.line.numberDoes(number, { kind: 'answers', afterMs: 20 });
      const { centre } = house.living().app;
      await centre.callbacks.takePlace({ callId: crypto.randomUUID(), queueId: made.id, number, customerId: null, contactName: 'Eva', queuedAtMs: house.clock.now() - 60_000, priority: 50, atMs: house.clock.now() });
      const ana = await house.agentAt('ana');
      await ana.until('they talk', (desk) => desk.call?.state === 'talking' && desk.call.from.e164 === number);
      expect(ana.desk?.call?.queue?.id).toBe(made.id);
      const { callId } = ana;
      expect(await house.kinds(callId)).toContain(mode === 'agentFirst' ? 'callDialled' : 'agentAnswered');
      await ana.hangsUp();
      await house.untilEnded(callId);
      await until('the place is served', async () => (await house.database.$client.query("select 1 from callbacks where number = $1 and state = 'done'", [number])).rows.length === 1);
    });
  }
});
