/** Leads as people work with them: from a website's form into the pool, taken, followed up, made a customer, and a lead again. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, FollowUp, LeadConversion, LeadForm, LeadRow, LeadRulesAnswer, Page as PageOf } from '../cti-server/src/contracts/index.ts';
import { expectNoViolations } from './accessibility.ts';
import type { Api } from './api.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House } from './house.ts';
import { until } from './until.ts';

let house: House;
let desk: DeskPage;
let admin: DeskPage;
let anaApi: Api;
beforeAll(async () => {
  house = await openHouse();
  desk = await house.openDesk();
  await desk.signIn('ana', { takesCalls: false });
  anaApi = await house.api('ana');
  admin = await house.openDesk();
  await admin.signIn('admin', { takesCalls: false });
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const make = (name: string, fields: Record<string, unknown> = {}): Promise<CrmRecord> => house.admin.send('POST', '/api/records/lead', { fields: { name, ...fields }, ownerId: null });
const read = (id: string): Promise<CrmRecord> => house.admin.get(`/api/records/lead/${id}`);
const openPool = async (of: DeskPage, name: string): Promise<void> => {
  await of.page.goto(`${house.server.url}/leads?tab=pool`);
  await of.page.getByTestId('lead-row').filter({ hasText: name }).waitFor();
};

describe('an administrator', () => {
  it('writes the rules of the pool, and who gets which leads', async () => {
    const { page } = admin;
    await page.goto(`${house.server.url}/admin/lead-rules`);
    await page.getByTestId('rule-noFollowUpDays').fill('7');
    await page.getByTestId('rule-protectedDays').fill('2');
    await page.getByTestId('rule-maxHeld').fill('40');
    await page.getByTestId('add-route').click();
    await page.getByTestId('route-name').fill('Galicia');
    await page.getByLabel(/Cities|Ciudades/).fill('Vigo, Lugo');
    await page.getByTestId('name-picker').fill('Ana');
    await page.getByRole('option', { name: 'Ana' }).first().click();
    await expectNoViolations(admin, 'rules of leads');
    await page.getByTestId('save-rules').click();
    const rules = await until('the rules are saved', async () => {
      const is = await house.admin.get<LeadRulesAnswer>('/api/lead-rules');
      return is.routes.length === 1 ? is : null;
    });
    expect(rules?.circulation).toMatchObject({ noFollowUpDays: 7, protectedDays: 2, maxHeld: 40, convertWithinDays: null });
    expect(rules?.routes[0]).toMatchObject({ name: 'Galicia', cities: ['Vigo', 'Lugo'] });
    expect(Object.values(rules?.names ?? {})).toEqual(['Ana']);
  });
});

describe('an agent', () => {
  it('takes a lead from the pool and is told how long it stays, and why', async () => {
    const lead = await make('Xoana Carballo');
    await openPool(desk, 'Xoana');
    await expectNoViolations(desk, 'the pool');
    await desk.page.getByRole('button', { name: /Xoana Carballo/ }).focus();
    await desk.page.keyboard.press('Enter');
    await until('the lead is hers', async () => (await read(lead.id)).ownerName === 'Ana');
    await desk.page.goto(`${house.server.url}/leads`);
    await desk.page.getByTestId('lead-row').filter({ hasText: 'Xoana' }).click();
    await until('the card explains', async () => /7/.test(await desk.page.getByTestId('lead-explained').innerText()));
    await expectNoViolations(desk, 'one’s own leads');
  });

  it('who is second hears that it is taken', async () => {
    const lead = await make('Breogán Seoane');
    await openPool(desk, 'Breogán');
    await house.admin.send('POST', `/api/leads/${lead.id}/grab`);
    await desk.page.getByRole('button', { name: /Breogán Seoane/ }).click();
    await desk.page.getByText(/Somebody else was faster|Otra persona ha sido más rápida/).first().waitFor();
    await until('it is gone from the pool', async () => (await desk.page.getByText('Breogán Seoane').count()) === 0);
  });

  it('writes down what was done, makes the lead a customer, and takes that back', async () => {
    const lead = await anaApi.send<CrmRecord>('POST', '/api/records/lead', { fields: { name: 'Iria Loureiro', company: 'Conservas Loureiro', phone: '+34799123456' } });
    const { page } = desk;
    await page.goto(`${house.server.url}/records/lead/${lead.id}`);
    await page.getByTestId('follow-up-text').fill('Quiere visitar la fábrica');
    await page.keyboard.press('Control+Enter');
    await until('it is in the log', async () => (await anaApi.get<PageOf<FollowUp>>(`/api/leads/${lead.id}/follow-ups`)).items.length === 1);
    expect((await read(lead.id)).fields['stage']).toBe('contacted');
    await page.getByTestId('convert').click();
    await desk.see('convert-dialog');
    await expectNoViolations(desk, 'making a lead a customer');
    await page.getByTestId('convert-now').click();
    const made = await until('it is a customer', async () => anaApi.get<LeadConversion>(`/api/leads/${lead.id}/conversion`).catch(() => null));
    expect(made).toMatchObject({ isNewCustomer: true, undo: { allowed: true } });
    await page.getByRole('button', { name: /Take the conversion back|Deshacer la conversión/ }).click();
    await page.getByTestId('confirm').click();
    await until('it is a lead again', async () => (await read(lead.id)).fields['stage'] === 'contacted');
    await desk.see('follow-up-text');
  });
});

describe('a website', () => {
  let site: Server | null = null;
  afterAll(() => site?.close());

  it('shows the form, and what a visitor sends lies in the pool', async () => {
    let line = '';
    site = createServer((_request, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end(`<!doctype html><html lang="es"><title>Web</title><body><h1>Web</h1>${line}</body></html>`));
    await new Promise<void>((resolve) => site?.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${String((site.address() as AddressInfo).port)}`;
    const form = await house.admin.send<LeadForm>('POST', '/api/lead-forms', {
      name: 'Web',
      title: { es: 'Le llamamos', en: 'We call you', 'zh-CN': '我们回电', 'zh-TW': '我們回電' },
      fields: [{ key: 'name', required: true }, { key: 'phone', required: true }],
      consentText: 'Acepto que me llamen.',
      origins: [origin],
      minimumSeconds: 2,
    });
    line = `<script async src="${house.server.url}/api/public/lead-forms/${form.token}/form.js"></script>`;
    const visitor = await desk.context.newPage();
    try {
      await visitor.goto(origin);
      await visitor.getByLabel('Nombre').fill('Uxía Pazos');
      await visitor.getByLabel('Teléfono').fill('+34 799 654 321');
      await visitor.getByLabel('Acepto que me llamen.').check();
      await visitor.getByRole('button', { name: 'Enviar' }).click();
      // faster than people are: the form waits and sends again by itself
      await visitor.getByText('Gracias').waitFor();
    } finally {
      await visitor.close();
    }
    const row = await until('the lead is in the pool', async () => (await anaApi.get<PageOf<LeadRow>>('/api/leads?tab=pool&search=Pazos')).items[0]);
    expect(row?.lead.fields).toMatchObject({ phone: '+34799654321', source: 'form' });
    expect((await house.admin.get<{ items: unknown[] }>(`/api/leads/${String(row?.lead.id)}/consents`)).items).toMatchObject([{ text: 'Acepto que me llamen.', agreed: true }]);
    await admin.page.goto(`${house.server.url}/admin/lead-forms`);
    await admin.page.getByText('/form.js').first().waitFor();
    await expectNoViolations(admin, 'forms of leads');
  });
});
