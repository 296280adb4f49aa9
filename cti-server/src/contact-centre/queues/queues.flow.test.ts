import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agentSkills, auditLog, calls, queues } from '../../db/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Queue } from '../../contracts/index.ts';
import { newId } from '../../platform/ids.ts';
import { calendarRoutes } from '../hours/index.ts';
import { numberRoutes } from '../numbers/index.ts';
import { pickRoutes } from '../picks/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { queueRoutes } from './index.ts';

let house: TestHouse;
let boss: Viewer;
let agent: Viewer;
let outsider: Viewer;
beforeAll(async () => {
  house = await openTestHouse();
  queueRoutes(house.http, house.dependencies);
  numberRoutes(house.http, house.dependencies);
  calendarRoutes(house.http, house.dependencies);
  pickRoutes(house.http, house.dependencies);
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  agent = await house.addUser('Agent', { rights: ['calls.take'] });
  outsider = await house.addUser('Outsider', { rights: ['customers.read'] });
});
afterAll(() => house.close());

const noBody = '00000000-0000-7000-8000-000000000000';
interface Made {
  id: string;
  version: number;
}
async function make(path: string, body: object): Promise<Made> {
  const answer = await house.send(boss, 'POST', path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return bodyOf<Made>(answer);
}
const auditOf = (recordId: string) => house.database.select().from(auditLog).where(eq(auditLog.recordId, recordId)).orderBy(auditLog.id);

describe('queues', () => {
  test('a new queue has the defaults of the contract, is in the directory at once, and in the audit', async () => {
    const skill = await make('/api/skills', { name: 'Deutsch' });
    const made = await make('/api/queues', { name: 'Kundendienst', skills: [{ skillId: skill.id, minLevel: 2 }] });
    expect(made).toMatchObject({
      name: 'Kundendienst',
      priority: 50,
      language: 'es',
      ringTimeoutSeconds: 20,
      maxWaitSeconds: null,
      active: true,
      version: 0,
    });
    expect(house.directory.queue(made.id)).toEqual(made);
    expect(await auditOf(made.id)).toMatchObject([
      { action: 'created', recordType: 'queue', userId: boss.userId, changes: { name: { old: null, new: 'Kundendienst' } } },
    ]);
  });

  test('a change keeps what it does not name, raises the version and writes down old and new', async () => {
    const skill = await make('/api/skills', { name: 'Italiano' });
    const made = await make('/api/queues', { name: 'Cola A', wrapUpSeconds: 30, skills: [{ skillId: skill.id, minLevel: 1 }] });
    const changed = await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, priority: 70, wrapUpSeconds: null });
    expect(changed).toEqual({ status: 200, body: { ...made, priority: 70, wrapUpSeconds: null, version: 1 } });
    expect(house.directory.queue(made.id)).toMatchObject({ priority: 70, skills: [{ skillId: skill.id, minLevel: 1 }] });
    expect((await auditOf(made.id)).at(-1)).toMatchObject({
      action: 'changed',
      changes: { priority: { old: 50, new: 70 }, wrapUpSeconds: { old: 30, new: null } },
    });
    const emptied = await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 1, skills: [] });
    expect(emptied).toMatchObject({ status: 200, body: { skills: [], version: 2 } });
  });

  test('a change that changes nothing is no new version', async () => {
    const made = await make('/api/queues', { name: 'Cola B' });
    expect(await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, priority: 50 })).toMatchObject({
      status: 200,
      body: { version: 0 },
    });
    expect(await auditOf(made.id)).toHaveLength(1);
  });

  test('who based a change on an older version is told what it is now', async () => {
    const made = await make('/api/queues', { name: 'Cola C' });
    await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, priority: 60 });
    const late = await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, priority: 10 });
    expect(late).toMatchObject({
      status: 409,
      body: { error: { code: 'changedMeanwhile', details: { current: { priority: 60, version: 1 } } } },
    });
  });

  test('of two changes at the same moment one wins and the other is told', async () => {
    const made = await make('/api/queues', { name: 'Cola D' });
    const answers = await Promise.all(
      [61, 62, 63].map((priority) => house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, priority })),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
    const [won] = answers.filter((answer) => answer.status === 200);
    expect(house.directory.queue(made.id)).toEqual(won?.body);
  });

  test('a name is given once, in whatever capitals', async () => {
    await make('/api/queues', { name: 'Cola Única' });
    expect(await house.send(boss, 'POST', '/api/queues', { name: 'cola única' })).toMatchObject(refused(409, 'alreadyExists', 'name'));
    const other = await make('/api/queues', { name: 'Cola otra' });
    expect(await house.send(boss, 'PATCH', `/api/queues/${other.id}`, { version: 0, name: 'COLA ÚNICA' })).toMatchObject(
      refused(409, 'alreadyExists', 'name'),
    );
  });

  test('an unknown skill, one named twice, unknown fields and absurd figures are refused with their place', async () => {
    const { id: skillId } = await make('/api/skills', { name: 'Français' });
    const post = (body: object) => house.send(boss, 'POST', '/api/queues', { name: 'Cola E', ...body });
    expect(
      await post({
        skills: [
          { skillId, minLevel: 1 },
          { skillId: noBody, minLevel: 1 },
        ],
      }),
    ).toMatchObject(refused(400, 'invalidBody', 'skills.1.skillId'));
    expect(
      await post({
        skills: [
          { skillId, minLevel: 1 },
          { skillId, minLevel: 3 },
        ],
      }),
    ).toMatchObject(refused(400, 'invalidBody', 'skills.1.skillId'));
    expect(await post({ skills: [{ skillId, minLevel: 6 }] })).toMatchObject(refused(400, 'invalidBody', 'skills.0.minLevel'));
    expect(await post({ ringTimeoutSeconds: 4 })).toMatchObject(refused(400, 'invalidBody', 'ringTimeoutSeconds'));
    expect(await post({ colour: 'red' })).toMatchObject(refused(400, 'invalidBody'));
    expect(await house.send(boss, 'PATCH', `/api/queues/${noBody}`, { priority: 1 })).toMatchObject(refused(400, 'invalidBody', 'version'));
    expect(await house.send(boss, 'PATCH', `/api/queues/${noBody}`, { version: 0 })).toMatchObject(refused(404, 'notFound'));
    expect([...house.directory.queues()].map((queue) => queue.name)).not.toContain('Cola E');
  });

  test('a queue that nothing depends on can be deleted, with its skills', async () => {
    const { id: skillId } = await make('/api/skills', { name: 'Galego' });
    const made = await make('/api/queues', { name: 'Cola F', skills: [{ skillId, minLevel: 1 }] });
    expect(await house.send(boss, 'DELETE', `/api/queues/${made.id}`)).toEqual({ status: 204, body: null });
    expect(house.directory.queue(made.id)).toBeUndefined();
    expect((await auditOf(made.id)).at(-1)).toMatchObject({ action: 'deleted', changes: { name: { old: 'Cola F', new: null } } });
    expect(await house.send(boss, 'DELETE', `/api/queues/${made.id}`)).toMatchObject(refused(404, 'notFound'));
  });

  test('a queue with numbers, calls or dispositions is not deleted: it can be switched off', async () => {
    const made = await make('/api/queues', { name: 'Cola G' });
    const number = await make('/api/numbers', { number: '+34910000777', queueId: made.id });
    const byNumbers = { status: 409, body: { error: { code: 'inUse', details: { by: 'numbers' } } } };
    expect(await house.send(boss, 'DELETE', `/api/queues/${made.id}`)).toMatchObject(byNumbers);
    await house.send(boss, 'DELETE', `/api/numbers/${number.id}`);

    const disposition = await make('/api/dispositions', { name: 'Sólo G', queueIds: [made.id] });
    expect(await house.send(boss, 'DELETE', `/api/queues/${made.id}`)).toMatchObject({
      status: 409,
      body: { error: { details: { by: 'dispositions' } } },
    });
    await house.send(boss, 'DELETE', `/api/dispositions/${disposition.id}`);

    const call = {
      id: newId(1),
      version: 1,
      lineId: 'main',
      state: {},
      fromRaw: '',
      dialledNumber: '900',
      queueId: made.id,
      startedAt: new Date(0),
      endedAt: new Date(1),
    };
    await house.database.insert(calls).values(call);
    expect(await house.send(boss, 'DELETE', `/api/queues/${made.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'inUse', details: { by: 'calls' } } },
    });
    expect(await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, active: false })).toMatchObject({ status: 200 });
    expect(house.directory.queue(made.id)).toMatchObject({ active: false });
  });

  test('agents may read the set-up but not change it; others see nothing of it', async () => {
    expect(await house.send(agent, 'GET', '/api/queues')).toMatchObject({ status: 200 });
    expect(await house.send(agent, 'POST', '/api/queues', { name: 'X' })).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(agent, 'PATCH', `/api/queues/${noBody}`, { version: 0 })).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(agent, 'DELETE', `/api/queues/${noBody}`)).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(outsider, 'GET', '/api/queues')).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(null, 'GET', '/api/queues')).toMatchObject(refused(401, 'notSignedIn'));
  });

  test('the list is the whole truth, by name', async () => {
    const listed = bodyOf<{ items: Queue[] }>(await house.send(agent, 'GET', '/api/queues')).items;
    expect(listed).toEqual(house.directory.queues());
  });
});

describe("a queue's rules", () => {
  test('each is saved, given back, and in the directory; what a change does not name stays', async () => {
    const { id: skillId } = await make('/api/skills', { name: 'Avería' });
    const other = await make('/api/queues', { name: 'Rebosadero' });
    const calendar = await make('/api/calendars', { name: 'Oficina', timeZone: 'Europe/Madrid' });
    const rules = {
      strategy: 'fewestCalls',
      preferSkilled: false,
      skillSteps: [
        { afterSeconds: 30, skillId: null, lowerBy: 1 },
        { afterSeconds: 60, skillId, lowerBy: null },
      ],
      tierBonus: { A: 20, B: 5, C: -5 },
      waitPointsPerMinute: 2,
      lastAgentDays: 7,
      ownerFirst: true,
      preferredPatienceSeconds: 45,
      maxLength: 12,
      whenFull: { to: 'queue', queueId: other.id },
      afterMaxWait: { to: 'voicemail' },
      noAgentsWhen: 'noneReachable',
      whenNoAgents: { to: 'number', number: '+34910000001' },
      atClosing: { to: 'announcement', announcement: 'closedNow' },
      announceExpectedWait: true,
      wrapUpOptional: true,
      calendarId: calendar.id,
    };
    const made = await make('/api/queues', { name: 'Averías', skills: [{ skillId, minLevel: 3 }], ...rules });
    expect(made).toMatchObject(rules);
    expect(house.directory.queue(made.id)).toEqual(made);
    const changed = await house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, whenFull: { to: 'voicemail' } });
    expect(changed.body).toEqual({ ...made, whenFull: { to: 'voicemail' }, version: 1 });
    expect((await auditOf(made.id)).at(-1)).toMatchObject({ changes: { whenFull: { old: rules.whenFull, new: { to: 'voicemail' } } } });
    expect(await house.send(boss, 'DELETE', `/api/calendars/${calendar.id}`)).toMatchObject({ status: 409 });
  });

  test('a row from before there were rules has those of a new queue', async () => {
    const made = await make('/api/queues', { name: 'Antigua' });
    await house.database.update(queues).set({ rules: {} }).where(eq(queues.id, made.id));
    await house.directory.changed();
    expect(house.directory.queue(made.id)).toEqual(made);
  });

  test('places that are not there are refused with their field, and so is sending calls to the queue itself', async () => {
    const made = await make('/api/queues', { name: 'Redonda' });
    const patch = (body: object) => house.send(boss, 'PATCH', `/api/queues/${made.id}`, { version: 0, ...body });
    expect(await patch({ whenFull: { to: 'queue', queueId: noBody } })).toMatchObject(refused(400, 'invalidBody', 'whenFull.queueId'));
    expect(await patch({ atClosing: { to: 'queue', queueId: made.id } })).toMatchObject(refused(400, 'invalidBody', 'atClosing.queueId'));
    expect(await patch({ whenFull: { to: 'number', number: '910' } })).toMatchObject(refused(400, 'invalidBody', 'whenFull.number'));
    expect(await patch({ calendarId: noBody })).toMatchObject(refused(400, 'invalidBody', 'calendarId'));
    expect(await patch({ outboundNumberId: noBody })).toMatchObject(refused(400, 'invalidBody', 'outboundNumberId'));
    expect(await patch({ skillSteps: [{ afterSeconds: 5, skillId: noBody, lowerBy: 1 }] })).toMatchObject(
      refused(400, 'invalidBody', 'skillSteps.0.skillId'),
    );
  });

  test('a queue that another one sends calls to is not deleted', async () => {
    const target = await make('/api/queues', { name: 'Destino' });
    const source = await make('/api/queues', { name: 'Origen', afterMaxWait: { to: 'queue', queueId: target.id } });
    expect(await house.send(boss, 'DELETE', `/api/queues/${target.id}`)).toMatchObject({ status: 409, body: { error: { details: { by: 'queues' } } } });
    await house.send(boss, 'DELETE', `/api/queues/${source.id}`);
    expect(await house.send(boss, 'DELETE', `/api/queues/${target.id}`)).toMatchObject({ status: 204 });
  });
});

describe('skills', () => {
  test('a skill that a queue or an agent has is not deleted', async () => {
    const skill = await make('/api/skills', { name: 'Català' });
    const queue = await make('/api/queues', { name: 'Cua', skills: [{ skillId: skill.id, minLevel: 1 }] });
    expect(await house.send(boss, 'DELETE', `/api/skills/${skill.id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'inUse', details: { by: 'queues' } } },
    });
    await house.send(boss, 'DELETE', `/api/queues/${queue.id}`);
    await house.database.insert(agentSkills).values({ userId: agent.userId, skillId: skill.id, level: 3 });
    expect(await house.send(boss, 'DELETE', `/api/skills/${skill.id}`)).toMatchObject({
      status: 409,
      body: { error: { details: { by: 'agents' } } },
    });
    await house.database.delete(agentSkills).where(eq(agentSkills.skillId, skill.id));
    expect(await house.send(boss, 'DELETE', `/api/skills/${skill.id}`)).toMatchObject({ status: 204 });
  });

  test('a skill is named once, also in Chinese', async () => {
    await make('/api/skills', { name: '中文' });
    expect(await house.send(boss, 'POST', '/api/skills', { name: ' 中文 ' })).toMatchObject(refused(409, 'alreadyExists', 'name'));
    expect(await house.send(boss, 'POST', '/api/skills', { name: '  ' })).toMatchObject(refused(400, 'invalidBody', 'name'));
  });
});
