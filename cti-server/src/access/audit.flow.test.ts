import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signInFailures } from '../db/index.ts';
import type { Right, Scope } from '../contracts/index.ts';
import { type Browser, openTestHouse, type TestHouse } from './testing.ts';

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

describe('the audit', () => {
  interface Line { id: string; userName: string; action: string; recordType: string; changes: Record<string, { old: unknown; new: unknown }> }
  const lines = async (browser: Browser, query: string): Promise<Line[]> => (await browser.send('GET', `/api/audit?${query}`)).body['items'] as Line[];

  test('names each change with old and new values, newest first, and never a password', async () => {
    const user = await makeUser({ name: 'Before' });
    await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, name: 'After', password: 'another long password', roleIds: [roleIds['supervisor']] });
    await admin.send('PATCH', `/api/users/${user.id}`, { version: 1, name: 'After' });
    const found = await lines(admin, `recordType=user&recordId=${user.id}`);
    expect(found.map((line) => [line.userName, line.action])).toEqual([['Administrator', 'passwordReset'], ['Administrator', 'changed'], ['Administrator', 'created']]);
    expect(found[1]?.changes).toEqual({ name: { old: 'Before', new: 'After' }, roles: { old: ['agent'], new: ['supervisor'] } });
    expect(found[2]?.changes).toMatchObject({ login: { old: null, new: user.login }, active: { old: null, new: true } });
    expect(JSON.stringify(found)).not.toMatch(/long|argon/);
  });

  test('tells who signed in and out and from where, and that somebody tried, but never what was typed', async () => {
    const user = await makeUser({ name: 'Person of sessions' });
    const browser = house.browser();
    expect((await browser.signIn(user.login, 'not the right password')).status).toBe(401);
    expect((await browser.signIn('nobody-called-so', 'not the right password')).status).toBe(401);
    expect((await browser.signIn(user.login, password)).status).toBe(200);
    expect((await browser.send('DELETE', '/api/session')).status).toBe(204);
    const found = await lines(admin, `recordType=session&recordId=${user.id}`);
    expect(found.map((line) => [line.userName, line.action])).toEqual([['Person of sessions', 'signedOut'], ['Person of sessions', 'signedIn'], ['', 'signInFailed']]);
    expect(found[1]?.changes).toEqual({ address: { old: null, new: expect.stringMatching(/./) as string } });
    const unknown = await lines(admin, 'recordType=session&recordId=unknown');
    expect(unknown.map((line) => line.action)).toEqual(['signInFailed']);
    expect(JSON.stringify([...found, ...unknown])).not.toMatch(/right password|nobody-called-so/);
  });

  test('a refused change leaves no line', async () => {
    const user = await makeUser();
    await admin.send('PATCH', `/api/users/${user.id}`, { version: 7, name: 'x' });
    await admin.send('PATCH', `/api/users/${user.id}`, { version: 0, login: 'ana' });
    expect((await lines(admin, `recordId=${user.id}`)).map((line) => line.action)).toEqual(['created']);
  });

  test('is read a page at a time', async () => {
    const user = await makeUser();
    for (let version = 0; version < 4; version += 1) await admin.send('PATCH', `/api/users/${user.id}`, { version, name: newName('name') });
    const all = await lines(admin, `recordId=${user.id}`);
    const paged: Line[] = [];
    for (let cursor = ''; ; ) {
      const { items, nextCursor } = (await admin.send('GET', `/api/audit?recordId=${user.id}&limit=2${cursor}`)).body as unknown as { items: Line[]; nextCursor: string | null };
      paged.push(...items);
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(all).toHaveLength(5);
    expect(paged).toEqual(all);
  });

  test('shows as much as the scope allows', async () => {
    const ana = house.demo?.users.ana ?? '';
    const lin = house.demo?.users.lin ?? '';
    for (const userId of [ana, lin]) await house.access.audit.record(house.database, { userId, name: userId }, 'changed', 'thing', '1', {});
    await house.access.audit.record(house.database, null, 'changed', 'thing', '1', {});
    const own = await signedInWith(['audit.read'], 'own');
    const team = await signedInWith(['audit.read'], 'team', { teamIds: [house.demo?.teams.Atención] });
    const all = await signedInWith(['audit.read'], 'all');
    expect(await lines(own, 'recordType=thing')).toEqual([]);
    expect((await lines(team, 'recordType=thing')).map((line) => line.userName)).toEqual([ana]);
    expect((await lines(all, 'recordType=thing')).map((line) => line.userName)).toEqual(['', lin, ana]);
  });
});

