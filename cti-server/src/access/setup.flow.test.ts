import { afterEach, expect, test } from 'vitest';
import { settings, users } from '../db/index.ts';
import type { Logger } from '../platform/logger.ts';
import { demoPassword, ensureDemoUsers } from './index.ts';
import { openTestHouse, type TestHouse } from './testing.ts';

let house: TestHouse | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
});

/** Keeps what was logged with the fields. */
function recordingLogger(): Logger & { lines: { fields: Record<string, unknown>; message: string }[] } {
  const lines: { fields: Record<string, unknown>; message: string }[] = [];
  const add = (fields: Record<string, unknown>, message: string) => void lines.push({ fields, message });
  return { lines, debug: add, info: add, warn: add, error: add };
}

const body = (setupCode: string, more: Record<string, unknown> = {}) => ({
  setupCode,
  companyName: 'Casa Nueva',
  locale: 'en',
  country: 'MX',
  timeZone: 'America/Mexico_City',
  login: 'first',
  name: 'First',
  password: 'a long enough password',
  ...more,
});

test('the logged code makes the first administrator, once', async () => {
  const logger = recordingLogger();
  house = await openTestHouse({ demoMode: false, logger, publicUrl: 'https://centralita.example' });
  const code = String(logger.lines.at(-1)?.fields['setupCode']);
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/);
  expect(logger.lines.at(-1)?.message).toContain(code);
  // a restart, or a second server, asks for the same code
  await house.access.firstStart();
  expect(logger.lines.at(-1)?.fields['setupCode']).toBe(code);
  expect((await house.browser().send('GET', '/api/public')).body).toMatchObject({ demoMode: false, setupNeeded: true, demoLogins: [], locale: 'es' });

  const browser = house.browser();
  const wrong = await browser.send('POST', '/api/setup', body('2222-2222-2222'));
  expect([wrong.status, wrong.body.error?.code]).toEqual([400, 'wrongSetupCode']);
  const done = await browser.send('POST', '/api/setup', body(code.toLowerCase()));
  expect(done.status).toBe(200);
  expect(done.body['user']).toMatchObject({ login: 'first', scope: 'all' });
  expect(String(done.headers['set-cookie'])).toMatch(/; Secure/);
  browser.csrfToken = String(done.body['csrfToken']);
  expect((await browser.send('GET', '/api/users')).status).toBe(200);
  expect((await house.browser().send('GET', '/api/public')).body).toMatchObject({ setupNeeded: false, companyName: 'Casa Nueva', locale: 'en' });
  expect(await house.access.getCompany()).toEqual({ companyName: 'Casa Nueva', country: 'MX', timeZone: 'America/Mexico_City', locale: 'en' });

  const again = await house.browser().send('POST', '/api/setup', body(code, { login: 'second' }));
  expect([again.status, again.body.error?.code]).toEqual([409, 'alreadySetUp']);
  expect(JSON.stringify(await house.database.select().from(settings))).not.toContain(code);
  logger.lines.length = 0;
  await house.access.firstStart();
  expect(logger.lines).toEqual([]);
});

test('of two who set up at the same moment one is the administrator', async () => {
  house = await openTestHouse({ demoMode: false, setupCode: 'given-code' });
  const here = house;
  const answers = await Promise.all(['one', 'two', 'three'].map((login) => here.browser().send('POST', '/api/setup', body('given-code', { login }))));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
  expect(await house.database.$count(users)).toBe(1);
});

test('the code cannot be guessed', async () => {
  house = await openTestHouse({ demoMode: false, setupCode: 'given-code' });
  for (let i = 0; i < 5; i += 1) expect((await house.browser().send('POST', '/api/setup', body(`guess ${String(i)}`))).status).toBe(400);
  const blocked = await house.browser().send('POST', '/api/setup', body('given-code'));
  expect([blocked.status, blocked.body.error?.code]).toEqual([429, 'tooManyAttempts']);
});

test('absurd values are refused with the field’s name', async () => {
  house = await openTestHouse({ demoMode: false, setupCode: 'given-code' });
  for (const [field, value] of [['country', 'ZZ'], ['timeZone', 'Mars/Olympus'], ['login', 'two words'], ['password', demoPassword], ['password', 'short'], ['companyName', ' ']]) {
    const answer = await house.browser().send('POST', '/api/setup', body('given-code', { [String(field)]: value }));
    expect([answer.status, answer.body.error?.code, answer.body.error?.field]).toEqual([400, 'invalidBody', field]);
  }
  expect(await house.database.$count(users)).toBe(0);
});

test('a database that was a demo does not open to the demo’s password', async () => {
  const logger = recordingLogger();
  house = await openTestHouse({ demoMode: false, logger });
  await ensureDemoUsers({ database: house.database, clock: { now: house.now, setTimer: () => ({ cancel: () => undefined }) } });
  const answer = await house.browser().signIn('admin', demoPassword);
  expect([answer.status, answer.body.error?.code]).toEqual([401, 'wrongCredentials']);
  await house.access.firstStart();
  expect(logger.lines.at(-1)?.message).toContain('demo passwords do not work');
});

test('the demo’s people are made once and left as they are', async () => {
  house = await openTestHouse({ demoMode: true });
  const clock = { now: house.now, setTimer: () => ({ cancel: () => undefined }) };
  const [one, two] = await Promise.all([ensureDemoUsers({ database: house.database, clock }), ensureDemoUsers({ database: house.database, clock })]);
  expect(one).toEqual(house.demo);
  expect(two).toEqual(house.demo);
  expect(await house.database.$count(users)).toBe(5);
  const setUp = await house.browser().send('POST', '/api/setup', body('x'));
  expect([setUp.status, setUp.body.error?.code]).toEqual([409, 'alreadySetUp']);
});
