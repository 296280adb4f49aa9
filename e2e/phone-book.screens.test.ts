/** The phone book by keyboard, and what dialogs and links promise: nothing typed is lost by one key, and a record that became another leads there. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { CrmRecord, Customer, MergeAnswer } from '../cti-server/src/contracts/index.ts';
import { expectNoViolations } from './accessibility.ts';
import type { DeskPage } from './desk-page.ts';
import { type House, openHouse } from './house.ts';
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
const chosen = (): Promise<string | null> => desk.page.evaluate(() => document.querySelector('[data-testid="phone-book-row"][aria-current="true"]')?.getAttribute('data-id') ?? null);

it('whoever types finds, goes down with the arrows and reaches with Enter, also what is shared', async () => {
  const shared = await house.admin.send<CrmRecord>('POST', '/api/records/sharedNumber', { fields: { name: 'Quiniela Taxi', number: '986000321', note: 'noche' } });
  const customer = await house.admin.send<Customer>('POST', '/api/customers', { name: 'Quiniela Bar', phones: [{ number: '986000322', doNotCall: true }] });
  await open('/phone-book');
  await until('the cursor is in the search field', () => desk.page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'phone-book-search'));
  await desk.page.keyboard.type('quiniela');
  await until('both are found, what is shared first', async () => (await desk.page.getByTestId('phone-book-row').count()) === 2 && (await chosen()) === shared.id);
  await keys('ArrowDown');
  await until('the next one is chosen', async () => (await chosen()) === customer.id);
  expect(await desk.page.locator(`[data-testid="phone-book-row"][data-id="${customer.id}"]`).innerText()).toMatch(/No llamar|Do not call/);
  await expectNoViolations(desk, 'the phone book');
  await keys('Escape');
  await until('all are shown again', async () => (await desk.page.getByTestId('phone-book-row').count()) > 2);
});

it('Escape asks before it loses what was typed in a dialog, and closes at once where nothing was', async () => {
  const customer = await house.admin.send<Customer>('POST', '/api/customers', { name: 'Guarded', phones: [{ number: '986000323' }] });
  await open(`/customers/${customer.id}`);
  await desk.page.getByTestId('add-phone').click();
  await desk.see('phone-dialog');
  await keys('Escape');
  await desk.page.getByTestId('phone-dialog').waitFor({ state: 'detached' });
  await desk.page.getByTestId('add-phone').click();
  await desk.see('phone-dialog');
  await until('the cursor is in the number', () => desk.page.evaluate(() => document.activeElement?.getAttribute('data-testid') === 'new-phone'));
  await desk.page.keyboard.type('986000324');
  await keys('Escape');
  await desk.see('discard-question');
  await expectNoViolations(desk, 'the question');
  await keys('Enter'); // keep typing
  await desk.page.getByTestId('discard-question').waitFor({ state: 'detached' });
  await desk.page.getByTestId('save-phone').click();
  await until('the number is kept', async () => (await house.admin.get<Customer>(`/api/customers/${customer.id}`)).phones.length === 2);
});

it('the address of a record that was made one with another leads to that one', async () => {
  const [kept, gone] = [await house.admin.send<Customer>('POST', '/api/customers', { name: 'Kept one' }), await house.admin.send<Customer>('POST', '/api/customers', { name: 'Gone one' })];
  await house.admin.send<MergeAnswer>('POST', `/api/records/customer/${kept.id}/merge`, { otherId: gone.id, version: kept.version, otherVersion: gone.version });
  await open(`/customers/${gone.id}`);
  await desk.page.waitForURL(`**/customers/${kept.id}`);
  expect(await desk.page.getByTestId('customer-title').innerText()).toBe('Kept one');
});
