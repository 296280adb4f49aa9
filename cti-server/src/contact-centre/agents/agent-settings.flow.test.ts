import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditLog } from '../../db/index.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { queueRoutes } from '../queues/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import type { AgentSettings } from './agent-settings.service.ts';
import { FakeSwitch } from './fake-switch.ts';
import { agentSettingsRoutes, createDeskPhones } from './index.ts';

let house: TestHouse;
let boss: Viewer;
let teamLead: Viewer;
let ana: Viewer;
let zoe: Viewer;
let queueId: string;
let skillId: string;
beforeAll(async () => {
  house = await openTestHouse();
  queueRoutes(house.http, house.dependencies);
  const line = new FakeSwitch();
  const telephonyOf = (): FakeSwitch => line;
  const deskPhones = createDeskPhones({
    ...house.dependencies,
    telephony: line,
    telephonyOf,
    sipRealm: 'test',
    sipServer: 'pbx:5060',
    logger: silentLogger,
  });
  agentSettingsRoutes(house.http, { ...house.dependencies, presence: { isDeskPhonePresent: () => false }, deskPhones });
  const madrid = await house.addTeam('Madrid');
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  teamLead = await house.addUser('Jefa', { rights: ['queues.manage'], scope: 'team', teamIds: [madrid] });
  ana = await house.addUser('Ana Núñez', { rights: ['calls.take'], teamIds: [madrid] });
  zoe = await house.addUser('Zoe', { rights: ['calls.take'] });
  await house.addUser('Quien se fue', { rights: ['calls.take'], active: false });
  queueId = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/queues', { name: 'Atención' })).id;
  skillId = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/skills', { name: 'Español' })).id;
});
afterAll(() => house.close());

const list = async (viewer: Viewer, query = ''): Promise<{ items: AgentSettings[]; nextCursor: string | null }> =>
  bodyOf(await house.send(viewer, 'GET', `/api/agent-settings${query}`));
const put = (viewer: Viewer, userId: string, body: object) => house.send(viewer, 'PUT', `/api/agent-settings/${userId}`, body);
const names = (page: { items: AgentSettings[] }): string[] => page.items.map((item) => item.name);

describe('the list', () => {
  test('holds the active users who may take calls, also those nothing was set for', async () => {
    const listed = await list(boss);
    expect(names(listed)).toEqual(['Ana Núñez', 'Zoe']);
    expect(listed.items[1]).toEqual({ userId: zoe.userId, name: 'Zoe', skills: [], queueIds: [], deskPhone: null, version: 0 });
  });

  test('is searched in names without regard to accents, and read a page at a time', async () => {
    expect(names(await list(boss, '?search=nunez'))).toEqual(['Ana Núñez']);
    expect(names(await list(boss, '?search=%25'))).toEqual([]);
    const first = await list(boss, '?limit=1');
    expect(names(first)).toEqual(['Ana Núñez']);
    const second = await list(boss, `?limit=1&cursor=${String(first.nextCursor)}`);
    expect(names(second)).toEqual(['Zoe']);
    expect(second.nextCursor).toBeNull();
    expect(await house.send(boss, 'GET', '/api/agent-settings?cursor=nonsense')).toMatchObject(refused(400, 'invalidBody', 'cursor'));
  });

  test("shows a team's manager only the agents of the team", async () => {
    expect(names(await list(teamLead))).toEqual(['Ana Núñez']);
    expect(await house.send(ana, 'GET', '/api/agent-settings')).toMatchObject(refused(403, 'forbidden'));
  });
});

describe('a change', () => {
  test('counts for routing at once, and stands in the audit', async () => {
    const saved = await put(boss, ana.userId, { skills: [{ skillId, level: 5 }], queueIds: [queueId, queueId], version: 0 });
    expect(saved).toMatchObject({ status: 200, body: { skills: [{ skillId, level: 5 }], queueIds: [queueId], version: 1 } });
    const setup = house.directory.agent(ana.userId);
    expect([...(setup?.queueIds ?? [])]).toEqual([queueId]);
    expect(setup?.skills.get(skillId)).toBe(5);
    const [line] = await house.database.select().from(auditLog).where(eq(auditLog.recordId, ana.userId));
    expect(line).toMatchObject({ action: 'changed', recordType: 'agentSettings', changes: { queueIds: { old: [], new: [queueId] } } });
  });

  test('based on an older version is told what it is now', async () => {
    expect(await put(boss, ana.userId, { skills: [], queueIds: [], version: 0 })).toMatchObject({
      status: 409,
      body: { error: { code: 'changedMeanwhile', details: { current: { userId: ana.userId, version: 1, queueIds: [queueId] } } } },
    });
  });

  test('of two first changes at the same moment one wins', async () => {
    const body = { skills: [], queueIds: [queueId], version: 0 };
    const answers = await Promise.all([put(boss, zoe.userId, body), put(boss, zoe.userId, body)]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
  });

  test('naming what does not exist is refused with its place, and nothing is saved', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    const change = (body: object) => put(boss, ana.userId, { skills: [], queueIds: [], version: 1, ...body });
    expect(await change({ skills: [{ skillId: nobody, level: 1 }] })).toMatchObject(refused(400, 'invalidBody', 'skills.0.skillId'));
    expect(
      await change({
        skills: [
          { skillId, level: 1 },
          { skillId, level: 2 },
        ],
      }),
    ).toMatchObject(refused(400, 'invalidBody', 'skills.1.skillId'));
    expect(await change({ skills: [{ skillId, level: 0 }] })).toMatchObject(refused(400, 'invalidBody', 'skills.0.level'));
    expect(await change({ queueIds: [queueId, nobody] })).toMatchObject(refused(400, 'invalidBody', 'queueIds.1'));
    expect(await put(boss, nobody, { skills: [], queueIds: [], version: 0 })).toMatchObject(refused(404, 'notFound'));
    expect(await put(boss, boss.userId, { skills: [], queueIds: [], version: 0 })).toMatchObject(refused(404, 'notFound'));
    expect((await list(boss)).items[0]).toMatchObject({ version: 1, queueIds: [queueId] });
  });

  test("of another team's agent is not for a team's manager", async () => {
    expect(await put(teamLead, zoe.userId, { skills: [], queueIds: [], version: 1 })).toMatchObject(refused(404, 'notFound'));
    expect(await house.send(teamLead, 'POST', `/api/agent-settings/${zoe.userId}/desk-phone`)).toMatchObject(refused(404, 'notFound'));
    expect(await house.send(teamLead, 'DELETE', `/api/agent-settings/${zoe.userId}/desk-phone`)).toMatchObject(refused(404, 'notFound'));
    expect(await put(teamLead, ana.userId, { skills: [], queueIds: [queueId], version: 1 })).toMatchObject({ status: 200 });
  });
});
