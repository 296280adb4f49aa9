import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError, fieldIssues } from './errors.ts';
import { makeClient, patienceMs, queryString } from './request.ts';

type Answer = { status: number; body?: unknown } | 'unreachable';
let answers: Answer[];
let asked: { method: string; url: string; headers: Record<string, string> }[];
let now: number;
let token: string | null;
let signsInAgain: boolean;
let refreshed: number;

const error = (code: string, more = {}) => ({ error: { code, message: code, ...more } });

beforeEach(() => {
  answers = [];
  asked = [];
  now = 0;
  token = 'csrf-1';
  signsInAgain = true;
  refreshed = 0;
});

const request = makeClient(
  {
    csrfToken: () => token,
    signInAgain: () => {
      token = 'csrf-2';
      return Promise.resolve(signsInAgain);
    },
    refresh: () => {
      refreshed++;
      token = 'csrf-3';
      return Promise.resolve();
    },
  },
  {
    fetch: (url, init) => {
      asked.push({ method: init?.method ?? 'GET', url: String(url as string), headers: init?.headers as Record<string, string> });
      const answer = answers.shift() ?? { status: 200, body: 'ok' };
      if (answer === 'unreachable') return Promise.reject(new TypeError('fetch failed'));
      return Promise.resolve(new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status }));
    },
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    now: () => now,
  },
);

describe('a request', () => {
  test('that changes something shows the session’s token, one that reads does not', async () => {
    await request('POST', '/api/x', { body: {} });
    await request('GET', '/api/x');
    expect(asked.map((one) => one.headers['x-csrf-token'])).toEqual(['csrf-1', undefined]);
  });
  test('that may be repeated outlasts a restart of the server', async () => {
    answers = ['unreachable', 'unreachable', { status: 503 }, { status: 200, body: 'there' }];
    expect(await request('GET', '/api/x')).toBe('there');
  });
  test('gives up with words after a while', async () => {
    answers = Array.from({ length: 100 }, () => 'unreachable' as const);
    await expect(request('GET', '/api/x')).rejects.toMatchObject({ code: 'offline', status: 0 });
    expect(now).toBeLessThanOrEqual(patienceMs);
    expect(asked.length).toBeGreaterThan(4);
  });
  test('that creates is sent once, as nobody knows whether the first arrived', async () => {
    answers = ['unreachable'];
    await expect(request('POST', '/api/x', { body: {} })).rejects.toMatchObject({ code: 'offline' });
    expect(asked).toHaveLength(1);
  });
  test('that moves a call may be repeated, as the server refuses a second move', async () => {
    answers = ['unreachable', { status: 200, body: 'done' }];
    expect(await request('POST', '/api/calls/1/hang-up', { body: {}, repeatable: true })).toBe('done');
  });
  test('of an expired session waits for the password and goes on', async () => {
    answers = [{ status: 401, body: error('notSignedIn') }, { status: 200, body: 'after' }];
    expect(await request('POST', '/api/x', { body: {} })).toBe('after');
    expect(asked[1]?.headers['x-csrf-token']).toBe('csrf-2');
  });
  test('of an expired session fails when nobody signs in', async () => {
    signsInAgain = false;
    answers = [{ status: 401, body: error('notSignedIn') }];
    await expect(request('GET', '/api/x')).rejects.toMatchObject({ code: 'notSignedIn' });
  });
  test('with an old token reads the session and tries once more, not for ever', async () => {
    answers = [{ status: 403, body: error('badCsrf') }, { status: 403, body: error('badCsrf') }];
    await expect(request('POST', '/api/x', { body: {} })).rejects.toMatchObject({ code: 'badCsrf' });
    expect(refreshed).toBe(1);
    expect(asked).toHaveLength(2);
  });
  test('that is refused is not repeated', async () => {
    answers = [{ status: 409, body: error('wrongState') }];
    await expect(request('PUT', '/api/x', { body: {} })).rejects.toBeInstanceOf(ApiError);
    expect(asked).toHaveLength(1);
  });
  test('answered by a proxy’s page instead of us says so', async () => {
    answers = [{ status: 500, body: undefined }];
    await expect(request('POST', '/api/x', { body: {} })).rejects.toMatchObject({ code: 'unknown', status: 500 });
  });
});

test('a query leaves out what is not asked', () => {
  expect(queryString({ search: 'a b', tier: null, cursor: undefined, empty: '', open: true, limit: 5 })).toBe('?search=a+b&open=true&limit=5');
  expect(queryString({})).toBe('');
});

test('each field of a form learns what is wrong with it', () => {
  const refusal = new ApiError(400, 'invalidBody', '', 'phones.0.number', { issues: [{ field: 'name', message: 'x' }, { field: 'phones.0.number', message: 'y' }] });
  expect([...fieldIssues(refusal)]).toEqual([
    ['name', 'invalid'],
    ['phones.0.number', 'invalid'],
  ]);
  expect([...fieldIssues(new ApiError(409, 'alreadyExists', '', 'login'))]).toEqual([['login', 'alreadyExists']]);
});
