import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallbackForm } from '../../contracts/index.ts';
import { refused } from '../setup/testing.ts';
import { callbackFormScript } from './callback-form-script.ts';
import { type FollowUpsHouse, openFollowUpsHouse } from './testing.ts';

let house: FollowUpsHouse;
let verifier: Server;
let form: CallbackForm;
const asked: URLSearchParams[] = [];
const site = 'https://shop.example';
const consentText = { es: 'Acepto que me llamen.', en: 'I agree to be called.', 'zh-CN': '我同意接听回电。', 'zh-TW': '我同意接聽回電。' };
beforeAll(async () => {
  // as reCAPTCHA, hCaptcha and Turnstile answer
  verifier = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const given = new URLSearchParams(body);
      asked.push(given);
      if (given.get('response') === 'broken') return void response.destroy();
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ success: given.get('response') === 'person' && given.get('secret') === 'secret' }));
    });
  });
  await new Promise<void>((resolve) => verifier.listen(0, '127.0.0.1', resolve));
  house = await openFollowUpsHouse({ captcha: { url: `http://127.0.0.1:${String((verifier.address() as AddressInfo).port)}/siteverify`, secret: 'secret' } });
  const answer = await house.send(house.people.boss, 'POST', '/callback-forms', { name: 'Shop', title: { es: 'Le llamamos', en: 'We call you', 'zh-CN': '我们回电', 'zh-TW': '我們回電' }, queueId: house.sales, consentText, origins: [`${site}/contact`] });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  form = answer.body as CallbackForm;
});
afterAll(async () => {
  await house.close();
  verifier.close();
});

const address = (): string => `/api/public/callback-forms/${form.token}`;
let visitor = 0;
async function send(fields: Record<string, unknown>, origin = site, waitSeconds = 5) {
  visitor += 1;
  const remoteAddress = `10.0.0.${String(visitor)}`;
  const drawn = await house.http.inject({ method: 'GET', url: address(), headers: { origin }, remoteAddress });
  house.clock.pass(waitSeconds * 1_000);
  const body = { number: '600 222 333', locale: 'es', consent: true, captcha: 'person', stamp: drawn.json<{ stamp: string }>().stamp, page: `${site}/contact`, ...fields };
  const answer = await house.http.inject({ method: 'POST', url: address(), headers: { origin, 'content-type': 'application/json' }, payload: JSON.stringify(body), remoteAddress });
  return { status: answer.statusCode, body: answer.json<{ error: { code: string; field?: string } }>(), headers: answer.headers };
}
const ofNumber = async (number: string) => (await house.list(house.people.boss, 'tab=open&limit=200')).filter((one) => one.number === number);

describe('an answer from a website', () => {
  it('becomes a callback of the queue with the consent as it was shown, and the newer wish of who still waits counts', async () => {
    const first = await send({ name: 'Nuria', wishedAt: house.soon(120), timeZone: 'Atlantic/Canary' });
    expect([first.status, first.headers['access-control-allow-origin'], first.headers['vary']]).toEqual([201, site, 'Origin']);
    const [made] = await ofNumber('+34600222333');
    expect(made).toMatchObject({ kind: 'web', queue: { name: 'Sales' }, agent: null, contactName: 'Nuria', timeZone: 'Atlantic/Canary', createdBy: null });
    const wishedAt = house.soon(60);
    await Promise.all([send({ wishedAt, locale: 'en' }), send({ wishedAt, locale: 'en' })]);
    expect(await ofNumber('+34600222333')).toMatchObject([{ id: made?.id, dueAt: wishedAt, contactName: 'Nuria' }]);
    const { body } = await house.send(house.people.ana, 'GET', `/callbacks/${made?.id ?? ''}`);
    expect(body).toMatchObject({ consents: [{ text: consentText.en }, { text: consentText.en }, { text: consentText.es, page: `${site}/contact` }] });
    expect((await house.send(house.people.boss, 'GET', '/callback-forms')).body).toMatchObject({ items: [{ callbacks: 1, snippet: `<script async src="http://127.0.0.1:1${address()}/form.js"></script>` }] });
    expect(await send({})).toMatchObject({ status: 429, body: { error: { code: 'tooManyForNumber', field: 'number' } } });
    house.clock.pass(24 * 3_600_000);
    expect(await send({})).toMatchObject({ status: 201 });
  });

  it('of a customer is theirs, and as soon as possible is now', async () => {
    await send({ number: '+34600000001' });
    expect(await ofNumber('+34600000001')).toMatchObject([{ customerId: house.marta, contactName: 'Marta', dueAt: new Date(house.clock.now()).toISOString() }]);
  });

  it.each<[string, Record<string, unknown>, [number, string, string | undefined]]>([
    ['without consent', { consent: false }, [400, 'invalidBody', 'consent']],
    ['with what is no number', { number: 'hello' }, [400, 'invalidBody', 'number']],
    ['for next year', { wishedAt: '2035-01-01T00:00:00.000Z' }, [400, 'invalidBody', 'wishedAt']],
    ['from a machine, as the captcha says', { captcha: 'machine' }, [400, 'invalidBody', 'captcha']],
    ['without the captcha', { captcha: undefined }, [400, 'invalidBody', 'captcha']],
    ['while the captcha’s service is away', { captcha: 'broken' }, [503, 'unavailable', undefined]],
    ['with a stamp that is not ours', { stamp: 'abc.def' }, [409, 'formExpired', undefined]],
  ])('%s is refused', async (_what, fields, [status, code, field]) => {
    const answer = await send({ number: '+34600222999', ...fields });
    expect([answer.status, answer.body.error.code, answer.body.error.field]).toEqual([status, code, field]);
    expect(await ofNumber('+34600222999')).toEqual([]);
  });

  it('from another website, too fast, or with the hidden field filled in makes nothing', async () => {
    expect(await send({ number: '+34600222888' }, 'https://evil.example')).toMatchObject({ status: 403 });
    expect(await send({ number: '+34600222888' }, site, 1)).toMatchObject({ status: 409, body: { error: { code: 'tooFast', details: { retryAfterSeconds: 2 } } } });
    expect(await send({ number: '+34600222888', website: 'https://spam.example' })).toMatchObject({ status: 201 });
    expect(await ofNumber('+34600222888')).toEqual([]);
  });

  it('comes thirty times a minute from one address at most', async () => {
    const ask = () => house.http.inject({ method: 'GET', url: address(), remoteAddress: '10.9.9.9' });
    const answers = await Promise.all(Array.from({ length: 31 }, ask));
    expect(answers.filter((answer) => answer.statusCode === 429)).toHaveLength(1);
  });

  it('tells the captcha’s service who asks', () => {
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({ secret: 'secret', response: 'person' });
    expect(asked[0]?.get('remoteip')).toMatch(/^10\.0\./);
  });
});

describe('forms', () => {
  it('are made and taken away by who sets up queues only', async () => {
    const { ana, boss } = house.people;
    expect(await house.send(ana, 'GET', '/callback-forms')).toMatchObject({ status: 403 });
    const { id: _id, token: _token, version, callbacks: _callbacks, lastAt: _lastAt, snippet: _snippet, ...input } = ((await house.send(boss, 'GET', '/callback-forms')).body as { items: [CallbackForm] }).items[0];
    expect(await house.send(boss, 'PUT', `/callback-forms/${form.id}`, { ...input, active: false, version: version + 1 })).toMatchObject(refused(409, 'changedMeanwhile'));
    expect(await house.send(boss, 'PUT', `/callback-forms/${form.id}`, { ...input, active: false, version })).toMatchObject({ status: 200, body: { active: false } });
    expect((await house.http.inject({ method: 'GET', url: address(), remoteAddress: '10.8.8.8' })).statusCode).toBe(404);
    expect(await house.send(boss, 'DELETE', `/callback-forms/${form.id}`)).toMatchObject({ status: 204 });
    expect((await house.send(boss, 'GET', '/callback-forms')).body).toEqual({ items: [] });
  });

  it('are drawn by a script that old browsers read', () => {
    expect(() => runInNewContext(`(function () { return; ${callbackFormScript('https://x.example/a')} })()`)).not.toThrow();
    expect(callbackFormScript('https://x.example/a')).not.toMatch(/=>|\bconst\b|\blet\b|innerHTML/);
  });
});
