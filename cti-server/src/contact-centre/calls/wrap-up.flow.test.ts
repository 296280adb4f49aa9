import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, fanOuts, type House, openHouse } from '../../app.testing.ts';
import type { Console, Refused } from '../../console.testing.ts';
import type { Page, Ticket, TimelineEntry, WrapUp } from '../../contracts/index.ts';
import { until } from '../../until.testing.ts';

describe.each(fanOuts)('after-call work, with jobs and fan-out over $over', ({ redis }) => {
  let house: House;
  let ana: Console;
  let caller: Caller;
  beforeAll(async () => {
    house = await openHouse({ redis });
    await house.queue('910', ['ana']);
    await house.queue('911', ['ana'], { wrapUpSeconds: 10 });
    await house.queue('912', ['ana'], { wrapUpSeconds: 0 });
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  const talk = async (number = '910', from?: string): Promise<string> => {
    ana = await house.agentAt('ana');
    caller = house.rings(number, from);
    await ana.until('the call is answered', (desk) => desk.call?.state === 'talking');
    return ana.callId;
  };
  const timelineOf = async (customerId: string): Promise<TimelineEntry[]> => (await ana.do<Page<TimelineEntry>>('GET', `/api/customers/${customerId}/timeline`)).items;

  it('is not over without a disposition, and with one the agent is ready again', async () => {
    const callId = await talk();
    caller.hangsUp();
    const desk = await ana.untilState('wrapUp');
    expect(desk.agent.status).toMatchObject({ callId, endsAt: null });
    expect(desk.wrapUp).toMatchObject({ callId, notes: '', dispositionId: null, revision: 0 });
    expect(await ana.refused('POST', `/api/calls/${callId}/wrap-up/complete`, {})).toBe('400 invalidBody');
    expect(await ana.refused('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: callId })).toBe('400 unknownDisposition');
    expect(ana.state).toBe('wrapUp');
    const after = await ana.wrapsUp('done');
    expect(after.agent.status.state).toBe('ready');
    expect(after.wrapUp).toBeNull();
    expect(after.pendingWrapUps).toEqual([]);
  });

  it('cannot be completed while the call goes on', async () => {
    const callId = await talk();
    expect(await ana.refused('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: await ana.anyDisposition() })).toBe('409 wrongState');
    expect(ana.state).toBe('onCall');
  });

  it('notes typed during the call are kept, and an older autosave does not overwrite a newer one', async () => {
    const callId = await talk();
    const path = `/api/calls/${callId}/wrap-up`;
    const first = await ana.do<WrapUp>('PUT', path, { notes: 'wants', revision: 0 });
    const second = await ana.do<WrapUp>('PUT', path, { notes: 'wants an invoice', revision: first.revision });
    const late = await ana.ask<Refused>('PUT', path, { notes: 'wan', revision: first.revision });
    expect(late.status).toBe(409);
    expect(late.body.error).toMatchObject({ code: 'changedMeanwhile', details: { current: { notes: 'wants an invoice', revision: second.revision } } });
    caller.hangsUp();
    const desk = await ana.untilState('wrapUp');
    expect(desk.wrapUp).toMatchObject({ notes: 'wants an invoice', revision: second.revision });
  });

  it('of several autosaves at once exactly the ones that were told so are kept', async () => {
    const callId = await talk();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ana.ask<WrapUp>('PUT', `/api/calls/${callId}/wrap-up`, { notes: `note ${String(n)}`, revision: 0 })));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(7);
  });

  it('of somebody else is neither seen nor written', async () => {
    const callId = await talk();
    const bruno = await house.consoleAt('bruno').signIn();
    expect(await bruno.refused('PUT', `/api/calls/${callId}/wrap-up`, { notes: 'mine', revision: 0 })).toBe('404 notFound');
    expect(await bruno.refused('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: await bruno.anyDisposition() })).toBe('404 notFound');
  });

  it('completing it twice is harmless, and saving afterwards is refused', async () => {
    const callId = await talk();
    caller.hangsUp();
    await ana.untilState('wrapUp');
    const body = { dispositionId: await ana.anyDisposition(), notes: 'once' };
    const path = `/api/calls/${callId}/wrap-up`;
    const answers = await Promise.all([ana.ask('POST', `${path}/complete`, body), ana.ask('POST', `${path}/complete`, body)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    await ana.untilState('ready');
    expect(await ana.refused('PUT', path, { notes: 'too late', revision: 99 })).toBe('409 wrongState');
  });

  it('is followed by the state chosen during the call', async () => {
    const callId = await talk();
    const { items } = await ana.do<{ items: { id: string }[] }>('GET', '/api/reason-codes');
    const chosen = { state: 'notReady', reasonCodeId: items[0]?.id };
    await ana.do('POST', '/api/agent/state', chosen);
    await ana.until('the choice is shown', (desk) => desk.agent.nextState?.state === 'notReady' && desk.agent.status.state === 'onCall');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp();
    const desk = await ana.untilState('notReady');
    expect(desk.agent).toMatchObject({ status: chosen, nextState: null });
    expect(callId).not.toBe('');
  });

  it('a choice for afterwards can be taken back', async () => {
    await talk();
    await ana.do('POST', '/api/agent/state', { state: 'offline' });
    await ana.do('DELETE', '/api/agent/next-state');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp();
    await ana.untilState('ready');
  });

  it('with a time limit ends by itself, and its notes stay open for later', async () => {
    const callId = await talk('911');
    await ana.do('PUT', `/api/calls/${callId}/wrap-up`, { notes: 'not finished', revision: 0 });
    caller.hangsUp();
    const desk = await ana.untilState('wrapUp');
    expect(desk.agent.status).toHaveProperty('endsAt', expect.any(String));
    await ana.until('time is up', (one) => one.agent.status.state === 'ready', house.clock);
    expect(ana.desk?.pendingWrapUps).toMatchObject([{ callId, notes: 'not finished' }]);
    await ana.do('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: await ana.anyDisposition() });
    await ana.until('nothing is open', (one) => one.pendingWrapUps.length === 0 && one.agent.status.state === 'ready');
  });

  it('with a time limit can be given more time', async () => {
    const callId = await talk('911');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await ana.do('POST', `/api/calls/${callId}/wrap-up/extend`);
    await house.clock.pass(15_000);
    expect(ana.state).toBe('wrapUp');
    expect(ana.desk?.wrapUpRules).toMatchObject({ mode: 'timed', moreTimes: 2 });
    await ana.do('POST', `/api/calls/${callId}/wrap-up/extend`);
    await ana.do('POST', `/api/calls/${callId}/wrap-up/extend`);
    expect(await ana.refused('POST', `/api/calls/${callId}/wrap-up/extend`)).toBe('409 noMoreTime');
    await ana.wrapsUp();
    await ana.untilState('ready');
  });

  it('waits for what its result asks for: a ticket, for instance', async () => {
    const boss = await house.administrator();
    const made = await boss.do<{ id: string; version: number }>('POST', '/api/dispositions', { name: 'Needs a ticket', nextAction: 'ticket' });
    const group = await boss.do<{ id: string; version: number }>('POST', '/api/dispositions', { name: 'A group' });
    const leaf = await boss.do<{ id: string; version: number }>('POST', '/api/dispositions', { name: 'In the group', parentId: group.id });
    const callId = await talk('910');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    const complete = (dispositionId: string | null) => ana.refused('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId });
    expect(await complete(null)).toBe('400 dispositionNeeded');
    expect(await complete(group.id)).toBe('400 unknownDisposition');
    expect(await complete(made.id)).toBe('409 nextActionMissing');
    await ana.do('POST', '/api/tickets', { subject: 'As promised', callId });
    await ana.do('POST', `/api/calls/${callId}/wrap-up/complete`, { dispositionId: made.id });
    await ana.untilState('ready');
    for (const one of [leaf, group, made]) await boss.do('PATCH', `/api/dispositions/${one.id}`, { active: false, version: one.version });
  });

  it('is not asked for where the queue gives it no time', async () => {
    await talk('912');
    caller.hangsUp();
    const desk = await ana.untilState('ready');
    expect([desk.wrapUp, desk.pendingWrapUps]).toEqual([null, []]);
  });

  it('a ticket opened from the call belongs to call and customer, and the customer’s history shows both', async () => {
    const eva = await house.customer('Eva Soler', '+34600900201');
    const callId = await talk('910', '+34600900201');
    const ticket = await ana.do<Ticket>('POST', '/api/tickets', { subject: 'Broken router', customerId: eva.id, callId });
    expect(ticket).toMatchObject({ customerId: eva.id, callId, customerName: 'Eva Soler' });
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await ana.wrapsUp('will send a new one');
    const entry = await until('the call in the history', async () => (await timelineOf(eva.id)).find((one) => one.kind === 'call' && one.refId === callId && one.data['notes'] === 'will send a new one'));
    expect(entry.data).toMatchObject({ outcome: 'answered' });
    const entries = await timelineOf(eva.id);
    expect(entries.some((one) => one.kind === 'ticket' && one.refId === ticket.id)).toBe(true);
    expect(entries.filter((one) => one.kind === 'call' && one.refId === callId)).toHaveLength(1);
  });

  it('a call linked to a customer only afterwards is in that customer’s history too', async () => {
    const callId = await talk('910', '+34600900333');
    caller.hangsUp();
    await ana.untilState('wrapUp');
    await house.untilEnded(callId);
    const noa = await house.customer('Noa Vidal');
    await ana.do('POST', `/api/calls/${callId}/customer`, { customerId: noa.id });
    await ana.until('the name is shown', (desk) => desk.call?.customerName === 'Noa Vidal');
    await until('the call in the history', async () => (await timelineOf(noa.id)).some((one) => one.kind === 'call' && one.refId === callId));
    expect((await house.kinds(callId)).at(-1)).toBe('customerRecognised');
    expect(await ana.refused('POST', `/api/calls/${callId}/customer`, { customerId: callId })).toBe('400 unknownCustomer');
  });

  it('a call that nobody took is in the customer’s history as well', async () => {
    const pau = await house.customer('Pau Roca', '+34600900444');
    ana = await house.consoleAt('ana').signIn();
    const lost = house.rings('910', '+34600900444');
    const callId = await lost.callId();
    await house.untilLedger(callId, 'callQueued');
    lost.hangsUp();
    await house.untilEnded(callId);
    const entry = await until('the call in the history', async () => (await timelineOf(pau.id)).find((one) => one.kind === 'call' && one.refId === callId));
    expect(entry.data).toMatchObject({ outcome: 'shortAbandoned' });
  });
});
