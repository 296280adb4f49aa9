import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { queues } from '../../db/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { queueRoutes } from '../queues/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { calendarRoutes, isOpen } from './index.ts';

let house: TestHouse;
let boss: Viewer;
let agent: Viewer;
beforeAll(async () => {
  house = await openTestHouse();
  calendarRoutes(house.http, house.dependencies);
  queueRoutes(house.http, house.dependencies);
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  agent = await house.addUser('Ana', { rights: ['calls.take'] });
});
afterAll(() => house.close());

const office = { name: 'Oficina', timeZone: 'Atlantic/Canary', weekly: [{ weekday: 1, from: '08:00', to: '15:00' }] };

test('a calendar is in the directory as soon as its making is answered, and each change of it', async () => {
  const made = await house.send(boss, 'POST', '/api/calendars', office);
  expect(made).toMatchObject({ status: 201, body: { ...office, exceptions: [], version: 0 } });
  const { id } = bodyOf<{ id: string }>(made);
  expect(house.directory.calendar(id)).toEqual(made.body);
  const exceptions = [{ date: '2026-11-23', name: 'Puente', open: [] }];
  const changed = await house.send(boss, 'PATCH', `/api/calendars/${id}`, { version: 0, exceptions });
  expect(changed).toMatchObject({ status: 200, body: { weekly: office.weekly, exceptions, version: 1 } });
  const held = house.directory.calendar(id);
  expect(held && [isOpen(held, Date.parse('2026-11-16T09:00:00Z')), isOpen(held, Date.parse('2026-11-23T09:00:00Z'))]).toEqual([true, false]);
});

test('what cannot be is refused with its place, and a name is given once', async () => {
  const post = (body: object) => house.send(boss, 'POST', '/api/calendars', { ...office, name: 'Otra', ...body });
  expect(await post({ timeZone: 'Luna/Mar' })).toMatchObject(refused(400, 'invalidBody', 'timeZone'));
  expect(await post({ weekly: [{ weekday: 8, from: '08:00', to: '09:00' }] })).toMatchObject(refused(400, 'invalidBody', 'weekly.0.weekday'));
  expect(await post({ weekly: [{ weekday: 1, from: '08:00', to: '08:00' }] })).toMatchObject(refused(400, 'invalidBody', 'weekly.0.to'));
  expect(await post({ name: 'OFICINA' })).toMatchObject(refused(409, 'alreadyExists', 'name'));
});

test('a calendar that a queue keeps is not deleted; agents read it and do not change it', async () => {
  const { id } = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/calendars', { ...office, name: 'En uso' }));
  const queue = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/queues', { name: 'Cola' }));
  await house.database.update(queues).set({ calendarId: id }).where(eq(queues.id, queue.id));
  expect(await house.send(boss, 'DELETE', `/api/calendars/${id}`)).toMatchObject({ status: 409, body: { error: { code: 'inUse', details: { by: 'queues' } } } });
  expect(await house.send(agent, 'GET', '/api/calendars')).toMatchObject({ status: 200 });
  expect(await house.send(agent, 'DELETE', `/api/calendars/${id}`)).toMatchObject(refused(403, 'forbidden'));
  await house.database.update(queues).set({ calendarId: null }).where(eq(queues.id, queue.id));
  expect(await house.send(boss, 'DELETE', `/api/calendars/${id}`)).toMatchObject({ status: 204 });
  expect(house.directory.calendar(id)).toBeUndefined();
});
