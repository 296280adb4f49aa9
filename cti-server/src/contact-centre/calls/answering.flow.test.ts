import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import { until } from '../../until.testing.ts';

describe.each(fanOuts)('the desk of an agent, with jobs and fan-out over $over', ({ redis }) => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse({ redis, requestMs: 25 });
    await house.queue('910', ['ana', 'bruno']);
  });
  afterEach(() => house.goHome());
  afterAll(() => house.close());

  it('shows who calls, with their open tickets and last contacts, before the phone rings', async () => {
    const marta = await house.customer('Marta Ibáñez', '+34 600 900 100');
    const boss = await house.administrator();
    await boss.do('POST', '/api/tickets', { subject: 'No tone', priority: 'high', customerId: marta.id });
    await boss.do('POST', `/api/customers/${marta.id}/notes`, { text: 'Asked for an invoice' });
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    let rangAtMs = 0;
    const stop = house.line.onEvent((event) => {
      if (event.kind === 'legRinging') rangAtMs = performance.now();
    });
    let shownAtMs = 0;
    ana.tab?.socket.on('message', ({ event }) => {
      if (event.kind === 'desk' && event.desk.agent.status.state === 'ringing' && event.desk.pop?.customer && shownAtMs === 0) shownAtMs = performance.now();
    });
    house.rings('910', '+34600900100');
    const desk = await ana.until('it rings', (one) => one.agent.status.state === 'ringing' && one.pop !== null);
    await until('the phone rings', () => rangAtMs > 0);
    stop();
    expect(shownAtMs).toBeGreaterThan(0);
    expect(shownAtMs).toBeLessThan(rangAtMs);
    expect(desk.pop).toMatchObject({ match: 'one', customer: { id: marta.id, name: 'Marta Ibáñez' }, openTickets: [{ subject: 'No tone', priority: 'high' }] });
    expect(desk.pop?.lastContacts.length).toBeGreaterThan(0);
    expect(desk.call).toMatchObject({ state: 'ringing', dialledNumber: '910', from: { e164: '+34600900100', country: 'ES' } });
    house.line.agentPicksUp(house.line.inspect().legs.find((leg) => !leg.arrived)?.legId ?? '');
    await ana.until('the call is written down as theirs', (one) => one.call?.customerId === marta.id && one.call.customerName === 'Marta Ibáñez');
  });

  it('shows the number and its country of somebody unknown', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    house.rings('910', '+8613900000000');
    const desk = await ana.until('it rings', (one) => one.pop !== null);
    expect(desk.pop).toMatchObject({ match: 'none', customer: null, candidates: [], number: { e164: '+8613900000000', country: 'CN' } });
    expect(desk.call?.customerId).toBeNull();
  });

  it('shows a withheld number as such', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    house.rings('910', '');
    const desk = await ana.until('it rings', (one) => one.pop !== null);
    expect(desk.pop).toMatchObject({ match: 'none', number: { raw: '', e164: null, country: null } });
  });

  it('lets the agent pick when several customers share the number', async () => {
    const one = await house.customer('Taller Ruiz', '+34910100200');
    const other = await house.customer('Ruiz e Hijos', '+34910100200');
    const ana = await house.agentAt('ana');
    house.rings('910', '+34910100200');
    await ana.untilState('onCall');
    expect(ana.desk?.pop).toMatchObject({ match: 'several', customer: null });
    expect(ana.desk?.pop?.candidates.map((candidate) => candidate.id).sort()).toEqual([one.id, other.id].sort());
    const { callId } = ana;
    await ana.do('POST', `/api/calls/${callId}/customer`, { customerId: other.id });
    await ana.until('the customer is shown', (desk) => desk.call?.customerName === 'Ruiz e Hijos' && desk.pop?.customer?.id === other.id);
    expect(await house.callRow(callId)).toMatchObject({ customerId: other.id });
    expect((await house.kinds(callId)).at(-1)).toBe('customerRecognised');
  });

  it('a call is answered, both hear each other, and the agent hangs up', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await until('both are in one room', () => caller.hears().legs.length === 1);
    expect(caller.hears()).toMatchObject({ music: false, prompts: null });
    const { callId } = ana;
    await ana.hangsUp();
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered', endedBy: 'agent' });
    await until('both legs and the room are gone', () => house.line.inspect().legs.length + house.line.inspect().rooms.length === 0);
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callEnded']);
  });

  it('a call is answered and the customer hangs up', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    caller.hangsUp();
    await ana.untilState('wrapUp');
    expect(await house.untilEnded(callId)).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    await until('both legs and the room are gone', () => house.line.inspect().legs.length + house.line.inspect().rooms.length === 0);
  });

  it('a customer on hold hears music, is taken back, and a second press of either is harmless', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    const { callId } = ana;
    await until('both are in one room', () => caller.hears().legs.length === 1);
    await ana.do('POST', `/api/calls/${callId}/hold`);
    await until('music', () => caller.hears().music && caller.hears().legs.length === 0);
    await ana.until('the desk says held', (desk) => desk.call?.state === 'held' && desk.call.heldSince !== null);
    expect(await ana.refused('POST', `/api/calls/${callId}/hold`)).toBe('409 wrongState');
    await ana.do('POST', `/api/calls/${callId}/resume`);
    await until('talking again', () => !caller.hears().music && caller.hears().legs.length === 1);
    expect(await ana.refused('POST', `/api/calls/${callId}/resume`)).toBe('409 wrongState');
    expect((await house.kinds(callId)).slice(-2)).toEqual(['callHeld', 'callResumed']);
  });

  it('a customer who hangs up on hold ends the call', async () => {
    const ana = await house.agentAt('ana');
    const caller = house.rings('910');
    await ana.untilState('onCall');
    await ana.do('POST', `/api/calls/${ana.callId}/hold`);
    caller.hangsUp();
    await ana.untilState('wrapUp');
    expect((await house.untilEnded(ana.callId)).endedBy).toBe('customer');
  });

  it('an agent who refuses gets no second offer, and the caller goes to somebody else at once', async () => {
    const ana = await house.agentAt('ana', { kind: 'byHand' });
    const caller = house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    const bruno = await house.agentAt('bruno');
    await ana.do('POST', `/api/calls/${callId}/refuse`);
    await ana.untilState('missed');
    await bruno.until('bruno talks', (desk) => desk.call?.state === 'talking');
    expect(bruno.callId).toBe(callId);
    await until('they hear each other', () => caller.hears().legs.length === 1);
    expect(await house.kinds(callId)).toEqual(['callArrived', 'callQueued', 'callOffered', 'offerRefused', 'callOffered', 'agentAnswered']);
    await ana.becomes({ state: 'ready' });
  });

  it('an agent who lets it ring is shown as having missed it, and chooses the way back', async () => {
    const ana = await house.agentAt('ana', { kind: 'never' });
    house.rings('910');
    await ana.untilState('ringing');
    const { callId } = ana;
    await ana.until('missed', (desk) => desk.agent.status.state === 'missed', house.clock);
    const missed = await house.untilLedger(callId, 'offerMissed');
    expect(missed.agentId).toBe(ana.id);
    expect(ana.desk?.call?.id).toBe(callId);
    ana.device({ kind: 'answers', afterMs: 5 });
    await ana.becomes({ state: 'ready' });
    await ana.untilState('onCall');
    expect(ana.callId).toBe(callId);
  });

  it('a busy phone counts as refused', async () => {
    const ana = await house.agentAt('ana', { kind: 'busy' });
    const callId = await house.rings('910').callId();
    await ana.untilState('missed');
    await house.untilLedger(callId, 'offerRefused');
  });
});
