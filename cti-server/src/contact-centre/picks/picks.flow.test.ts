import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentEvents, agents, wrapUps } from '../../db/index.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { queueRoutes } from '../queues/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { pickRoutes } from './index.ts';

let house: TestHouse;
let boss: Viewer;
let agent: Viewer;
beforeAll(async () => {
  house = await openTestHouse();
  queueRoutes(house.http, house.dependencies);
  pickRoutes(house.http, house.dependencies);
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  agent = await house.addUser('Ana', { rights: ['calls.take'] });
});
afterAll(() => house.close());

const make = async (path: string, body: object): Promise<{ id: string }> => bodyOf(await house.send(boss, 'POST', path, body));
const inUse = (by: string) => ({ status: 409, body: { error: { code: 'inUse', details: { by } } } });

test('agents read the reasons in the order that was set', async () => {
  await make('/api/reason-codes', { name: 'Reunión', sortOrder: 2 });
  await make('/api/reason-codes', { name: 'Comida', sortOrder: 1 });
  await make('/api/reason-codes', { name: 'Baño', sortOrder: 2 });
  const listed = bodyOf<{ items: { name: string }[] }>(await house.send(agent, 'GET', '/api/reason-codes')).items;
  expect(listed.map((reason) => reason.name)).toEqual(['Comida', 'Baño', 'Reunión']);
});

test('a reason that nobody used can be deleted; one that stands in the ledger can only be switched off', async () => {
  const unused = await make('/api/reason-codes', { name: 'Nunca' });
  expect(await house.send(boss, 'DELETE', `/api/reason-codes/${unused.id}`)).toMatchObject({ status: 204 });
  const used = await make('/api/reason-codes', { name: 'Siempre' });
  await house.database
    .insert(agentEvents)
    .values({ agentId: agent.userId, seq: 1, at: new Date(0), state: 'notReady', reasonCodeId: used.id });
  expect(await house.send(boss, 'DELETE', `/api/reason-codes/${used.id}`)).toMatchObject(inUse('agentEvents'));
  await house.send(boss, 'PATCH', `/api/reason-codes/${used.id}`, { version: 0, active: false });
  expect(house.directory.reasonCode(used.id)).toEqual({ id: used.id, name: 'Siempre', active: false, sortOrder: 0 });
});

test('a reason that an agent has chosen for after the call is in use', async () => {
  const chosen = await make('/api/reason-codes', { name: 'Luego' });
  const state = { status: { state: 'onCall' }, nextState: { state: 'notReady', reasonCodeId: chosen.id } };
  await house.database.insert(agents).values({ userId: agent.userId, version: 3, state });
  expect(await house.send(boss, 'DELETE', `/api/reason-codes/${chosen.id}`)).toMatchObject(inUse('agentEvents'));
});

test('a disposition may be offered for some queues only, which must exist', async () => {
  const queue = await make('/api/queues', { name: 'Ventas' });
  const made = await make('/api/dispositions', { name: 'Venta', queueIds: [queue.id] });
  expect(house.directory.disposition(made.id)).toEqual({
    id: made.id,
    name: 'Venta',
    active: true,
    sortOrder: 0,
    queueIds: [queue.id],
    parentId: null,
    nextAction: 'none',
    canBeChosen: true,
  });
  const post = (queueIds: string[]) => house.send(boss, 'POST', '/api/dispositions', { name: 'Otra', queueIds });
  expect(await post([queue.id, '00000000-0000-7000-8000-000000000000'])).toMatchObject(refused(400, 'invalidBody', 'queueIds.1'));
  expect(await post([queue.id, queue.id])).toMatchObject(refused(400, 'invalidBody', 'queueIds.1'));
  expect(await house.send(boss, 'POST', '/api/dispositions', { name: 'VENTA' })).toMatchObject(refused(409, 'alreadyExists', 'name'));
});

test('a disposition that closed a call can only be switched off', async () => {
  const made = await make('/api/dispositions', { name: 'Resuelto' });
  await house.database.insert(wrapUps).values({ callId: newId(1), agentId: agent.userId, startedAt: new Date(0), dispositionId: made.id });
  expect(await house.send(boss, 'DELETE', `/api/dispositions/${made.id}`)).toMatchObject(inUse('calls'));
  expect(await house.send(boss, 'PATCH', `/api/dispositions/${made.id}`, { version: 0, active: false })).toMatchObject({
    status: 200,
    body: { active: false, name: 'Resuelto' },
  });
});

describe('the tree of dispositions', () => {
  const patch = (id: string, body: object) => house.send(boss, 'PATCH', `/api/dispositions/${id}`, body);

  test('only what has nothing under it can be chosen, and nothing under what is switched off', async () => {
    const group = await make('/api/dispositions', { name: 'Reclamación' });
    const leaf = await make('/api/dispositions', { name: 'Factura', parentId: group.id, nextAction: 'ticket' });
    expect(house.directory.disposition(group.id)).toMatchObject({ canBeChosen: false });
    expect(house.directory.disposition(leaf.id)).toMatchObject({ canBeChosen: true, parentId: group.id, nextAction: 'ticket' });
    await patch(group.id, { version: 0, active: false });
    expect(house.directory.disposition(leaf.id)).toMatchObject({ canBeChosen: false });
    await patch(group.id, { version: 1, active: true });
    await patch(leaf.id, { version: 0, active: false });
    expect(house.directory.disposition(group.id)).toMatchObject({ canBeChosen: true });
    expect(await house.send(boss, 'DELETE', `/api/dispositions/${group.id}`)).toMatchObject(inUse('dispositions'));
  });

  test('the same name may stand in two groups, but not twice in one', async () => {
    const [a, b] = [await make('/api/dispositions', { name: 'Grupo A' }), await make('/api/dispositions', { name: 'Grupo B' })];
    await make('/api/dispositions', { name: 'Otros', parentId: a.id });
    expect(await house.send(boss, 'POST', '/api/dispositions', { name: 'Otros', parentId: b.id })).toMatchObject({ status: 201 });
    expect(await house.send(boss, 'POST', '/api/dispositions', { name: 'otros', parentId: b.id })).toMatchObject(
      refused(409, 'alreadyExists', 'name'),
    );
  });

  test('a tree has no circle and is four deep at most', async () => {
    let parentId: string | null = null;
    const made: string[] = [];
    for (const name of ['Uno', 'Dos', 'Tres', 'Cuatro']) {
      const { id }: { id: string } = await make('/api/dispositions', { name, parentId });
      made.push(id);
      parentId = id;
    }
    expect(await house.send(boss, 'POST', '/api/dispositions', { name: 'Cinco', parentId })).toMatchObject(refused(400, 'invalidBody', 'parentId'));
    const [first = '', second = ''] = made;
    expect(await patch(first, { version: 0, parentId: second })).toMatchObject(refused(400, 'invalidBody', 'parentId'));
    expect(await patch(first, { version: 0, parentId: first })).toMatchObject(refused(400, 'invalidBody', 'parentId'));
    const above = await make('/api/dispositions', { name: 'Cero' });
    expect(await patch(first, { version: 0, parentId: above.id })).toMatchObject(refused(400, 'invalidBody', 'parentId'));
    expect(await patch(second, { version: 0, parentId: above.id })).toMatchObject({ status: 200 });
  });

  test('two groups hung under each other at the same moment make no circle', async () => {
    const [a, b] = [await make('/api/dispositions', { name: 'Ida' }), await make('/api/dispositions', { name: 'Vuelta' })];
    const answers = await Promise.all([patch(a.id, { version: 0, parentId: b.id }), patch(b.id, { version: 0, parentId: a.id })]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 400]);
  });
});
