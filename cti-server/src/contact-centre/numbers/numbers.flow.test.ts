import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../../db/index.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { queueRoutes } from '../queues/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { numberRoutes } from './index.ts';

let house: TestHouse;
let boss: Viewer;
let queueId: string;
beforeAll(async () => {
  house = await openTestHouse();
  queueRoutes(house.http, house.dependencies);
  numberRoutes(house.http, house.dependencies);
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  queueId = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/queues', { name: 'Atención' })).id;
});
afterAll(() => house.close());

test('a number leads to its queue in whatever spelling the trunk uses', async () => {
  const made = await house.send(boss, 'POST', '/api/numbers', { number: '+34910000001', label: 'Madrid', queueId });
  expect(made).toMatchObject({ status: 201, body: { number: '+34910000001', label: 'Madrid', queueId, active: true, version: 0 } });
  const { id } = bodyOf<{ id: string }>(made);
  for (const dialled of ['+34910000001', '0034910000001', '34910000001', '+34 910 000 001']) {
    expect(house.directory.numberFor(dialled), dialled).toMatchObject({ id, queueId });
  }
  for (const dialled of ['910000001', '+34910000002', '', '+', '+3491000000'])
    expect(house.directory.numberFor(dialled), dialled).toBeUndefined();
});

test('the same number in another spelling is there already', async () => {
  const { id } = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/numbers', { number: '+34910000009', queueId: null }));
  for (const number of ['+34910000009', '0034910000009', '34910000009']) {
    expect(await house.send(boss, 'POST', '/api/numbers', { number, queueId: null }), number).toMatchObject(
      refused(409, 'alreadyExists', 'number'),
    );
  }
  expect(await house.send(boss, 'PATCH', `/api/numbers/${id}`, { version: 0, number: '0034910000009' })).toMatchObject({
    status: 200,
    body: { version: 1 },
  });
});

test('a number that is switched off or deleted is one that nobody set up', async () => {
  const { id } = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/numbers', { number: '900', queueId }));
  expect(house.directory.numberFor('900')).toMatchObject({ id, queueId });
  await house.send(boss, 'PATCH', `/api/numbers/${id}`, { version: 0, active: false });
  expect(house.directory.numberFor('900')).toBeUndefined();
  await house.send(boss, 'PATCH', `/api/numbers/${id}`, { version: 1, active: true, queueId: null });
  expect(house.directory.numberFor('900')).toMatchObject({ id, queueId: null });
  expect(await house.send(boss, 'DELETE', `/api/numbers/${id}`)).toMatchObject({ status: 204 });
  expect(house.directory.numberFor('900')).toBeUndefined();
});

test('an unknown queue and what is no number are refused with their field', async () => {
  const post = (body: object) => house.send(boss, 'POST', '/api/numbers', { queueId: null, ...body });
  expect(await post({ number: '901', queueId: '00000000-0000-7000-8000-000000000000' })).toMatchObject(
    refused(400, 'invalidBody', 'queueId'),
  );
  for (const number of ['', '+', '9', '12 34', 'abc', '９０１', `+${'1'.repeat(32)}`, "1'; drop table numbers"]) {
    expect(await post({ number }), number).toMatchObject(refused(400, 'invalidBody', 'number'));
  }
});

test('a number says what it is worth, whose rules hold and which number is shown from it', async () => {
  const post = (body: object) => house.send(boss, 'POST', '/api/numbers', { queueId, ...body });
  const main = bodyOf<{ id: string }>(await post({ number: '+34910000100' }));
  const vip = await post({ number: '+34910000101', priorityBonus: 30, country: 'ES', outboundNumberId: main.id });
  expect(vip).toMatchObject({ status: 201, body: { priorityBonus: 30, country: 'ES', outboundNumberId: main.id } });
  expect(house.directory.numberFor('+34910000101')).toMatchObject({ priorityBonus: 30, country: 'ES', shownNumber: '+34910000100' });
  expect(house.directory.numberFor('+34910000100')).toMatchObject({ priorityBonus: 0, country: null, shownNumber: '+34910000100' });

  expect(await post({ number: '+34910000102', outboundNumberId: '00000000-0000-7000-8000-000000000000' })).toMatchObject(
    refused(400, 'invalidBody', 'outboundNumberId'),
  );
  expect(await post({ number: '+34910000102', priorityBonus: 101 })).toMatchObject(refused(400, 'invalidBody', 'priorityBonus'));
  expect(await post({ number: '+34910000102', country: 'Spain' })).toMatchObject(refused(400, 'invalidBody', 'country'));
  expect(await house.send(boss, 'DELETE', `/api/numbers/${main.id}`)).toMatchObject({
    status: 409,
    body: { error: { code: 'inUse', details: { by: 'numbers' } } },
  });
  await house.send(boss, 'PATCH', `/api/numbers/${main.id}`, { version: 0, active: false });
  expect(house.directory.numberFor('+34910000101')).toMatchObject({ shownNumber: '+34910000101' });
});

test('a queue shows one of our numbers when it calls out, which is then not deleted', async () => {
  const { id } = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/numbers', { number: '+34910000200', queueId: null }));
  const queue = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/queues', { name: 'Ventas', outboundNumberId: id }));
  expect(house.directory.numberShownBy(queue.id)).toBe('+34910000200');
  expect(house.directory.numberShownBy(queueId)).toBeNull();
  expect(await house.send(boss, 'DELETE', `/api/numbers/${id}`)).toMatchObject({ status: 409, body: { error: { details: { by: 'queues' } } } });
});

test('a number leads into a published call flow, and into no other', async () => {
  const flow = (fields: object) => ({ id: newId(1), name: newId(1), language: 'es', draft: {}, updatedAt: new Date(0), ...fields });
  const [published, draft, deleted] = [flow({ publishedVersionId: newId(1) }), flow({}), flow({ publishedVersionId: newId(1), deletedAt: new Date(1) })];
  await house.database.insert(flows).values([published, draft, deleted]);
  const post = (flowId: string) => house.send(boss, 'POST', '/api/numbers', { number: '955', queueId, flowId });
  for (const { id } of [draft, deleted, { id: newId(1) }]) expect(await post(id)).toMatchObject(refused(400, 'invalidBody', 'flowId'));
  expect(await post(published.id)).toMatchObject({ status: 201, body: { flowId: published.id, queueId } });
  expect(house.directory.numberFor('955')).toMatchObject({ flowId: published.id, queueId });
  const toFlow = (flowId: string) => house.send(boss, 'POST', '/api/queues', { name: `Cola ${flowId}`, whenFull: { to: 'flow', flowId } });
  expect(await toFlow(draft.id)).toMatchObject(refused(400, 'invalidBody', 'whenFull.flowId'));
  expect(await toFlow(published.id)).toMatchObject({ status: 201 });
});
