import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { numbers, queues, users } from '../../db/index.ts';
import type { Bus } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { silentLogger } from '../../platform/logger.ts';
import { openTestHouse, type TestHouse } from '../setup/testing.ts';
import { createDirectory, type Directory } from './index.ts';

/** Two servers that hear each other. */
function twoBuses(): [Bus, Bus] {
  const listeners: Map<string, ((message: unknown) => void)[]>[] = [new Map(), new Map()];
  const bus = (own: number): Bus => ({
    hasPeers: () => true,
    onCaughtSight() {},
    tell: (topic, message) => listeners[1 - own]?.get(topic)?.forEach((listener) => listener(message)),
    on: (topic, listener) => void listeners[own]?.set(topic, [...(listeners[own].get(topic) ?? []), listener]),
    ask: () => Promise.resolve(null),
    answer() {},
  });
  return [bus(0), bus(1)];
}

let house: TestHouse;
let here: Directory;
let there: Directory;
let timers: (() => void)[];
beforeEach(async () => {
  await house?.close();
  house = await openTestHouse();
  timers = [];
  const clock: Clock = {
    now: () => 0,
    setTimer(_ms, run) {
      timers.push(run);
      return { cancel: () => void (timers = timers.filter((one) => one !== run)) };
    },
  };
  const [hereBus, thereBus] = twoBuses();
  here = createDirectory({ database: house.database, bus: hereBus, logger: silentLogger, clock });
  there = createDirectory({ database: house.database, bus: thereBus, logger: silentLogger, clock });
  await Promise.all([here.load(), there.load()]);
});
afterAll(() => house.close());

const addQueue = async (name: string): Promise<string> => {
  const id = newId(0);
  const figures = { priority: 1, announceEverySeconds: 45, ringTimeoutSeconds: 20, shortAbandonSeconds: 5, serviceLevelSeconds: 20 };
  await house.database
    .insert(queues)
    .values({ id, name, language: 'es', playGreeting: true, announcePosition: true, active: true, ...figures });
  return id;
};
const changeOf = (directory: Directory): Promise<void> => new Promise((resolve) => directory.onChange(resolve));

test('a change is known here when it is answered, and soon on the other servers', async () => {
  const heard = changeOf(there);
  const id = await addQueue('Cola');
  await here.changed();
  expect(here.queue(id)?.name).toBe('Cola');
  await heard;
  expect(there.queue(id)?.name).toBe('Cola');
});

test('many changes at once share readings, and each is known when its own is answered', async () => {
  let readings = 0;
  here.onChange(() => readings++);
  await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const id = await addQueue(`Cola ${String(index)}`);
      await here.changed();
      expect(here.queue(id)).toBeDefined();
    }),
  );
  expect(here.queues()).toHaveLength(30);
  expect(readings).toBeGreaterThan(0);
  expect(readings).toBeLessThan(30);
});

test('agents are all users with a role that takes calls, deactivated ones too', async () => {
  const ana = await house.addUser('Ana', { rights: ['calls.take'] });
  const gone = await house.addUser('Gone', { rights: ['calls.take'], active: false });
  const boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  await here.changed();
  expect([...here.agents()].map(({ name, active }) => [name, active])).toEqual([
    ['Ana', true],
    ['Gone', false],
  ]);
  expect(here.agent(boss.userId)).toBeUndefined();
  expect(here.agent(gone.userId)?.active).toBe(false);
  await house.database.update(users).set({ name: 'Ana María' }).where(eq(users.id, ana.userId));
  await here.changed();
  expect(here.agent(ana.userId)?.name).toBe('Ana María');
});

test("a browser's account is known at once on all servers, without a new reading", async () => {
  const ana = await house.addUser('Ana', { rights: ['calls.take'] });
  await Promise.all([here.changed(), changeOf(there)]);
  here.endpointChanged('b-1', ana.userId);
  expect([here, there].map((directory) => directory.agentByEndpoint('b-1')?.userId)).toEqual([ana.userId, ana.userId]);
  there.endpointChanged('b-1', null);
  expect([here, there].map((directory) => directory.agentByEndpoint('b-1'))).toEqual([undefined, undefined]);
});

test('a database that cannot be read leaves the last set-up in force, and is asked again', async () => {
  const id = await addQueue('Cola');
  await here.changed();
  await house.database.execute(`alter table queues rename to queues_away`);
  await here.changed();
  expect(here.queue(id)?.name).toBe('Cola');
  await expect(here.load()).rejects.toThrow();
  await house.database.execute(`alter table queues_away rename to queues`);
  await house.database.update(queues).set({ name: 'Otra' });
  const heard = changeOf(here);
  for (const run of timers.splice(0)) run();
  await heard;
  expect(here.queue(id)?.name).toBe('Otra');
});

test('a number of a switched-off queue still leads there: what happens then is for the calls to decide', async () => {
  const queueId = await addQueue('Cola');
  await house.database.insert(numbers).values({ id: newId(0), number: '900', label: '', queueId, active: true });
  await house.database.update(queues).set({ active: false });
  await here.changed();
  expect(here.numberFor('900')?.queueId).toBe(queueId);
  expect(here.queue(queueId)?.active).toBe(false);
});
