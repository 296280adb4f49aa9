import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { callEvents, calls, customers } from '../../db/index.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { startCrm } from '../../crm/testing.ts';
import { openTestHouse, type TestHouse } from '../setup/testing.ts';
import { AgentTallies, readCallerFacts, readTallies } from './index.ts';

let house: TestHouse;
let ana: Viewer;
let bruno: Viewer;
beforeAll(async () => {
  house = await openTestHouse();
  ana = await house.addUser('Ana', { rights: ['calls.take'] });
  bruno = await house.addUser('Bruno', { rights: ['calls.take'] });
});
afterAll(() => house.close());

const midnight = Date.parse('2026-11-22T00:00:00Z');
const hour = 3_600_000;

test('routing knows a customer’s tier, owner and the agent of the last answered call', async () => {
  const crm = await startCrm();
  const { database } = crm;
  const [owner, talker] = [(await crm.signIn('Olga')).userId, (await crm.signIn('Luis')).userId];
  const customerId = newId(1);
  const at = new Date(midnight);
  await database.insert(customers).values({ id: customerId, name: 'María', kind: 'person', tier: 'A', createdAt: at, updatedAt: at });
  expect(await readCallerFacts(database, customerId)).toEqual({ tier: 'A', ownerId: null, lastAgent: null });

  const call = (startedAtMs: number, answeredBy: string | null) => ({
    id: newId(startedAtMs),
    version: 1,
    lineId: 'main',
    state: {},
    fromRaw: '',
    dialledNumber: '900',
    customerId,
    agentId: answeredBy,
    startedAt: new Date(startedAtMs),
    answeredAt: answeredBy === null ? null : new Date(startedAtMs + 9_000),
  });
  await database.insert(calls).values([call(midnight, owner), call(midnight + hour, talker), call(midnight + 2 * hour, null)]);
  await database.execute(sql`update customers set owner_id = ${owner} where id = ${customerId}`);
  expect(await readCallerFacts(database, customerId)).toEqual({
    tier: 'A',
    ownerId: owner,
    lastAgent: { agentId: talker, answeredAtMs: midnight + hour + 9_000 },
  });
  expect(await readCallerFacts(database, newId(2))).toBeNull();
  await crm.stop();
});

test('what is read of the day and what is folded afterwards is counted as one', async () => {
  const event = (kind: string, agentId: string, atMs: number) => ({ callId: newId(atMs), seq: 1, at: new Date(atMs), kind, agentId, data: {} });
  await house.database
    .insert(callEvents)
    .values([
      event('callOffered', ana.userId, midnight - hour),
      event('agentAnswered', ana.userId, midnight - hour),
      event('callOffered', ana.userId, midnight + hour),
      event('agentAnswered', ana.userId, midnight + hour),
      event('callOffered', bruno.userId, midnight - hour),
    ]);
  const tallies = new AgentTallies();
  tallies.take(await readTallies(house.database, midnight));
  expect([tallies.callsToday(ana.userId), tallies.lastOfferedAtMs(ana.userId)]).toEqual([1, midnight + hour]);
  expect([tallies.callsToday(bruno.userId), tallies.lastOfferedAtMs(bruno.userId)]).toEqual([0, midnight - hour]);
  tallies.fold({ kind: 'callOffered', agentId: bruno.userId, atMs: midnight + 2 * hour });
  tallies.fold({ kind: 'agentAnswered', agentId: bruno.userId, atMs: midnight + 2 * hour });
  expect([tallies.callsToday(bruno.userId), tallies.lastOfferedAtMs(bruno.userId)]).toEqual([1, midnight + 2 * hour]);
  expect(tallies.callsToday('nobody')).toBe(0);
});
