import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CustomerRow, Page } from '../contracts/index.ts';
import { demoNumber, demoPeople } from './demo-people.ts';
import { ensureDemoCustomers } from './demo-customers.ts';
import { type Crm, startCrm } from './testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

it('each demo customer can ring: the number is one customer’s, in each of the hotline’s languages', async () => {
  const callers = await ensureDemoCustomers(crm.database, crm.clock, [crm.ana.userId]);
  expect(callers).toHaveLength(40);
  expect(new Set(callers.map((caller) => caller.language))).toEqual(new Set(['es', 'en', 'zh-CN', 'zh-TW']));
  for (const { customerId, name, e164 } of callers) {
    expect(await crm.customers.screenPop(e164)).toMatchObject({ number: { e164 }, match: 'one', customer: { id: customerId, name } });
  }
  const first = await crm.customers.screenPop(callers[0]?.e164 ?? '');
  expect(first.openTickets.length).toBeGreaterThan(0);
  expect(first.lastContacts[0]).toMatchObject({ kind: 'call', agentName: 'Ana' });
});

it('a second time, or two at once, changes nothing, not even what somebody changed', async () => {
  const [caller] = await ensureDemoCustomers(crm.database, crm.clock);
  await crm.patch(`/api/customers/${caller?.customerId ?? ''}`, { version: 0, name: 'Renamed' });
  const count = async (): Promise<unknown> =>
    (await crm.database.$client.query(`select (select count(*) from customers) as customers, (select count(*) from customer_phones) as phones,
      (select count(*) from tickets) as tickets, (select count(*) from timeline_entries) as entries`)).rows;
  const before = await count();
  await Promise.all([ensureDemoCustomers(crm.database, crm.clock), ensureDemoCustomers(crm.database, crm.clock)]);
  expect(await count()).toEqual(before);
  const { body } = await crm.get<Page<CustomerRow>>('/api/customers?search=Renamed');
  expect(body.items).toHaveLength(1);
});

it('numbers are each of one customer', () => expect(new Set(demoPeople.map((_, i) => demoNumber(i))).size).toBe(demoPeople.length));
