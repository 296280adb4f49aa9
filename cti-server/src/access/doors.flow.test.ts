import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHouse, type TestHouse } from './testing.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse({ demoMode: true });
});
afterAll(() => house.close());

const signedIn = async (login: string) => {
  const browser = house.browser();
  expect((await browser.signIn(login)).status).toBe(200);
  return browser;
};

const everyone = ['nobody', 'agent', 'supervisor', 'administrator'];
const signedInPeople = everyone.slice(1);
const administrator = ['administrator'];
/** Each route of this slice with those who get past the door. */
const routes: Record<string, string[]> = {
  'GET /api/public': everyone,
  'POST /api/setup': everyone,
  'POST /api/session': everyone,
  'GET /api/session': signedInPeople,
  'PATCH /api/session/preferences': signedInPeople,
  'POST /api/session/password': signedInPeople,
  'GET /api/users': administrator,
  'POST /api/users': administrator,
  'GET /api/users/:id': administrator,
  'PATCH /api/users/:id': administrator,
  'GET /api/roles': administrator,
  'POST /api/roles': administrator,
  'PATCH /api/roles/:id': administrator,
  'DELETE /api/roles/:id': administrator,
  'GET /api/teams': administrator,
  'POST /api/teams': administrator,
  'PATCH /api/teams/:id': administrator,
  'DELETE /api/teams/:id': administrator,
  'GET /api/audit': administrator,
  'DELETE /api/session': signedInPeople,
};

describe('bad input', () => {
  const codeOf = async (method: 'POST' | 'PATCH' | 'GET', url: string, body?: unknown, login = 'admin') => {
    const answer = await (await signedIn(login)).send(method, url, body);
    return [answer.status, answer.body.error?.code];
  };
  test.each([
    ['malformed JSON', '{"login": "x"', [400, 'malformedJson']],
    ['an unknown field', { login: 'ana', password: 'x', extra: 1 }, [400, 'invalidBody']],
    ['an array', [], [400, 'invalidBody']],
    ['numbers for text', { login: 1, password: 2 }, [400, 'invalidBody']],
    ['an endless password', { login: 'ana', password: 'x'.repeat(201) }, [400, 'invalidBody']],
    ['control characters', { login: 'a\u0000b', password: 'x' }, [400, 'invalidBody']],
    ['ten megabytes', JSON.stringify({ login: 'x'.repeat(10_000_000), password: 'x' }), [413, 'bodyTooLarge']],
  ])('%s', async (_name, body, expected) => {
    expect(await codeOf('POST', '/api/session', body)).toEqual(expected);
  });

  test('absurd values in lists and addresses', async () => {
    expect(await codeOf('GET', '/api/users?limit=0')).toEqual([400, 'invalidBody']);
    expect(await codeOf('GET', '/api/users?limit=100000')).toEqual([400, 'invalidBody']);
    expect(await codeOf('GET', '/api/users?cursor=nonsense')).toEqual([400, 'invalidBody']);
    const withZero = Buffer.from(JSON.stringify(['a\u0000', house.demo?.users.ana])).toString('base64url');
    expect(await codeOf('GET', `/api/users?cursor=${withZero}`)).toEqual([400, 'invalidBody']);
    expect(await codeOf('GET', '/api/users?search=%00')).toEqual([400, 'invalidBody']);
    expect(await codeOf('GET', '/api/users/1;drop')).toEqual([400, 'invalidBody']);
    expect(await codeOf('GET', '/api/users/00000000-0000-7000-8000-000000000000')).toEqual([404, 'notFound']);
    expect(await codeOf('GET', '/api/audit?cursor=MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw')).toEqual([400, 'invalidBody']);
  });
});

describe('who may call what', () => {
  test('the table names every route', () => {
    const registered = house.routes.filter((route) => route.url.startsWith('/api')).map((route) => `${route.method} ${route.url}`);
    expect(registered.sort()).toEqual(Object.keys(routes).sort());
  });

  test.each([['nobody', ''], ['agent', 'ana'], ['supervisor', 'supervisor'], ['administrator', 'admin']])('%s', async (role, login) => {
    const browser = login === '' ? house.browser() : await signedIn(login);
    for (const [route, allowed] of Object.entries(routes)) {
      const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PATCH' | 'DELETE', string];
      const url = path.replace(':id', '00000000-0000-7000-8000-000000000000');
      const answer = await browser.send(method, url, method === 'GET' || method === 'DELETE' ? undefined : {});
      const code = answer.body.error?.code;
      if (!allowed.includes(role)) expect([route, answer.status, code]).toEqual([route, ...(role === 'nobody' ? [401, 'notSignedIn'] : [403, 'forbidden'])]);
      else expect([200, 204, 400, 404], `${route} ${String(code)}`).toContain(answer.status);
    }
  });
});

test('the documentation describes every route with its refusals', async () => {
  const reply = await house.app.inject({ method: 'GET', url: '/api/docs/json' });
  const { paths } = reply.json<{ paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown> }>> }>();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ name: `${method.toUpperCase()} ${path.replace('{id}', ':id')}`, ...route })),
  );
  expect(described.map((route) => route.name).sort()).toEqual(Object.keys(routes).sort());
  for (const route of described) {
    expect(route.summary, route.name).toBeTruthy();
    expect(Object.keys(route.responses), route.name).toContainEqual(expect.stringMatching(route.name === 'GET /api/public' ? /^200$/ : /^4xx$/i));
  }
});
