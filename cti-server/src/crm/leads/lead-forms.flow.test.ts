import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, LeadForm, LeadRow, Page } from '../../contracts/index.ts';
import { type LeadsHouse, type Refused, startLeads } from './testing.ts';

let house: LeadsHouse;
let form: LeadForm;
const site = 'https://shop.example';
const consentText = 'I agree to be called about my request.';
const input = {
  name: 'Shop',
  title: { es: 'Le llamamos', en: 'We call you', 'zh-CN': '我们回电', 'zh-TW': '我們回電' },
  fields: [{ key: 'name', required: true }, { key: 'phone' }, { key: 'email' }, { key: 'country' }],
  consentText,
  origins: [`${site}/contact`],
};
beforeAll(async () => {
  house = await startLeads({ captcha: { isPerson: (answer) => Promise.resolve(answer !== 'machine') } });
  const { status, body } = await house.post<LeadForm>('/api/lead-forms', input);
  expect(status, JSON.stringify(body)).toBe(201);
  form = body;
});
afterAll(() => house.stop());

const address = () => `/api/public/lead-forms/${form.token}`;
let visitor = 0;
const open = async (): Promise<string> => ((await house.app.inject({ method: 'GET', url: address(), headers: { origin: site }, remoteAddress: `10.0.0.${String(++visitor)}` })).json() as { stamp: string }).stamp;
async function send(body: Record<string, unknown>, origin = site, waitSeconds = 5) {
  const stamp = await open();
  house.pass(waitSeconds / 3_600);
  const answer = await house.app.inject({ method: 'POST', url: address(), headers: { origin, 'content-type': 'application/json' }, payload: JSON.stringify({ stamp, consent: true, page: `${site}/contact`, ...body }), remoteAddress: `10.0.1.${String(visitor)}` });
  return { status: answer.statusCode, body: answer.json() as Refused & { ok?: true }, headers: answer.headers };
}
const leadNamed = async (name: string): Promise<CrmRecord | undefined> => {
  const { body } = await house.get<Page<LeadRow>>(`/api/leads?tab=pool&search=${encodeURIComponent(name)}`);
  return body.items.find((row) => row.lead.title === name)?.lead;
};

describe('an answer from a website', () => {
  it('becomes a lead in the pool, with the consent word for word as evidence', async () => {
    const { status, headers } = await send({ fields: { name: 'Marta Ríos', phone: '600 321 321', country: 'es' } });
    expect([status, headers['access-control-allow-origin'], headers['vary']]).toEqual([201, site, 'Origin']);
    const lead = await leadNamed('Marta Ríos');
    expect(lead).toMatchObject({ ownerId: null, fields: { phone: '+34600321321', source: 'form', stage: 'new', country: 'ES', poolReason: 'unassigned' } });
    const { body } = await house.get<{ items: Record<string, unknown>[] }>(`/api/leads/${String(lead?.id)}/consents`);
    expect(body.items).toMatchObject([{ text: consentText, agreed: true, page: `${site}/contact`, formName: 'Shop', at: new Date(house.now()).toISOString() }]);
  });

  it('of somebody known adds its consent to their lead instead of a second one, also when two come at once', async () => {
    await Promise.all([send({ fields: { name: 'Twice', email: 'Twice@example.org' } }), send({ fields: { name: 'Twice', email: 'twice@example.org' } })]);
    const lead = await leadNamed('Twice');
    expect((await house.get<Page<LeadRow>>('/api/leads?tab=pool&search=twice')).body.items).toHaveLength(1);
    expect((await house.get<{ items: unknown[] }>(`/api/leads/${String(lead?.id)}/consents`)).body.items).toHaveLength(2);
    expect((await house.get<{ items: LeadForm[] }>('/api/lead-forms')).body.items[0]).toMatchObject({ leads: 2 });
  });

  it('is handed out at once when the company wants that', async () => {
    await house.rule({}, [{ name: 'All', userIds: [house.bruno.userId] }], true);
    await send({ fields: { name: 'Handed out' } });
    const { body } = await house.get<Page<LeadRow>>('/api/leads?tab=mine&search=handed', 'Bruno');
    expect(body.items).toHaveLength(1);
    await house.rule({});
  });

  it.each<[string, Record<string, unknown>, [number, string | undefined, string | undefined]]>([
    ['without consent', { fields: { name: 'X' }, consent: false }, [400, 'invalidBody', 'consent']],
    ['without what must be filled in', { fields: { phone: '+34600111222' } }, [400, 'invalidBody', 'fields.name']],
    ['with a number that is none', { fields: { name: 'X', phone: 'hello' } }, [400, 'invalidBody', 'fields.phone']],
    ['with fields it does not ask for', { fields: { name: 'X', stage: 'converted' } }, [400, 'invalidBody', 'fields.stage']],
    ['with a stamp that is not ours', { fields: { name: 'X' }, stamp: 'abc.def' }, [409, 'formExpired', undefined]],
    ['from a machine, as the captcha says', { fields: { name: 'X' }, captcha: 'machine' }, [400, 'invalidBody', 'captcha']],
  ])('%s is refused', async (_name, body, expected) => {
    const answer = await send(body);
    expect([answer.status, answer.body.error.code, answer.body.error.field]).toEqual(expected);
    expect(answer.headers['access-control-allow-origin']).toBe(site);
  });

  it('that fills in what people do not see is thanked and forgotten', async () => {
    expect((await send({ fields: { name: 'Robot' }, website: 'https://spam.example' })).status).toBe(201);
    expect(await leadNamed('Robot')).toBeUndefined();
  });

  it('faster than anybody types has to wait', async () => {
    const { status, body } = await send({ fields: { name: 'Fast' } }, site, 1);
    expect([status, body.error.code, body.error.details]).toEqual([409, 'tooFast', { retryAfterSeconds: 2 }]);
    expect(await leadNamed('Fast')).toBeUndefined();
  });

  it('is taken from the form’s own websites only', async () => {
    const { status, headers } = await send({ fields: { name: 'Elsewhere' } }, 'https://evil.example');
    expect([status, headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const bare = await house.app.inject({ method: 'POST', url: address(), headers: { 'content-type': 'application/json' }, payload: '{}' });
    expect(bare.statusCode).toBe(403);
    expect(await leadNamed('Elsewhere')).toBeUndefined();
    const preflight = await house.app.inject({ method: 'OPTIONS', url: address(), headers: { origin: site, 'access-control-request-method': 'POST' } });
    expect([preflight.statusCode, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers']]).toEqual([204, site, 'content-type']);
  });

  it('is braked when one address sends very many', async () => {
    const answers = [];
    for (let i = 0; i < 32; i += 1) answers.push((await house.app.inject({ method: 'GET', url: address(), remoteAddress: '10.9.9.9' })).statusCode);
    expect(answers.filter((status) => status === 429)).toHaveLength(2);
  });
});

describe('the website’s line', () => {
  it('is a script that other sites may load, with the address of the form', async () => {
    const answer = await house.app.inject({ method: 'GET', url: `${address()}/form.js`, remoteAddress: '10.8.8.8' });
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cross-origin-resource-policy']]).toEqual([200, 'text/javascript; charset=utf-8', 'cross-origin']);
    expect(answer.body).toContain(`"http://localhost${address()}"`);
    expect(Buffer.byteLength(answer.body)).toBeLessThan(6_000);
    expect(() => new Function(answer.body)).not.toThrow();
  });
});

describe('forms', () => {
  it('are made, changed and taken away by who may configure leads', async () => {
    expect((await house.post('/api/lead-forms', input, 'Ana')).status).toBe(403);
    expect((await house.get('/api/lead-forms', 'Ana')).status).toBe(403);
    const { body: made } = await house.post<LeadForm>('/api/lead-forms', { ...input, consentText: '' });
    expect(made).toMatchObject({ origins: [site], version: 0, leads: 0 });
    expect(made).not.toHaveProperty('secret');
    const changed = await house.ask<LeadForm>('PUT', `/api/lead-forms/${made.id}`, { ...input, active: false, version: 0 });
    expect(changed.body).toMatchObject({ active: false, version: 1 });
    expect((await house.ask<Refused>('PUT', `/api/lead-forms/${made.id}`, { ...input, version: 0 })).body.error.code).toBe('changedMeanwhile');
    expect((await house.app.inject({ method: 'GET', url: `/api/public/lead-forms/${made.token}`, remoteAddress: '10.7.7.7' })).statusCode).toBe(404);
    expect((await house.ask('DELETE', `/api/lead-forms/${made.id}`)).status).toBe(204);
    expect((await house.ask('DELETE', `/api/lead-forms/${made.id}`)).status).toBe(404);
    expect((await house.post<Refused>('/api/lead-forms', { ...input, origins: ['javascript:alert(1)'] })).status).toBe(400);
  });
});
