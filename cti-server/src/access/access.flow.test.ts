import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sessions, signInFailures, users } from '../db/index.ts';
import { csrfHeader } from '../platform/http.ts';
import { demoPassword } from './index.ts';
import { servesForMs } from './session-cache.ts';
import { absoluteLimitMs, idleLimitMs, seenEveryMs } from './session-rules.ts';
import { openTestHouse, type TestHouse } from './testing.ts';
import { failureWindowMs, failuresPerAddress } from './throttle-rules.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse({ demoMode: true });
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.delete(signInFailures);
});

const signedIn = async (login: string) => {
  const browser = house.browser();
  expect((await browser.signIn(login)).status).toBe(200);
  return browser;
};

describe('signing in', () => {
  test('gives a session with rights, and a cookie that scripts cannot read', async () => {
    const browser = house.browser();
    const answer = await browser.signIn('ANA');
    expect(answer.status).toBe(200);
    expect(answer.body['user']).toMatchObject({ login: 'ana', name: 'Ana', locale: 'es', scope: 'own', teamIds: [house.demo?.teams.Atención] });
    expect(answer.body['user']).toMatchObject({ rights: ['calls.take', 'calls.read', 'customers.read', 'customers.manage', 'tickets.read', 'tickets.manage'] });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).not.toMatch(/Secure/);
    expect((await browser.send('GET', '/api/session')).body).toEqual(answer.body);
  });

  test('keeps only the hash of the token', async () => {
    const browser = await signedIn('ana');
    const rows = await house.database.select().from(sessions);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(browser.cookie);
  });

  test('a wrong password, an unknown login and an inactive user get the same answer', async () => {
    await house.database.update(users).set({ active: false }).where(eq(users.login, 'lin'));
    try {
      const wrong = await house.browser().signIn('ana', 'not the password');
      const unknown = await house.browser().signIn('nobody');
      const inactive = await house.browser().signIn('lin');
      expect(wrong.status).toBe(401);
      expect(wrong.body.error?.code).toBe('wrongCredentials');
      expect(unknown.body).toEqual(wrong.body);
      expect(inactive.body).toEqual(wrong.body);
      expect(wrong.headers['set-cookie']).toBeUndefined();
    } finally {
      await house.database.update(users).set({ active: true }).where(eq(users.login, 'lin'));
    }
  });

  test('ends the session that the same browser had before', async () => {
    const browser = await signedIn('ana');
    const before = browser.cookie;
    const again = await browser.send('POST', '/api/session', { login: 'bruno', password: demoPassword });
    expect(again.status).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect(await house.access.resolveViewer(before)).toBeNull();
  });

  test('signing out ends the session, tells who listens, and takes the cookie back', async () => {
    const told: unknown[] = [];
    house.access.onSessionEnded((sessionId, userId, reason) => void told.push([sessionId, userId, reason]));
    const browser = await signedIn('ana');
    const viewer = await house.access.resolveViewer(browser.cookie);
    const token = browser.cookie;
    const answer = await browser.send('DELETE', '/api/session');
    expect(answer.status).toBe(204);
    expect(browser.cookie).toBe('');
    expect(told).toEqual([[viewer?.sessionId, house.demo?.users.ana, 'signedOut']]);
    expect(await house.access.resolveViewer(token)).toBeNull();
  });
});

describe('the brake on guessing', () => {
  test('five wrong passwords block this login from this address for a quarter of an hour, and nothing else', async () => {
    for (let i = 0; i < 5; i += 1) expect((await house.browser().signIn('ana', `guess ${String(i)}`)).status).toBe(401);
    const blocked = await house.browser().signIn('ana');
    expect(blocked.status).toBe(429);
    expect(blocked.body.error).toMatchObject({ code: 'tooManyAttempts', details: { retryAfterSeconds: failureWindowMs / 1000 } });
    expect((await house.browser().signIn('bruno')).status).toBe(200);
    expect((await house.browser('192.0.2.2').signIn('ana')).status).toBe(200);
    house.passTime(failureWindowMs);
    expect((await house.browser().signIn('ana')).status).toBe(200);
  });

  test('a success forgets the failures before it', async () => {
    for (let i = 0; i < 4; i += 1) await house.browser().signIn('ana', 'guess');
    expect((await house.browser().signIn('ana')).status).toBe(200);
    for (let i = 0; i < 4; i += 1) await house.browser().signIn('ana', 'guess');
    expect((await house.browser().signIn('ana')).status).toBe(200);
  });

  test('guesses sent all at once get no further than the limit', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => house.browser().signIn('ana', `guess ${String(i)}`)));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20);
  });

  test('an address that fails with many logins is blocked, and a success does not lift that', async () => {
    for (let i = 0; i < failuresPerAddress; i += 1) await house.browser('198.51.100.7').signIn(`person${String(i)}`, 'guess');
    expect((await house.browser('198.51.100.7').signIn('bruno')).status).toBe(429);
    expect((await house.browser('198.51.100.8').signIn('bruno')).status).toBe(200);
  });

  test('the login that was typed is not kept', async () => {
    await house.browser().signIn('MyPasswordInTheWrongField', 'x');
    expect(JSON.stringify(await house.database.select().from(signInFailures))).not.toMatch(/MyPasswordInTheWrongField/i);
  });
});

describe('requests from elsewhere', () => {
  test('a change without the session’s token, or with another one’s, is refused', async () => {
    const ana = await signedIn('ana');
    const bruno = await signedIn('bruno');
    for (const token of ['', 'x', bruno.csrfToken]) {
      const answer = await ana.send('PATCH', '/api/session/preferences', { theme: 'dark' }, { [csrfHeader]: token });
      expect([answer.status, answer.body.error?.code]).toEqual([403, 'badCsrf']);
    }
    expect((await ana.send('PATCH', '/api/session/preferences', { theme: 'dark' })).status).toBe(200);
  });

  test('a page of another site cannot sign a browser in', async () => {
    const answer = await house.browser().send('POST', '/api/session', { login: 'ana', password: demoPassword }, { origin: 'https://evil.example' });
    expect([answer.status, answer.body.error?.code]).toEqual([403, 'badCsrf']);
    const own = await house.browser().send('POST', '/api/session', { login: 'ana', password: demoPassword }, { origin: 'http://127.0.0.1:8080' });
    expect(own.status).toBe(200);
  });
});

describe('the life of a session', () => {
  test('goes on while it is used, and ends after twelve idle hours', async () => {
    const browser = await signedIn('ana');
    for (let i = 0; i < 3; i += 1) {
      house.passTime(idleLimitMs - 60_000);
      expect((await browser.send('GET', '/api/session')).status).toBe(200);
    }
    house.passTime(idleLimitMs);
    const late = await browser.send('GET', '/api/session');
    expect([late.status, late.body.error?.code]).toEqual([401, 'notSignedIn']);
  });

  test('ends after seven days even if it is used all the time', async () => {
    const browser = await signedIn('ana');
    const stepMs = idleLimitMs / 2;
    for (let passedMs = stepMs; passedMs < absoluteLimitMs; passedMs += stepMs) {
      house.passTime(stepMs);
      expect((await browser.send('GET', '/api/session')).status).toBe(200);
    }
    house.passTime(stepMs);
    expect((await browser.send('GET', '/api/session')).status).toBe(401);
  });

  test('its use is written at most once a minute', async () => {
    const browser = await signedIn('ana');
    const viewer = await house.access.resolveViewer(browser.cookie);
    const version = async () => (await house.database.execute(sql`select xmin::text as v from sessions where id = ${viewer?.sessionId}`)).rows[0]?.['v'];
    const first = await version();
    house.passTime(seenEveryMs - 1);
    await browser.send('GET', '/api/session');
    expect(await version()).toBe(first);
    house.passTime(1);
    await browser.send('GET', '/api/session');
    const second = await version();
    expect(second).not.toBe(first);
    await browser.send('GET', '/api/session');
    expect(await version()).toBe(second);
  });

  test('the job removes ended sessions and tells of each once', async () => {
    await signedIn('ana');
    house.passTime(idleLimitMs + 1);
    const told: string[] = [];
    house.access.onSessionEnded((_sessionId, _userId, reason) => {
      told.push(reason);
      throw new Error('a listener that fails');
    });
    house.access.onSessionEnded((sessionId) => void told.push(sessionId));
    const { ended } = await house.access.expireSessions(house.now());
    expect(ended).toBeGreaterThan(0);
    expect(told.filter((entry) => entry === 'expired')).toHaveLength(ended);
    expect(told).toHaveLength(2 * ended);
    expect(await house.access.expireSessions(house.now())).toEqual({ ended: 0 });
    expect(await house.database.$count(sessions)).toBe(0);
  });

  test('a session that another server ended is gone here after a few seconds', async () => {
    const browser = await signedIn('ana');
    const viewer = await house.access.resolveViewer(browser.cookie);
    await house.database.delete(sessions).where(eq(sessions.id, viewer?.sessionId ?? ''));
    house.passTime(servesForMs);
    expect(await house.access.resolveViewer(browser.cookie)).toBeNull();
  });

  test('tokens that cannot be ours are nobody’s', async () => {
    for (const token of ['', 'x', 'a'.repeat(43), 'a'.repeat(10_000), 'ñ\u0000', '../..']) expect(await house.access.resolveViewer(token)).toBeNull();
  });
});

describe('one’s own account', () => {
  test('a new password ends one’s other sessions and keeps this one', async () => {
    const here = await signedIn('lin');
    const elsewhere = await signedIn('lin');
    const wrong = await here.send('POST', '/api/session/password', { currentPassword: 'wrong', newPassword: 'a new long password' });
    expect([wrong.status, wrong.body.error?.code, wrong.body.error?.field]).toEqual([400, 'wrongPassword', 'currentPassword']);
    const short = await here.send('POST', '/api/session/password', { currentPassword: demoPassword, newPassword: 'short' });
    expect([short.status, short.body.error?.field]).toEqual([400, 'newPassword']);
    expect((await here.send('POST', '/api/session/password', { currentPassword: demoPassword, newPassword: 'a new long password' })).status).toBe(204);
    expect((await here.send('GET', '/api/session')).status).toBe(200);
    expect((await elsewhere.send('GET', '/api/session')).status).toBe(401);
    expect((await house.browser().signIn('lin')).status).toBe(401);
    expect((await house.browser().signIn('lin', 'a new long password')).status).toBe(200);
    expect((await here.send('POST', '/api/session/password', { currentPassword: 'a new long password', newPassword: demoPassword })).status).toBe(204);
  });

  test('the current password cannot be guessed with a stolen session', async () => {
    const browser = await signedIn('lin');
    const guess = () => browser.send('POST', '/api/session/password', { currentPassword: 'guess', newPassword: 'a new long password' });
    for (let i = 0; i < 5; i += 1) expect((await guess()).status).toBe(400);
    expect((await guess()).body.error?.code).toBe('tooManyAttempts');
  });

  test('language and theme are kept', async () => {
    const browser = await signedIn('bruno');
    const answer = await browser.send('PATCH', '/api/session/preferences', { locale: 'zh-TW', theme: 'dark' });
    expect(answer.body['user']).toMatchObject({ locale: 'zh-TW', theme: 'dark' });
    expect((await (await signedIn('bruno')).send('GET', '/api/session')).body['user']).toMatchObject({ locale: 'zh-TW', theme: 'dark' });
    expect((await browser.send('PATCH', '/api/session/preferences', { locale: 'en', theme: 'system' })).status).toBe(200);
  });
});

test('the public state shows the demo’s logins', async () => {
  const { body } = await house.browser().send('GET', '/api/public');
  expect(body).toMatchObject({ demoMode: true, setupNeeded: false, companyName: 'Centralita', locale: 'es' });
  expect(body['demoLogins']).toContainEqual({ login: 'ana', password: demoPassword, role: 'agent' });
});

test('names of users are found by id', async () => {
  const ana = house.demo?.users.ana ?? '';
  expect(await house.access.getUserNames([ana, ana, '00000000-0000-7000-8000-000000000000'])).toEqual(new Map([[ana, 'Ana']]));
  expect(await house.access.getUserNames([])).toEqual(new Map());
});
