import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Callback, CallbackPeople, NumberZones } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import { noPeers } from '../../platform/bus.ts';
import { until } from '../../until.testing.ts';
import { queueRoutes } from '../queues/index.ts';
import { refused } from '../setup/testing.ts';
import { type FollowUpsHouse, openFollowUpsHouse } from './testing.ts';

let house: FollowUpsHouse;
beforeAll(async () => {
  house = await openFollowUpsHouse();
});
afterAll(() => house.close());
const minuteMs = 60_000;

describe('a promised callback', () => {
  it('is personal without a queue, knows the customer by the number and the zone by its country', async () => {
    const { ana } = house.people;
    const made = await house.make(ana, { number: '600 000 001', note: 'About the invoice' });
    expect(made).toMatchObject({ kind: 'personal', state: 'open', number: '+34600000001', country: 'ES', customerId: house.marta, contactName: 'Marta', agent: { id: ana.userId, name: 'Ana' }, timeZone: 'Europe/Madrid', note: 'About the invoice', overdue: false });
    expect((await house.list(ana, 'tab=mine')).map((one) => one.id)).toContain(made.id);
    const { rows } = await house.database.$client.query<{ action: string; changes: object }>('select action, changes from audit_log where record_id = $1', [made.id]);
    expect(rows).toMatchObject([{ action: 'callback.created' }]);
    expect(JSON.stringify(rows)).not.toContain('600000001');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['to what is no number', { number: 'reception' }, 'number'],
    ['in the past', { dueAt: '2020-01-01T00:00:00.000Z' }, 'dueAt'],
    ['in ten years', { dueAt: '2036-01-01T00:00:00.000Z' }, 'dueAt'],
    ['in no zone', { timeZone: 'Mars/Base' }, 'timeZone'],
    ['of no queue', { queueId: randomUUID() }, 'queueId'],
    ['of nobody', { agentId: randomUUID() }, 'agentId'],
    ['to no customer', { customerId: randomUUID() }, 'customerId'],
  ])('%s is refused by its field', async (_what, fields, field) => {
    const answer = await house.send(house.people.boss, 'POST', '/callbacks', { number: '+34600123123', dueAt: house.soon(5), ...fields });
    expect([answer.status, (answer.body as { error: { field: string } }).error.field]).toEqual([400, field]);
  });

  it('tells the zones of a number, so that somebody may choose', async () => {
    const zones = async (number: string): Promise<NumberZones> => (await house.send(house.people.ana, 'GET', `/callbacks/zones?number=${encodeURIComponent(number)}`)).body as NumberZones;
    expect(await zones('+12125550123')).toMatchObject({ country: 'US', zones: expect.arrayContaining(['America/New_York', 'America/Los_Angeles']) as string[], guess: 'America/New_York' });
    expect(await zones('600123123')).toMatchObject({ e164: '+34600123123', guess: 'Europe/Madrid' });
    expect(await zones('x')).toEqual({ e164: null, country: null, zones: [], guess: 'Europe/Madrid' });
  });
});

describe('who sees and changes what', () => {
  it('agents see their own and what is free in their queues, supervisors their teams’, nobody else anything', async () => {
    const { ana, bruno, lin, salesHead, boss, outsider } = house.people;
    const [anas, salesOne, serviceOne] = [await house.make(ana), await house.make(boss, { queueId: house.sales }), await house.make(boss, { queueId: house.service })];
    const seen = async (viewer: typeof ana): Promise<boolean[]> => Promise.all([anas, salesOne, serviceOne].map(async (one) => (await house.send(viewer, 'GET', `/callbacks/${one.id}`)).status === 200));
    expect(await Promise.all([ana, bruno, lin, salesHead, boss].map(seen))).toEqual([[true, true, false], [false, true, false], [false, false, true], [true, true, false], [true, true, true]]);
    expect(await house.send(outsider, 'GET', `/callbacks/${anas.id}`)).toMatchObject({ status: 403 });
    expect(await house.send(null, 'GET', '/callbacks?tab=open')).toMatchObject({ status: 401 });
    for (const [viewer, tab] of [[bruno, 'open'], [lin, 'open'], [lin, 'queue'], [bruno, 'mine']] as const) expect((await house.list(viewer, `tab=${tab}&limit=200`)).map((one) => one.id)).not.toContain(anas.id);
    expect((await house.list(bruno, 'tab=queue')).map((one) => one.id)).toContain(salesOne.id);
  });

  it('agents give theirs back to a queue but not to a colleague; a supervisor gives it to their own people only', async () => {
    const { ana, bruno, lin, salesHead } = house.people;
    const one = await house.make(ana);
    expect(await house.send(ana, 'PUT', `/callbacks/${one.id}/owner`, { agentId: bruno.userId, queueId: null, version: one.version })).toMatchObject({ status: 400 });
    expect(await house.send(salesHead, 'PUT', `/callbacks/${one.id}/owner`, { agentId: lin.userId, queueId: null, version: one.version })).toMatchObject(refused(400, 'unknownAgent', 'agentId'));
    expect(await house.send(salesHead, 'PUT', `/callbacks/${one.id}/owner`, { agentId: bruno.userId, queueId: null, version: one.version })).toMatchObject({ status: 200, body: { agent: { name: 'Bruno' } } });
    expect(await house.send(bruno, 'PUT', `/callbacks/${one.id}/owner`, { agentId: null, queueId: house.sales, version: one.version })).toMatchObject(refused(409, 'changedMeanwhile'));
    expect(await house.send(bruno, 'PUT', `/callbacks/${one.id}/owner`, { agentId: null, queueId: house.sales, version: one.version + 1 })).toMatchObject({ status: 200, body: { agent: null, queue: { name: 'Sales' } } });
    expect(((await house.send(ana, 'GET', '/callbacks/people')).body as CallbackPeople).agents.map((agent) => agent.name)).toEqual(['Ana']);
    expect(((await house.send(salesHead, 'GET', '/callbacks/people')).body as CallbackPeople).agents.map((agent) => agent.name)).toEqual(expect.arrayContaining(['Ana', 'Bruno']));
  });

  it('pages through any number, those due first, and ended ones the newest first', async () => {
    const { lin } = house.people;
    const made: Callback[] = [];
    for (const minutes of [30, 10, 20]) made.push(await house.make(lin, { dueAt: house.soon(minutes) }));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: Callback[]; nextCursor: string | null } = (await house.send(lin, 'GET', `/callbacks?tab=mine&limit=2${cursor && `&cursor=${cursor}`}`)).body as never;
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
    }
    expect(seen.filter((id) => made.some((one) => one.id === id))).toEqual([made[1]?.id, made[2]?.id, made[0]?.id]);
    for (const one of made) {
      house.clock.pass(1_000);
      expect(await house.send(lin, 'POST', `/callbacks/${one.id}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    }
    expect((await house.list(lin, 'tab=ended')).slice(0, 3).map((one) => one.id)).toEqual(made.map((one) => one.id).reverse());
    expect(await house.send(lin, 'GET', '/callbacks?tab=mine&cursor=nonsense')).toMatchObject(refused(400, 'invalidBody', 'cursor'));
  });
});

describe('taking one on', () => {
  it('of twenty who claim one at once exactly one has it', async () => {
    const { ana, bruno, boss } = house.people;
    const one = await house.make(boss, { queueId: house.sales });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => house.send(at % 2 ? ana : bruno, 'POST', `/callbacks/${one.id}/claim`)));
    const winners = new Set(answers.filter((answer) => answer.status === 200).map((answer) => (answer.body as Callback).claimedBy?.name));
    expect(winners.size).toBe(1);
    const loser = winners.has('Ana') ? bruno : ana;
    expect(await house.send(loser, 'POST', `/callbacks/${one.id}/claim`)).toMatchObject(refused(409, 'callbackTaken'));
    house.clock.pass(10 * minuteMs);
    await house.followUps.sweep();
    expect(await house.read(one.id)).toMatchObject({ state: 'open', claimedBy: null });
    expect(await house.send(loser, 'POST', `/callbacks/${one.id}/claim`)).toMatchObject({ status: 200 });
    expect(await house.send(loser, 'POST', `/callbacks/${one.id}/release`)).toMatchObject({ status: 200, body: { state: 'open' } });
  });

  it('a call is dialled, and its end is told any number of times but counts once', async () => {
    const { ana, bruno, boss } = house.people;
    const { callbacks } = house.followUps;
    const one = await house.make(boss, { queueId: house.sales, dueAt: house.soon(0) });
    const [callId, agentId] = [randomUUID(), ana.userId];
    const told = { callbackId: one.id, callId, agentId, atMs: house.clock.now() };
    await callbacks.noteDialled(told);
    await callbacks.noteDialled(told);
    await expect(callbacks.noteDialled({ ...told, agentId: bruno.userId, callId: randomUUID() })).rejects.toMatchObject({ code: 'callbackTaken' });
    expect(await house.send(boss, 'POST', `/callbacks/${one.id}/cancel`)).toMatchObject(refused(409, 'callbackCalling'));
    await Promise.all(Array.from({ length: 5 }, () => callbacks.noteAttempt({ ...told, outcome: 'busy' })));
    expect(await house.read(one.id)).toMatchObject({ state: 'open', tries: 1, lastOutcome: 'busy', dueAt: new Date(told.atMs + 10 * minuteMs).toISOString(), attempts: [{ callId, agent: { name: 'Ana' }, outcome: 'busy' }] });
    await callbacks.noteAttempt({ ...told, callId: randomUUID(), outcome: 'answered' });
    expect(await house.read(one.id)).toMatchObject({ state: 'done', lastOutcome: 'answered' });
    expect(await house.send(ana, 'POST', `/callbacks/${one.id}/claim`)).toMatchObject(refused(409, 'callbackEnded'));
  });

  it('somebody else’s cannot be dialled', async () => {
    const one = await house.make(house.people.ana);
    await expect(house.followUps.callbacks.noteDialled({ callbackId: one.id, callId: randomUUID(), agentId: house.people.bruno.userId, atMs: house.clock.now() })).rejects.toMatchObject({ code: 'callbackTaken' });
  });
});

describe('reminders', () => {
  it('come when the time comes, are put off by minutes, and go when it is done; a screen is told only of changes', async () => {
    const { bruno, salesHead } = house.people;
    const [brunos, heads] = [await house.screens.looksOn(bruno), await house.screens.looksOn(salesHead)];
    const before = { mine: brunos().mineDue, overdue: heads().overdue };
    const one = await house.make(bruno, { dueAt: house.soon(10) });
    const told = async (what: string, holds: () => boolean): Promise<void> => {
      await until(what, () => {
        house.clock.pass(200);
        return holds();
      }, () => JSON.stringify([brunos(), heads()]));
    };
    house.clock.pass(9 * minuteMs);
    expect(brunos().mineDue).toBe(before.mine);
    house.clock.pass(minuteMs);
    await told('the reminder', () => brunos().reminders.some((reminder) => reminder.id === one.id) && brunos().mineDue === before.mine + 1);
    expect(await house.send(bruno, 'POST', `/callbacks/${one.id}/snooze`, { minutes: 15 })).toMatchObject({ status: 200 });
    await told('it is put off', () => brunos().reminders.every((reminder) => reminder.id !== one.id) && brunos().mineDue === before.mine + 1);
    house.clock.pass(14 * minuteMs);
    await told('the reminder again, and the supervisor knows it is overdue', () => {
      house.clock.pass(minuteMs);
      return brunos().reminders.some((reminder) => reminder.id === one.id) && heads().overdue > before.overdue;
    });
    expect((await house.list(salesHead, 'tab=overdue')).map((overdue) => overdue.id)).toContain(one.id);
    await house.send(bruno, 'POST', `/callbacks/${one.id}/complete`, {});
    await told('it is gone', () => brunos().reminders.every((reminder) => reminder.id !== one.id));
  });
});

describe('a kept place', () => {
  const place = (more: object = {}) => ({ callId: randomUUID(), queueId: house.sales, number: '+34600777001' as string | null, customerId: null, contactName: '', queuedAtMs: house.clock.now() - 90_000, priority: 70, atMs: house.clock.now(), ...more });

  it('stands where the caller stood, is taken once however often it is told, and one number has one place', async () => {
    const { callbacks } = house.followUps;
    const wanted = place();
    const [first, again, other] = [await callbacks.takePlace(wanted), await callbacks.takePlace(wanted), await callbacks.takePlace(place())];
    expect(first).toMatchObject({ isNew: true });
    expect([again, other]).toEqual([{ callbackId: first?.callbackId, isNew: false }, { callbackId: first?.callbackId, isNew: false }]);
    expect(callbacks.waitingPlaces()).toMatchObject([{ callbackId: first?.callbackId, queueId: house.sales, priority: 70, queuedAtMs: wanted.queuedAtMs, number: '+34600777001' }]);
    expect(await callbacks.takePlace(place({ number: null }))).toBeNull();
    expect(await callbacks.takePlace(place({ number: 'anonymous' }))).toBeNull();
  });

  it('goes to one of twenty who claim it, comes back when the agent does not come, and waits while the customer is busy', async () => {
    const { callbacks } = house.followUps;
    const kept = await callbacks.takePlace(place({ number: '+34600777002' }));
    const callbackId = kept?.callbackId ?? '';
    const changes: number[] = [];
    const stop = callbacks.onPlaces(() => changes.push(callbacks.waitingPlaces().length));
    const stands = (): boolean => callbacks.waitingPlaces().some((one) => one.callbackId === callbackId);
    const claims = await Promise.all(Array.from({ length: 20 }, (_, at) => callbacks.claimPlace(callbackId, at % 2 ? house.people.ana.userId : house.people.bruno.userId)));
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
    expect(stands()).toBe(false);
    await callbacks.releasePlace(callbackId);
    expect(stands()).toBe(true);
    await callbacks.claimPlace(callbackId, house.people.ana.userId);
    await callbacks.noteAttempt({ callbackId, callId: randomUUID(), outcome: 'busy', agentId: house.people.ana.userId, atMs: house.clock.now() });
    expect(stands()).toBe(false);
    const told = changes.length;
    house.clock.pass(10 * minuteMs);
    expect(stands()).toBe(true);
    expect(changes.length).toBe(told + 1);
    stop();
  });

  it('is known to another server by message, and after a start without one', async () => {
    const topics = new Map<string, (message: unknown) => void>();
    const [here, there]: Bus[] = [
      { ...noPeers, hasPeers: () => true, tell: (topic, message) => topics.get(topic)?.(message) },
      { ...noPeers, on: (topic, listener) => void topics.set(topic, listener) },
    ];
    if (!here || !there) throw new Error('unreachable');
    const [first, second] = [house.openAnother(here), house.openAnother(there)];
    const kept = await first.callbacks.takePlace(place({ number: '+34600777003' }));
    const knows = (server: typeof first): boolean => server.callbacks.waitingPlaces().some((one) => one.callbackId === kept?.callbackId);
    await until('the other server knows', () => knows(second));
    const third = house.openAnother();
    await third.callbacks.load();
    expect(knows(third)).toBe(true);
    await first.callbacks.claimPlace(kept?.callbackId ?? '', house.people.ana.userId);
    await until('it is gone there too', () => !knows(second));
  });
});

it('a queue with callbacks is not deleted but switched off', async () => {
  const second = await openFollowUpsHouse({}, (http, dependencies) => queueRoutes(http, dependencies));
  try {
    await second.make(second.people.boss, { queueId: second.sales });
    expect(await second.send(second.people.boss, 'DELETE', `/queues/${second.sales}`)).toMatchObject(refused(409, 'inUse'));
  } finally {
    await second.close();
  }
});
