import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ensureDemoUsers } from '../access/index.ts';
import { dispositions, queues, reasonCodes, skills } from '../db/index.ts';
import { systemClock } from '../platform/clock.ts';
import { defaultPicks } from './default-picks.ts';
import { ensureDefaults, ensureDemoSetup } from './demo-setup.ts';
import { openTestHouse, type TestHouse } from './setup/testing.ts';

let house: TestHouse;
beforeEach(async () => {
  await house?.close();
  house = await openTestHouse();
});
afterAll(() => house.close());

const namesOf = async (table: typeof reasonCodes | typeof dispositions): Promise<string[]> =>
  (await house.database.select({ name: table.name }).from(table).orderBy(table.sortOrder)).map((row) => row.name);

test('the demo has three hotlines in three languages, each with agents who speak it', async () => {
  const { users } = await ensureDemoUsers({ database: house.database, clock: systemClock });
  await ensureDemoSetup(house.database, systemClock);
  await house.directory.changed();
  const skillNames = new Map((await house.database.select().from(skills)).map((row) => [row.id, row.name]));
  const queueOf = (number: string) => house.directory.queue(house.directory.numberFor(number)?.queueId ?? '');
  expect(['900', '901', '902'].map((number) => [queueOf(number)?.name, queueOf(number)?.language])).toEqual([
    ['Atención al cliente', 'es'],
    ['Customer care', 'en'],
    ['客户服务', 'zh-CN'],
  ]);
  const speaks = (userId: string) =>
    Object.fromEntries([...(house.directory.agent(userId)?.skills ?? [])].map(([id, level]) => [skillNames.get(id), level]));
  expect(speaks(users.ana)).toEqual({ Español: 5, English: 3 });
  expect(speaks(users.bruno)).toEqual({ Español: 4, English: 5 });
  expect(speaks(users.lin)).toEqual({ 中文: 5, English: 3 });
  for (const number of ['900', '901', '902']) {
    const queue = queueOf(number);
    expect(queue).toMatchObject({ playGreeting: true, announcePosition: true, active: true });
    const able = [...house.directory.agents()].filter(
      (agent) =>
        queue && agent.queueIds.has(queue.id) && queue.skills.every((asked) => (agent.skills.get(asked.skillId) ?? 0) >= asked.minLevel),
    );
    expect(able.length, number).toBeGreaterThan(0);
  }
  expect(await namesOf(reasonCodes)).toEqual(['Descanso', 'Comida', 'Formación', 'Reunión', 'Trabajo administrativo']);
  expect(await namesOf(dispositions)).toContain('Resuelto');
});

test('a second start, or two servers at once, make nothing twice and leave what was changed', async () => {
  await ensureDemoUsers({ database: house.database, clock: systemClock });
  await Promise.all([
    ensureDemoSetup(house.database, systemClock),
    ensureDemoSetup(house.database, systemClock),
    ensureDefaults(house.database, systemClock),
  ]);
  await house.database.update(queues).set({ name: 'Hotline' }).where(eq(queues.name, 'Customer care'));
  await house.database.delete(reasonCodes).where(eq(reasonCodes.name, 'Comida'));
  await ensureDemoSetup(house.database, systemClock);
  await ensureDefaults(house.database, systemClock);
  expect((await house.database.select().from(queues)).map((row) => row.name).toSorted()).toEqual([
    'Atención al cliente',
    'Hotline',
    '客户服务',
  ]);
  expect(await namesOf(reasonCodes)).toEqual(['Descanso', 'Formación', 'Reunión', 'Trabajo administrativo']);
});

test('a house that is no demo gets reasons and dispositions in its language, and nothing else', async () => {
  await ensureDefaults(house.database, systemClock, 'zh-TW');
  expect(await namesOf(reasonCodes)).toEqual(defaultPicks['zh-TW'].reasonCodes);
  expect(await namesOf(dispositions)).toEqual(defaultPicks['zh-TW'].dispositions);
  expect(await house.database.select().from(queues)).toEqual([]);
});
