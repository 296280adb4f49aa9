import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { agentSettings, auditLog, sipEndpoints, users } from '../../db/index.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import type { DeskPhones } from './desk-phones.service.ts';
import { FakeSwitch } from './fake-switch.ts';
import { agentSettingsRoutes, createDeskPhones } from './index.ts';
import { sipDigest } from './sip-password-rules.ts';

let house: TestHouse;
let line: FakeSwitch;
let deskPhones: DeskPhones;
let boss: Viewer;
let ana: Viewer;
const present = new Set<string>();
beforeEach(async () => {
  await house?.close();
  house = await openTestHouse();
  line = new FakeSwitch();
  const telephonyOf = (lineId: string): FakeSwitch | undefined => (lineId === line.lineId ? line : undefined);
  deskPhones = createDeskPhones({
    ...house.dependencies,
    telephony: line,
    telephonyOf,
    sipRealm: 'centralita',
    sipServer: '127.0.0.1:5060',
    logger: silentLogger,
  });
  agentSettingsRoutes(house.http, {
    ...house.dependencies,
    presence: { isDeskPhonePresent: (endpoint) => present.has(endpoint) },
    deskPhones,
  });
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  ana = await house.addUser('Ana', { rights: ['calls.take'] });
});
afterAll(() => house.close());

interface Account {
  extension: string;
  user: string;
  password: string;
  sipServer: string;
}
const make = (viewer: Viewer) => house.send(boss, 'POST', `/api/agent-settings/${viewer.userId}/desk-phone`);
const made = async (viewer: Viewer): Promise<Account> => {
  const answer = await make(viewer);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return bodyOf<Account>(answer);
};
const remove = (viewer: Viewer) => house.send(boss, 'DELETE', `/api/agent-settings/${viewer.userId}/desk-phone`);
const saved = async (viewer: Viewer) =>
  (await house.database.select().from(agentSettings).where(eq(agentSettings.userId, viewer.userId)))[0];

test('the password is shown once; the switch and the database get only its digest', async () => {
  const account = await made(ana);
  expect(account).toMatchObject({ extension: '101', user: 'desk-101', sipServer: '127.0.0.1:5060' });
  const md5 = sipDigest('desk-101', 'centralita', account.password);
  expect(line.accounts.get('desk-101')).toEqual({
    endpoint: 'desk-101',
    device: 'deskPhone',
    password: '',
    passwordDigest: { realm: 'centralita', md5 },
    displayName: 'Ana',
  });
  expect(await saved(ana)).toMatchObject({ extension: '101', deskPhoneDigest: md5, version: 1 });
  expect(house.directory.agent(ana.userId)).toMatchObject({ extension: '101', deskPhoneEndpoint: 'desk-101' });
  expect(house.directory.agentByEndpoint('desk-101')?.userId).toBe(ana.userId);
  expect(JSON.stringify(await house.database.select().from(auditLog))).not.toContain(account.password);
  present.add('desk-101');
  expect(await house.send(boss, 'GET', '/api/agent-settings')).toMatchObject({
    body: { items: [{ deskPhone: { extension: '101', present: true }, version: 1 }] },
  });
  present.clear();
});

test('everybody gets an extension of their own, also at the same moment', async () => {
  const people = [ana, ...(await Promise.all(['Bea', 'Cai', 'Dan'].map((name) => house.addUser(name, { rights: ['calls.take'] }))))];
  const accounts = await Promise.all(people.map((person) => made(person)));
  expect(accounts.map((account) => account.extension).toSorted()).toEqual(['101', '102', '103', '104']);
});

test('asking again renews the password and keeps the extension', async () => {
  const first = await made(ana);
  const second = await made(ana);
  expect(second.extension).toBe('101');
  expect(second.password).not.toBe(first.password);
  expect(line.accounts.get('desk-101')?.passwordDigest?.md5).toBe(sipDigest('desk-101', 'centralita', second.password));
});

test.each(['unavailable', 'rejected', 'unknown'] as const)('a switch that answers "%s" makes no desk phone', async (failure) => {
  line.failing = failure;
  expect(await make(ana)).toMatchObject(refused(503, 'unavailable'));
  expect((await saved(ana))?.extension ?? null).toBeNull();
  expect(await house.database.select().from(sipEndpoints)).toEqual([]);
  expect(line.accounts.size).toBe(0);
  line.failing = null;
  expect((await made(ana)).extension).toBe('101');
});

test('a renewal of which nobody knows whether it happened leaves the former password in force', async () => {
  const { password } = await made(ana);
  const md5 = sipDigest('desk-101', 'centralita', password);
  line.failing = 'unknown';
  expect(await make(ana)).toMatchObject(refused(503, 'unavailable'));
  expect(line.accounts.get('desk-101')?.passwordDigest?.md5).toBe(md5);
  expect((await saved(ana))?.deskPhoneDigest).toBe(md5);
});

test('a removed desk phone is gone at the switch, and its extension is free again', async () => {
  await made(ana);
  line.failing = 'unavailable';
  expect(await remove(ana)).toMatchObject(refused(503, 'unavailable'));
  expect(house.directory.agent(ana.userId)?.extension).toBe('101');
  line.failing = null;
  expect(await remove(ana)).toEqual({ status: 204, body: null });
  expect(line.accounts.size).toBe(0);
  expect(house.directory.agentByEndpoint('desk-101')).toBeUndefined();
  expect(await remove(ana)).toMatchObject(refused(404, 'notFound'));
  const bea = await house.addUser('Bea', { rights: ['calls.take'] });
  expect((await made(bea)).extension).toBe('101');
});

test('a fresh switch is handed every desk phone again, with the same password', async () => {
  const { password } = await made(ana);
  line.accounts.clear();
  expect(await deskPhones.provisionAgain()).toEqual({ provisioned: 1, removed: 0, failed: 0 });
  expect(line.accounts.get('desk-101')?.passwordDigest?.md5).toBe(sipDigest('desk-101', 'centralita', password));
});

test("a deactivated user's desk phone leaves the switch, and comes back with the user", async () => {
  await made(ana);
  await house.database.update(users).set({ active: false }).where(eq(users.id, ana.userId));
  line.failing = 'unavailable';
  expect(await deskPhones.sweep()).toEqual({ provisioned: 0, removed: 0, failed: 1 });
  line.failing = null;
  expect(await deskPhones.sweep()).toEqual({ provisioned: 0, removed: 1, failed: 0 });
  expect(line.accounts.size).toBe(0);
  expect(await deskPhones.provisionAgain()).toEqual({ provisioned: 0, removed: 0, failed: 0 });
  await house.database.update(users).set({ active: true }).where(eq(users.id, ana.userId));
  expect(await deskPhones.sweep()).toEqual({ provisioned: 1, removed: 0, failed: 0 });
  expect(line.accounts.has('desk-101')).toBe(true);
  expect(await deskPhones.sweep()).toEqual({ provisioned: 0, removed: 0, failed: 0 });
});
