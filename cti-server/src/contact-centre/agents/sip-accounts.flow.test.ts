import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sessions, sipEndpoints } from '../../db/index.ts';
import type { SipAccount } from '../../contracts/index.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { FakeSwitch } from './fake-switch.ts';
import { createDeskPhones, createSipAccounts, sipAccountRoutes, type SipAccounts } from './index.ts';

let house: TestHouse;
let line: FakeSwitch;
let sipAccounts: SipAccounts;
let ana: Viewer;
let logged: string[];
let linesHeld: Map<string, FakeSwitch>;
beforeEach(async () => {
  await house?.close();
  house = await openTestHouse();
  line = new FakeSwitch();
  linesHeld = new Map([[line.lineId, line]]);
  logged = [];
  const write = (fields: Record<string, unknown>, message: string): void => void logged.push(JSON.stringify(fields) + message);
  const logger: Logger = { debug: write, info: write, warn: write, error: write };
  const telephonyOf = (lineId: string): FakeSwitch | undefined => linesHeld.get(lineId);
  const deskPhones = createDeskPhones({
    ...house.dependencies,
    telephony: line,
    telephonyOf,
    sipRealm: 'centralita',
    sipServer: 'pbx',
    logger,
  });
  const config = { lineId: 'main', sipDomain: 'centralita', sipWebSocketUrl: 'ws://127.0.0.1:8088/ws' };
  sipAccounts = createSipAccounts({ ...house.dependencies, telephonyOf, config, directory: house.directory, deskPhones, logger });
  sipAccountRoutes(house.http, { sipAccounts });
  ana = await house.addUser('Ana', { rights: ['calls.take'] });
});
afterAll(() => house.close());

const ask = (viewer: Viewer | null) => house.send(viewer, 'POST', '/api/agent/sip-account');
const account = async (viewer: Viewer): Promise<SipAccount> => bodyOf<SipAccount>(await ask(viewer));
const rows = () => house.database.select().from(sipEndpoints);
const endSession = (viewer: Viewer) => house.database.delete(sessions).where(eq(sessions.id, viewer.sessionId));

test("a browser session's account is at the switch before it is answered, and its user is known by it", async () => {
  const made = await account(ana);
  expect(made).toEqual({
    endpoint: expect.stringMatching(/^b-[0-9a-f]{16}$/) as string,
    password: expect.stringMatching(/^.{24}$/) as string,
    domain: 'centralita',
    webSocketUrl: 'ws://127.0.0.1:8088/ws',
    iceServers: [],
  });
  expect(line.accounts.get(made.endpoint)).toEqual({
    endpoint: made.endpoint,
    device: 'browser',
    password: made.password,
    displayName: 'Ana',
  });
  expect(await rows()).toMatchObject([{ endpoint: made.endpoint, userId: ana.userId, sessionId: ana.sessionId, lineId: 'main' }]);
  expect(house.directory.agentByEndpoint(made.endpoint)?.userId).toBe(ana.userId);
  await house.directory.changed();
  expect(house.directory.agentByEndpoint(made.endpoint)?.userId).toBe(ana.userId);
});

test('asking again renews the password of the same account, also when asked at the same moment', async () => {
  const first = await account(ana);
  const [second, third] = await Promise.all([account(ana), account(ana)]);
  expect([second.endpoint, third.endpoint]).toEqual([first.endpoint, first.endpoint]);
  expect(new Set([first.password, second.password, third.password]).size).toBe(3);
  expect([second.password, third.password]).toContain(line.accounts.get(first.endpoint)?.password);
  expect(await rows()).toHaveLength(1);
});

test('a session that ends takes its account along, and only its own', async () => {
  const bruno = await house.addUser('Bruno', { rights: ['calls.take'] });
  const [anas, brunos] = [await account(ana), await account(bruno)];
  expect(await sipAccounts.dropForSession(ana.sessionId)).toEqual({ dropped: 1, kept: 0 });
  expect([...line.accounts.keys()]).toEqual([brunos.endpoint]);
  expect(house.directory.agentByEndpoint(anas.endpoint)).toBeUndefined();
  expect(await sipAccounts.dropForSession(ana.sessionId)).toEqual({ dropped: 0, kept: 0 });
});

test('a switch that is away keeps the account noted until a sweep can drop it', async () => {
  const made = await account(ana);
  await endSession(ana);
  line.failing = 'unavailable';
  expect(await sipAccounts.dropForSession(ana.sessionId)).toEqual({ dropped: 0, kept: 1 });
  expect(await sipAccounts.sweep()).toEqual({ dropped: 0, kept: 1 });
  linesHeld.clear();
  expect(await sipAccounts.sweep()).toEqual({ dropped: 0, kept: 1 });
  linesHeld.set('main', line);
  line.failing = null;
  expect(line.accounts.has(made.endpoint)).toBe(true);
  expect(await sipAccounts.sweep()).toEqual({ dropped: 1, kept: 0 });
  expect(line.accounts.size).toBe(0);
  expect(await rows()).toEqual([]);
});

test('a sweep leaves the accounts of living sessions and takes those whose time is over', async () => {
  const bruno = await house.addUser('Bruno', { rights: ['calls.take'] });
  const [anas] = [await account(ana), await account(bruno)];
  await house.database
    .update(sessions)
    .set({ expiresAt: new Date(0) })
    .where(eq(sessions.id, bruno.sessionId));
  expect(await sipAccounts.sweep()).toEqual({ dropped: 1, kept: 0 });
  expect([...line.accounts.keys()]).toEqual([anas.endpoint]);
});

test('a session that ends while its account is being made leaves nothing at the switch', async () => {
  const provision = line.provisionEndpoint.bind(line);
  line.provisionEndpoint = async (request) => {
    // it is told to drop the account before it has begun to make it
    await endSession(ana);
    await sipAccounts.dropForSession(ana.sessionId);
    return provision(request);
  };
  expect(await ask(ana)).toMatchObject(refused(401, 'notSignedIn'));
  expect(line.accounts.size).toBe(0);
  expect(await rows()).toEqual([]);
});

test.each(['unavailable', 'rejected', 'unknown'] as const)(
  'a switch that answers "%s" gives no account; what it may hold is dropped with the session',
  async (failure) => {
    line.failing = failure;
    expect(await ask(ana)).toMatchObject(refused(503, 'unavailable'));
    line.failing = null;
    await endSession(ana);
    await sipAccounts.sweep();
    expect(line.accounts.size).toBe(0);
    expect(await rows()).toEqual([]);
  },
);

test('only who takes calls gets an account, and a session that is over none', async () => {
  const boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  expect(await ask(boss)).toMatchObject(refused(403, 'forbidden'));
  expect(await ask(null)).toMatchObject(refused(401, 'notSignedIn'));
  await endSession(ana);
  expect(await ask(ana)).toMatchObject(refused(401, 'notSignedIn'));
  expect(line.accounts.size).toBe(0);
});

test('no password is ever logged', async () => {
  const { password } = await account(ana);
  line.failing = 'rejected';
  await ask(ana);
  await endSession(ana);
  await sipAccounts.sweep();
  expect(logged.length).toBeGreaterThan(0);
  for (const entry of logged) expect(entry).not.toContain(password);
});
