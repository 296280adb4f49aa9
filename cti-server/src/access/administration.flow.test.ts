import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { signInFailures, users } from '../db/index.ts';
import type { Right, Scope } from '../contracts/index.ts';
import { type Answer, type Browser, openTestHouse, type TestHouse } from './testing.ts';

let house: TestHouse;
let admin: Browser;
let roleIds: Record<string, string>;
beforeAll(async () => {
  house = await openTestHouse({ demoMode: true });
  admin = house.browser();
  expect((await admin.signIn('admin')).status).toBe(200);
  const { items } = (await admin.send('GET', '/api/roles')).body as unknown as { items: { id: string; name: string }[] };
  roleIds = Object.fromEntries(items.map((role) => [role.name, role.id]));
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.delete(signInFailures);
});

const password = 'a long enough password';
const outcome = (answer: Answer) => [answer.status, answer.body.error?.code];
let count = 0;
const newName = (prefix: string) => `${prefix}${String((count += 1))}`;

async function makeUser(fields: Record<string, unknown> = {}): Promise<{ id: string; login: string; version: number }> {
  const login = newName('person');
  const answer = await admin.send('POST', '/api/users', { login, name: login, locale: 'es', roleIds: [roleIds['agent']], password, ...fields });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as unknown as { id: string; login: string; version: number };
}
async function makeRole(rights: Right[], scope: Scope = 'all'): Promise<{ id: string; version: number }> {
  const answer = await admin.send('POST', '/api/roles', { name: newName('role'), rights, scope });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body as unknown as { id: string; version: number };
}
async function signedInWith(rights: Right[], scope: Scope = 'all', fields: Record<string, unknown> = {}): Promise<Browser & { id: string }> {
  const role = await makeRole(rights, scope);
  const user = await makeUser({ roleIds: [role.id], ...fields });
  const browser = house.browser();
  expect((await browser.signIn(user.login, password)).status).toBe(200);
  return Object.assign(browser, { id: user.id });
}

describe('who is above whom', () => {
  test('people report to somebody, but never to themselves, however many stand between', async () => {
    const [boss, clerk] = [await makeUser(), await makeUser()];
    const led = await admin.send('PATCH', `/api/users/${clerk.id}`, { version: 0, managerId: boss.id });
    expect(led.body).toMatchObject({ managerId: boss.id, managerName: boss.login });
    expect(outcome(await admin.send('PATCH', `/api/users/${boss.id}`, { version: 0, managerId: clerk.id }))).toEqual([400, 'invalidBody']);
    expect(outcome(await admin.send('PATCH', `/api/users/${boss.id}`, { version: 0, managerId: boss.id }))).toEqual([400, 'invalidBody']);
    expect(outcome(await admin.send('PATCH', `/api/users/${boss.id}`, { version: 0, managerId: crypto.randomUUID() }))).toEqual([400, 'invalidBody']);
  });

  test('a team is part of another, but never of itself', async () => {
    const whole = (await admin.send('POST', '/api/teams', { name: newName('whole') })).body as unknown as { id: string };
    const part = (await admin.send('POST', '/api/teams', { name: newName('part'), parentId: whole.id })).body as unknown as { id: string; parentId: string };
    expect(part.parentId).toBe(whole.id);
    expect(outcome(await admin.send('PATCH', `/api/teams/${whole.id}`, { version: 0, parentId: part.id }))).toEqual([400, 'invalidBody']);
    expect((await admin.send('PATCH', `/api/teams/${part.id}`, { version: 0, parentId: null })).body).toMatchObject({ parentId: null });
  });
});

describe('users', () => {
  test('are made, read, found without accents, and changed field by field', async () => {
    const user = await makeUser({ name: 'Jesús Núñez', active: false, teamIds: [house.demo?.teams.Ventas] });
    const found = await admin.send('GET', `/api/users?search=${encodeURIComponent('nunez')}`);
    expect(found.body['items']).toEqual([user]);
    expect((await admin.send('GET', `/api/users?search=${user.login.toUpperCase()}`)).body['items']).toEqual([user]);
    expect((await admin.send('GET', `/api/users?search=${encodeURIComponent('%')}`)).body['items']).toEqual([]);
    const changed = await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, name: 'Jesús N.' });
    expect(changed.body).toEqual({ ...user, name: 'Jesús N.', version: 1 });
    expect((await admin.send('GET', `/api/users/${user.id}`)).body).toEqual(changed.body);
  });

  test('are read a page at a time, each once, in the order of names', async () => {
    for (let i = 0; i < 7; i += 1) await makeUser({ name: `same name ${String(i % 2)}` });
    const all = (await admin.send('GET', '/api/users?limit=200')).body['items'] as { id: string; name: string }[];
    const paged: { id: string }[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = (await admin.send('GET', `/api/users?limit=3${cursor}`)).body as unknown as { items: { id: string }[]; nextCursor: string | null };
      paged.push(...items);
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(all);
    expect(new Set(paged.map((user) => user.id)).size).toBe(all.length);
  });

  test('a login is taken no matter its capitals', async () => {
    const again = await admin.send('POST', '/api/users', { login: 'ANA', name: 'x', locale: 'es', roleIds: [roleIds['agent']], password });
    expect(outcome(again)).toEqual([409, 'alreadyExists']);
    expect(again.body.error?.field).toBe('login');
  });

  test('a new user needs a password, known roles and known teams', async () => {
    const input = { login: newName('person'), name: 'x', locale: 'es', roleIds: [roleIds['agent']], password };
    const strange = '00000000-0000-7000-8000-000000000000';
    for (const [body, field] of [
      [{ ...input, password: undefined }, 'password'],
      [{ ...input, password: 'short' }, 'password'],
      [{ ...input, roleIds: [strange] }, 'roleIds'],
      [{ ...input, roleIds: [] }, 'roleIds'],
      [{ ...input, teamIds: [strange] }, 'teamIds'],
      [{ ...input, login: 'with space' }, 'login'],
      [{ ...input, locale: 'xx' }, 'locale'],
    ] as const) {
      const answer = await admin.send('POST', '/api/users', body);
      expect([...outcome(answer), answer.body.error?.field]).toEqual([400, 'invalidBody', field]);
    }
  });

  test('of two changes to the same version one is refused and shown the other', async () => {
    const user = await makeUser();
    const [one, other] = await Promise.all(['A', 'B'].map((name) => admin.send('PATCH', `/api/users/${user.id}`, { version: 0, name })));
    const [won, lost] = one?.status === 200 ? [one, other] : [other, one];
    expect(won?.status).toBe(200);
    expect(lost && outcome(lost)).toEqual([409, 'changedMeanwhile']);
    expect(lost?.body.error?.details).toEqual({ current: won?.body });
  });

  test('a deactivated user is out at once and stays out', async () => {
    const user = await makeUser();
    const browser = house.browser();
    await browser.signIn(user.login, password);
    expect((await browser.send('GET', '/api/session')).status).toBe(200);
    const told: unknown[] = [];
    house.access.onSessionEnded((_sessionId, userId, reason) => void told.push([userId, reason]));
    expect((await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, active: false })).status).toBe(200);
    expect(told).toEqual([[user.id, 'userDeactivated']]);
    expect((await browser.send('GET', '/api/session')).status).toBe(401);
    expect((await browser.signIn(user.login, password)).status).toBe(401);
  });

  test('a changed role holds from the next request on', async () => {
    const user = await makeUser();
    const browser = house.browser();
    await browser.signIn(user.login, password);
    expect((await browser.send('GET', '/api/audit')).status).toBe(403);
    const auditor = await makeRole(['audit.read']);
    const told: unknown[] = [];
    house.access.onViewersChanged((changed) => void told.push(changed));
    expect((await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, roleIds: [roleIds['agent'], auditor.id] })).status).toBe(200);
    expect((await browser.send('GET', '/api/audit')).status).toBe(200);
    expect((await admin.send('PATCH', `/api/roles/${auditor.id}`, { version: 0, rights: ['system.read'] })).status).toBe(200);
    expect((await browser.send('GET', '/api/audit')).status).toBe(403);
    expect(told).toEqual([[user.id], 'all']);
  });

  test('a password set by an administrator ends the sessions made with the old one', async () => {
    const user = await makeUser();
    const browser = house.browser();
    await browser.signIn(user.login, password);
    expect((await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, password: 'another long password' })).status).toBe(200);
    expect((await browser.send('GET', '/api/session')).status).toBe(401);
    expect((await browser.signIn(user.login, 'another long password')).status).toBe(200);
  });
});

describe('the last administrator', () => {
  const adminRecord = async () => (await admin.send('GET', `/api/users/${house.demo?.users.admin ?? ''}`)).body as unknown as { id: string; version: number };

  test('can be neither deactivated nor given other roles', async () => {
    const { id, version } = await adminRecord();
    expect(outcome(await admin.send('PATCH', `/api/users/${id}`, { version, active: false }))).toEqual([409, 'lastAdministrator']);
    expect(outcome(await admin.send('PATCH', `/api/users/${id}`, { version, roleIds: [roleIds['agent']] }))).toEqual([409, 'lastAdministrator']);
  });

  test('one of several can, but nobody deactivates themselves', async () => {
    const second = await makeUser({ roleIds: [roleIds['administrator']] });
    const { id, version } = await adminRecord();
    expect(outcome(await admin.send('PATCH', `/api/users/${id}`, { version, active: false }))).toEqual([409, 'ownAccount']);
    expect((await admin.send('PATCH', `/api/users/${second.id}`, { version: 0, active: false })).status).toBe(200);
    expect(outcome(await admin.send('PATCH', `/api/users/${id}`, { version, roleIds: [roleIds['agent']] }))).toEqual([409, 'lastAdministrator']);
  });

  test('two administrators who dismiss each other at the same moment leave one', async () => {
    const second = await makeUser({ roleIds: [roleIds['administrator']] });
    const other = house.browser();
    await other.signIn(second.login, password);
    const { id, version } = await adminRecord();
    // both have decided before either may write: reads go on while this lock holds, writes wait
    const holder = await house.database.$client.connect();
    await holder.query('begin; lock table user_roles in share row exclusive mode');
    const dismissals = Promise.all([
      admin.send('PATCH', `/api/users/${second.id}`, { version: 0, roleIds: [roleIds['agent']] }),
      other.send('PATCH', `/api/users/${id}`, { version, roleIds: [roleIds['agent']] }),
    ]);
    await vi.waitFor(async () => {
      const waiting = await house.database.execute(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
      expect(waiting.rows).toHaveLength(2);
    }, 10_000);
    await holder.query('commit');
    holder.release();
    const answers = await dismissals;
    const left = await house.database.execute<{ n: number }>(sql`
      select count(*)::int as n from users u join user_roles ur on ur.user_id = u.id join roles r on r.id = ur.role_id where u.active and r.name = 'administrator'`);
    expect(left.rows[0]?.n).toBe(1);
    expect(answers.map(outcome).sort()).toEqual([[200, undefined], [409, 'lastAdministrator']]);
    // give the house back to its administrator for the tests that follow
    await house.database.execute(sql`delete from user_roles where user_id in (${id}, ${second.id})`);
    await house.database.execute(sql`insert into user_roles (user_id, role_id) values (${id}, ${roleIds['administrator']}), (${second.id}, ${roleIds['agent']})`);
    house.passTime(10_000);
    expect((await admin.send('GET', '/api/users')).status).toBe(200);
  });
});

describe('nobody gets or gives more than they have', () => {
  test('who manages users cannot give a role beyond their own, to others or to themselves', async () => {
    const clerk = await signedInWith(['users.manage', 'calls.take']);
    const small = await makeRole(['calls.take']);
    const wide = await makeRole(['calls.take', 'audit.read']);
    const input = { name: 'x', locale: 'es', password };
    expect((await clerk.send('POST', '/api/users', { ...input, login: newName('person'), roleIds: [small.id] })).status).toBe(201);
    for (const role of [wide.id, roleIds['administrator']]) {
      expect(outcome(await clerk.send('POST', '/api/users', { ...input, login: newName('person'), roleIds: [small.id, role] }))).toEqual([403, 'forbidden']);
      expect(outcome(await clerk.send('PATCH', `/api/users/${clerk.id}`, { version: 0, roleIds: [role] }))).toEqual([403, 'forbidden']);
    }
  });

  test('who manages roles too still cannot make themselves administrator', async () => {
    const clerk = await signedInWith(['users.manage', 'roles.manage']);
    expect(outcome(await clerk.send('PATCH', `/api/users/${clerk.id}`, { version: 0, roleIds: [roleIds['administrator']] }))).toEqual([403, 'forbidden']);
    expect(outcome(await clerk.send('POST', '/api/roles', { name: newName('role'), rights: ['audit.read'], scope: 'own' }))).toEqual([403, 'forbidden']);
    expect((await clerk.send('POST', '/api/roles', { name: newName('role'), rights: ['users.manage'], scope: 'all' })).status).toBe(201);
    const own = (await clerk.send('GET', `/api/users/${clerk.id}`)).body as unknown as { roleIds: string[] };
    expect(outcome(await clerk.send('PATCH', `/api/roles/${own.roleIds[0] ?? ''}`, { version: 0, rights: ['users.manage', 'system.read'] }))).toEqual([403, 'forbidden']);
  });

  test('nobody takes over the account of somebody who may do more', async () => {
    const clerk = await signedInWith(['users.manage']);
    const target = house.demo?.users.admin ?? '';
    const { version } = (await admin.send('GET', `/api/users/${target}`)).body as unknown as { version: number };
    for (const change of [{ password }, { login: 'mine' }, { active: false }, { name: 'x' }]) {
      expect(outcome(await clerk.send('PATCH', `/api/users/${target}`, { version, ...change }))).toEqual([403, 'forbidden']);
    }
  });

  test('one’s own password changes only with the current one', async () => {
    const clerk = await signedInWith(['users.manage']);
    expect(outcome(await clerk.send('PATCH', `/api/users/${clerk.id}`, { version: 0, password }))).toEqual([403, 'forbidden']);
  });

  test('a role with a wider scope than one’s own cannot be made or given', async () => {
    const { Atención: mine, Ventas: theirs } = house.demo?.teams ?? { Atención: '', Ventas: '' };
    const lead = await signedInWith(['users.manage', 'roles.manage', 'calls.take'], 'team', { teamIds: [mine] });
    const wide = await makeRole(['calls.take'], 'all');
    const narrow = await makeRole(['calls.take'], 'own');
    const input = { name: 'x', locale: 'es', password };
    expect(outcome(await lead.send('POST', '/api/roles', { name: newName('role'), rights: [], scope: 'all' }))).toEqual([403, 'forbidden']);
    expect(outcome(await lead.send('POST', '/api/users', { ...input, login: newName('person'), roleIds: [wide.id], teamIds: [mine] }))).toEqual([403, 'forbidden']);
    // nor do other teams open to them
    for (const teamIds of [[], [theirs], [mine, theirs]]) {
      expect(outcome(await lead.send('POST', '/api/users', { ...input, login: newName('person'), roleIds: [narrow.id], teamIds }))).toEqual([403, 'forbidden']);
    }
    expect(outcome(await lead.send('PATCH', `/api/users/${lead.id}`, { version: 0, teamIds: [mine, theirs] }))).toEqual([403, 'forbidden']);
    expect(outcome(await lead.send('POST', '/api/teams', { name: newName('team') }))).toEqual([403, 'forbidden']);
    expect((await lead.send('POST', '/api/users', { ...input, login: newName('person'), roleIds: [narrow.id], teamIds: [mine] })).status).toBe(201);
    // and people of other teams are not there for them
    const seen = ((await lead.send('GET', '/api/users?limit=200')).body['items'] as { login: string; teamIds: string[] }[]);
    expect(seen.map((user) => user.login)).toContain('ana');
    expect(seen.every((user) => user.teamIds.includes(mine))).toBe(true);
    expect(outcome(await lead.send('GET', `/api/users/${house.demo?.users.lin ?? ''}`))).toEqual([404, 'notFound']);
    expect(outcome(await lead.send('PATCH', `/api/users/${house.demo?.users.lin ?? ''}`, { version: 0, name: 'x' }))).toEqual([404, 'notFound']);
  });
});

describe('roles and teams', () => {
  test('built-in roles stay as they are', async () => {
    for (const id of Object.values(roleIds)) {
      expect(outcome(await admin.send('PATCH', `/api/roles/${id}`, { version: 0, name: 'mine' }))).toEqual([403, 'forbidden']);
      expect(outcome(await admin.send('DELETE', `/api/roles/${id}`))).toEqual([403, 'forbidden']);
    }
    expect(outcome(await admin.send('POST', '/api/roles', { name: 'Administrator', rights: [], scope: 'own' }))).toEqual([409, 'alreadyExists']);
  });

  test('a role in use is not deleted, a free one is', async () => {
    const role = await makeRole(['calls.read']);
    const user = await makeUser({ roleIds: [role.id] });
    expect(outcome(await admin.send('DELETE', `/api/roles/${role.id}`))).toEqual([409, 'inUse']);
    expect((await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, roleIds: [roleIds['agent']] })).status).toBe(200);
    expect((await admin.send('DELETE', `/api/roles/${role.id}`)).status).toBe(204);
    expect(outcome(await admin.send('DELETE', `/api/roles/${role.id}`))).toEqual([404, 'notFound']);
  });

  test('an old version of a role or team is refused with the present one', async () => {
    const role = await makeRole(['calls.read']);
    const changed = await admin.send('PATCH', `/api/roles/${role.id}`, { version: 0, scope: 'team' });
    expect(changed.body).toMatchObject({ scope: 'team', rights: ['calls.read'], version: 1 });
    const late = await admin.send('PATCH', `/api/roles/${role.id}`, { version: 0, scope: 'own' });
    expect([...outcome(late), late.body.error?.details]).toEqual([409, 'changedMeanwhile', { current: changed.body }]);
    const team = (await admin.send('POST', '/api/teams', { name: newName('team') })).body as unknown as { id: string };
    const renamed = await admin.send('PATCH', `/api/teams/${team.id}`, { version: 0, name: newName('team') });
    expect(outcome(await admin.send('PATCH', `/api/teams/${team.id}`, { version: 0, name: 'x' }))).toEqual([409, 'changedMeanwhile']);
    expect(renamed.body['version']).toBe(1);
  });

  test('a team with people is not deleted, an empty one is', async () => {
    const team = (await admin.send('POST', '/api/teams', { name: newName('team') })).body as unknown as { id: string };
    const user = await makeUser({ teamIds: [team.id, team.id] });
    expect(outcome(await admin.send('DELETE', `/api/teams/${team.id}`))).toEqual([409, 'inUse']);
    await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, teamIds: [] });
    expect((await admin.send('DELETE', `/api/teams/${team.id}`)).status).toBe(204);
    expect(outcome(await admin.send('POST', '/api/teams', { name: 'ATENCIÓN' }))).toEqual([409, 'alreadyExists']);
  });
});

test('a change on another server holds here after a few seconds', async () => {
  const user = await makeUser();
  const browser = house.browser();
  await browser.signIn(user.login, password);
  expect(await house.neighbour().resolveViewer(browser.cookie)).not.toBeNull();
  await house.database.update(users).set({ active: false }).where(eq(users.id, user.id));
  house.passTime(3_000);
  expect((await browser.send('GET', '/api/session')).status).toBe(401);
});
