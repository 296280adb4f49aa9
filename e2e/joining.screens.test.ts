/** Records that are there twice, and records that change hands: seen while typing, merged and made two again, handed over. By keyboard, as the house promises. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, Customer, Page as PageOf, Ticket } from '../cti-server/src/contracts/index.ts';
import { expectNoViolations } from './accessibility.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House } from './house.ts';
import { until } from './until.ts';

let house: House;
let desk: DeskPage;
beforeAll(async () => {
  house = await openHouse();
  desk = await house.openDesk();
  await desk.signIn('admin', { takesCalls: false });
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const open = async (path: string): Promise<void> => void (await desk.page.goto(house.server.url + path));
const keys = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await desk.page.keyboard.press(key);
};
const type = (text: string): Promise<void> => desk.page.keyboard.type(text);
const cursorIn = (selector: string): Promise<boolean> => until(`the cursor is in ${selector}`, () => desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector));
const focus = (testid: string): Promise<void> => desk.page.getByTestId(testid).first().focus();
/** Presses Tab until the cursor is in something. */
async function tabTo(selector: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    if (await desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector)) return;
    await keys('Tab');
  }
  throw new Error(`The Tab key does not lead to ${selector}.`);
}
const make = (name: string, more: Record<string, unknown> = {}): Promise<Customer> => house.admin.send('POST', '/api/customers', { name, ...more });
const customer = (id: string): Promise<Customer> => house.admin.get(`/api/customers/${id}`);
const isThere = (id: string): Promise<boolean> => customer(id).then(() => true, () => false);
const ticketsOf = async (id: string): Promise<Ticket[]> => (await house.admin.get<PageOf<Ticket>>(`/api/tickets?customerId=${id}`)).items;

describe('while a new one is typed', () => {
  it('a customer who is there already shows up beside the form, and the form stays where it is', async () => {
    const there = await make('Suministros Peñalver', { phones: [{ number: '+34981555001' }] });
    await open('/customers');
    await desk.press('new-customer');
    await cursorIn('[data-testid="customer-form"]');
    const button = desk.page.getByTestId('customer-create');
    const before = await button.boundingBox();
    await type('suministros penalver');
    await desk.see('duplicate');
    expect(await desk.page.getByTestId('duplicate-panel').innerText()).toContain(there.name);
    expect(await button.boundingBox(), 'where the button is').toEqual(before);
    await expectNoViolations(desk, 'a new customer who may be there already');
    await desk.page.getByTestId('customer-form').locator('input[type="tel"]').focus();
    await type('981555001');
    await until('the number is told as a reason', async () => (await desk.page.getByTestId('duplicate').first().innerText()).includes('Mismo número'));
    await keys('Enter');
    await desk.see('customer-title');
    expect(desk.page.url(), 'a hint does not keep anybody from saving').not.toContain(there.id);
  });

  it('an unknown caller is linked to who is there already in place of a new customer', async () => {
    const there = await make('Confecciones Rosalía', { phones: [{ number: '+34981555003' }] });
    const ana = await house.openDesk();
    await ana.work('ana');
    await house.rings();
    await ana.rings();
    await ana.answer();
    await ana.press('create-customer');
    await ana.page.getByTestId('customer-name').fill('Confecciones Rosalia');
    await ana.see('link-duplicate');
    await expectNoViolations(ana, 'a new customer in a call');
    const [panel, look] = [await ana.page.getByTestId('duplicate-panel').boundingBox(), await ana.page.getByTestId('duplicate').locator('a').boundingBox()];
    expect((look?.x ?? 0) + (look?.width ?? 0), 'the way to its card is within the narrow panel').toBeLessThanOrEqual((panel?.x ?? 0) + (panel?.width ?? 0));
    await ana.page.getByTestId('link-duplicate').first().focus();
    await ana.page.keyboard.press('Enter');
    await until('the call is this customer’s', async () => (await ana.desk()).call?.customerId === there.id);
  });

  it('so does a record of any other type', async () => {
    await house.admin.send('POST', '/api/records/lead', { fields: { name: 'Talleres Abascal', phone: '+34981555002' } });
    await open('/records/lead');
    await desk.see('new-record');
    await keys('n');
    await cursorIn('[data-testid="new-record-dialog"] [data-field="name"]');
    await type('Talleres Abascál');
    await desk.see('duplicate');
    await expectNoViolations(desk, 'a new lead that may be there already');
  });
});

describe('two made one', () => {
  it('the kept one has the chosen values and the ticket, and both are two again at a word', async () => {
    const kept = await make('Comercial Ibáñez', { city: 'Lugo', phones: [{ number: '+34982111111' }] });
    const gone = await make('Comercial Ibanez S.L.', { city: 'Vigo', email: 'hola@ibanez.example', phones: [{ number: '+34982111111' }] });
    const ticket = await house.admin.send<Ticket>('POST', '/api/tickets', { subject: 'Entrega tardía', customerId: gone.id });
    await open(`/customers/${kept.id}`);
    await desk.see('merge');
    await focus('merge');
    await keys('Enter');
    await cursorIn('[data-testid="merge-pick"]');
    await desk.see('merge-candidate');
    await expectNoViolations(desk, 'choosing what to merge with');
    await focus('merge-candidate');
    await keys('Enter');
    await cursorIn('[data-testid="merge-stays"]');
    await until('what comes along is counted', async () => (await desk.page.getByTestId('merge-along').innerText()).includes('Tickets: 1'));
    await expectNoViolations(desk, 'two beside each other');
    await tabTo('[data-testid="merge-field"][data-field="city"]');
    await keys('ArrowRight', 'Enter');
    await desk.see('toast-action');
    expect(await customer(kept.id)).toMatchObject({ name: 'Comercial Ibáñez', city: 'Vigo', email: 'hola@ibanez.example' });
    expect((await ticketsOf(kept.id)).map((one) => one.id)).toEqual([ticket.id]);
    expect(await isThere(gone.id)).toBe(false);
    await until('the card shows what came along', async () => (await desk.page.getByText('Entrega tardía').count()) > 0);

    await focus('toast-action');
    await keys('Enter');
    await until('both are there', () => isThere(gone.id));
    expect((await customer(kept.id)).city).toBe('Lugo');
    expect((await ticketsOf(gone.id)).map((one) => one.id)).toEqual([ticket.id]);
  });

  it('what somebody changes meanwhile is said and shown before anything is merged', async () => {
    const supervisor = await house.api('supervisor');
    const kept = await make('Hermanos Quintela', { city: 'Lugo' });
    const gone = await make('Hermanos Quintela', { city: 'Vigo' });
    await open(`/customers/${kept.id}`);
    await desk.see('merge');
    await focus('merge');
    await keys('Enter');
    await cursorIn('[data-testid="merge-pick"]');
    await desk.see('merge-candidate');
    await focus('merge-candidate');
    await keys('Enter');
    await cursorIn('[data-testid="merge-stays"]');
    await supervisor.send('PATCH', `/api/customers/${gone.id}`, { version: gone.version, city: 'Soria' });
    await keys('Enter');
    await desk.see('merge-conflict');
    expect(await desk.page.getByTestId('merge-conflict').innerText()).toContain(supervisor.session.user.name);
    await until('the new value is shown', async () => (await desk.page.locator('[data-testid="merge-field"][data-field="city"]').innerText()).includes('Soria'));
    expect(await isThere(gone.id)).toBe(true);
    await desk.page.locator('[data-testid="merge-stays"] input:checked').focus();
    await keys('ArrowRight', 'Enter');
    await until('the other one is the one that stays', async () => (await isThere(gone.id)) && !(await isThere(kept.id)));
    await until('its card comes up', () => desk.page.url().endsWith(gone.id));
  });

  it('a type’s doubles stand together by what they share', async () => {
    const [one, other] = [await make('Doble Uno', { phones: [{ number: '+34981777001' }] }), await make('Doble Dos', { phones: [{ number: '+34981777001' }] })];
    await open('/records/customer');
    await desk.see('view-menu');
    await focus('view-menu');
    await keys('Enter');
    await desk.see('open-duplicates');
    await desk.page.getByTestId('open-duplicates').focus();
    await keys('Enter');
    const group = desk.page.getByTestId('duplicate-group').filter({ hasText: 'Doble Uno' });
    await group.waitFor();
    await expectNoViolations(desk, 'duplicates');
    await group.getByTestId('merge-pair').focus();
    await keys('Enter');
    await cursorIn('[data-testid="merge-stays"]');
    await keys('Enter');
    await group.waitFor({ state: 'detached' });
    expect([await isThere(one.id), await isThere(other.id)].filter(Boolean)).toHaveLength(1);
    await desk.see('toast-action');
    await focus('toast-action');
    await keys('Enter');
    await group.waitFor();
    expect([await isThere(one.id), await isThere(other.id)]).toEqual([true, true]);
  });
});

describe('when somebody leaves', () => {
  it('all that they own goes to others in turn', async () => {
    const [bruno, ana, lin] = [await house.api('bruno'), await house.api('ana'), await house.api('lin')];
    const records: CrmRecord[] = [];
    for (const name of ['Rival Alfa', 'Rival Beta', 'Rival Gamma']) records.push(await house.admin.send('POST', '/api/records/competitor', { fields: { name }, ownerId: bruno.session.user.id }));
    await open('/admin/users');
    await desk.see('hand-over');
    await desk.page.getByRole('button', { name: `: ${bruno.session.user.name}` }).focus();
    await keys('Enter');
    await desk.see('hand-over-count');
    await desk.page.getByTestId('hand-over-to').focus();
    for (const one of [ana, lin]) {
      await type(one.session.user.name);
      await desk.page.getByRole('option', { name: one.session.user.name }).waitFor();
      await keys('Enter');
      await desk.page.getByTestId('taker').filter({ hasText: one.session.user.name }).waitFor();
    }
    await expectNoViolations(desk, 'handing over');
    await tabTo('[data-testid="hand-over-next"]');
    await keys('Enter');
    await desk.see('hand-over-sure');
    await tabTo('[data-testid="hand-over-do"]');
    await keys('Enter');
    await desk.see('hand-over-done');
    const owners = await Promise.all(records.map(async ({ id }) => (await house.admin.get<CrmRecord>(`/api/records/competitor/${id}`)).ownerId));
    expect(new Set(owners)).toEqual(new Set([ana.session.user.id, lin.session.user.id]));
  });
});
