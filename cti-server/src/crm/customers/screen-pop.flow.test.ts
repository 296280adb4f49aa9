import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Customer, screenPop } from '../../contracts/index.ts';
import { bulkNumber, fillWithBulkCustomers } from '../bulk-customers.ts';
import type { Database } from '../database.store.ts';
import { type Crm, startCrm } from '../testing.ts';
import { createCustomers } from './index.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
  await fillWithBulkCustomers(crm.url, { count: 20_000, now: crm.clock.now() });
}, 60_000);
afterAll(() => crm.stop());

const make = async (fields: Record<string, unknown>): Promise<Customer> => (await crm.post<Customer>('/api/customers', fields)).body;
const recordCall = (customerId: string, callId: string, atMs: number) =>
  crm.timeline.recordCall(crm.database, { callId, customerId, atMs, queueName: 'Service', agentId: crm.ana.userId, direction: 'inbound', outcome: 'answered' });

describe('who is calling', () => {
  it('one customer has the number: certain, in any spelling of the line', async () => {
    const made = await make({ name: 'Certain', company: 'Certain SL', tier: 'A', city: 'Vigo', notes: 'VIP', phones: [{ number: '+34 722 000 001' }] });
    const customer = { id: made.id, name: 'Certain', company: 'Certain SL', tier: 'A', email: null, city: 'Vigo', notes: 'VIP' };
    for (const raw of ['+34722000001', '0034722000001', '34722000001', '722000001']) {
      expect(await crm.customers.lookUpCaller(raw)).toEqual({ match: 'one', customer, candidates: [] });
      expect(await crm.customers.screenPop(raw)).toMatchObject({ number: { raw, e164: '+34722000001', country: 'ES' }, match: 'one', customer });
    }
  });

  it('several customers share the number: all of them, those heard from last first, and nothing of any one of them', async () => {
    const [quiet, loud] = [await make({ name: 'A quiet one', phones: [{ number: '+34722000002' }] }), await make({ name: 'B loud one', phones: [{ number: '+34722000002' }] })];
    await recordCall(loud.id, randomUUID(), Date.UTC(2026, 0, 1));
    await crm.post('/api/tickets', { subject: 'hidden', customerId: loud.id });
    const pop = await crm.customers.screenPop('+34722000002');
    expect(pop).toMatchObject({ match: 'several', customer: null, openTickets: [], lastContacts: [] });
    expect(pop.candidates.map((candidate) => candidate.id)).toEqual([loud.id, quiet.id]);
    expect((await crm.customers.lookUpCaller('+34722000002')).candidates).toHaveLength(2);
  });

  it('tells ten at most', async () => {
    for (let i = 0; i < 12; i += 1) await make({ name: `Shared ${String(i)}`, phones: [{ number: '+34722000003' }] });
    expect((await crm.customers.screenPop('+34722000003')).candidates).toHaveLength(10);
  });

  it.each(['', 'anonymous', '100', '60001', '+34722999999', '\u0000', "' or 1=1 --", '9'.repeat(300)])('%j stays unknown', async (raw) => {
    expect(await crm.customers.lookUpCaller(raw)).toEqual({ match: 'none', customer: null, candidates: [] });
    expect(screenPop.parse(await crm.customers.screenPop(raw))).toMatchObject({ number: { raw }, match: 'none', customer: null, candidates: [], openTickets: [], lastContacts: [] });
  });

  it('never takes a number for a similar one', async () => {
    await make({ name: 'Abroad', phones: [{ number: '+442079460111' }] });
    expect((await crm.customers.lookUpCaller('+12079460111')).match).toBe('none');
    expect((await crm.customers.lookUpCaller('+44207946011')).match).toBe('none');
  });
});

describe('the screen when it rings', () => {
  it('shows the five newest open tickets and the five last contacts with their agents, without the call itself', async () => {
    const made = await make({ name: 'Busy', notes: 'n'.repeat(20_000), phones: [{ number: '+34722000005' }] });
    const subjects = ['t1', 't2', 't3', 't4', 't5', 't6'];
    for (const subject of subjects) await crm.post('/api/tickets', { subject, customerId: made.id, priority: 'high' });
    await crm.post('/api/tickets', { subject: 'done', customerId: made.id, status: 'closed' });
    for (let day = 1; day <= 6; day += 1) await recordCall(made.id, randomUUID(), Date.UTC(2025, 11, day));
    await crm.post(`/api/customers/${made.id}/notes`, { text: 'spoke to her husband' });
    const thisCall = randomUUID();
    await recordCall(made.id, thisCall, crm.clock.now());

    const pop = await crm.customers.screenPop('722000005', { excludeCallId: thisCall });
    expect(screenPop.parse(pop)).toEqual(pop);
    expect(pop.openTickets.map((ticket) => ticket.subject)).toEqual(['t6', 't5', 't4', 't3', 't2']);
    expect(pop.openTickets[0]).toMatchObject({ status: 'open', priority: 'high' });
    expect(pop.lastContacts.map(({ kind, summary, agentName }) => [kind, summary, agentName])).toEqual([
      ['note', 'spoke to her husband', 'Ana'], ...Array.from({ length: 4 }, () => ['call', 'Service', 'Ana']),
    ]);
    expect(pop.lastContacts[1]?.at).toBe('2025-12-06T00:00:00.000Z');
    expect(pop.customer?.notes).toHaveLength(2_000);
    expect((await crm.customers.screenPop('722000005')).lastContacts.map((contact) => contact.kind)).toEqual(['call', 'note', 'call', 'call', 'call']);
  });

  it('shows the customer that somebody chose, whatever the number', async () => {
    const made = await make({ name: 'Chosen' });
    await crm.post('/api/tickets', { subject: 'mine', customerId: made.id });
    const pop = await crm.customers.screenPop('anonymous', { customerId: made.id });
    expect(pop).toMatchObject({ number: { raw: 'anonymous', e164: null }, match: 'one', customer: { name: 'Chosen' }, openTickets: [{ subject: 'mine' }] });
    expect((await crm.customers.screenPop('+34722000005', { customerId: randomUUID() })).match).toBe('none');
  });
});

it('reads through indexes only, however many customers there are', async () => {
  const client = await crm.database.$client.connect();
  try {
    await client.query('begin');
    const database = Object.assign(Object.create(crm.database) as Database, { $client: client as unknown as Database['$client'] });
    const { screenPop: pop, lookUpCaller } = createCustomers({ ...crm, records: crm.engine.records, database, config: { defaultCountry: 'ES' }, audit: { record: () => Promise.resolve() } });
    const scans = async (): Promise<{ whole: number; byIndex: number }> => {
      const { rows } = await client.query<{ whole: number; byIndex: number }>(
        `select sum(seq_scan)::int as whole, sum(idx_scan)::int as "byIndex" from pg_stat_xact_user_tables where relname in ('customers', 'customer_phones')`,
      );
      return rows[0] ?? { whole: -1, byIndex: -1 };
    };
    const before = await scans();
    // a prepared statement gets its general plan at the sixth time
    for (let i = 0; i < 20; i += 1) {
      expect((await pop(bulkNumber(i))).match).toBe('one');
      expect((await lookUpCaller(bulkNumber(i))).match).toBe('one');
    }
    const after = await scans();
    expect(after.whole - before.whole).toBe(0);
    expect(after.byIndex - before.byIndex).toBeGreaterThanOrEqual(80);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
