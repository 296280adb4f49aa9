import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer, Page, Ticket, TimelineEntry } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
let customer: Customer;
beforeAll(async () => {
  crm = await startCrm();
  customer = (await crm.post<Customer>('/api/customers', { name: 'Ticket Holder' })).body;
});
afterAll(() => crm.stop());

const make = async (fields: Record<string, unknown>): Promise<Ticket> => {
  const { status, body } = await crm.post<Ticket>('/api/tickets', fields);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const refusal = async (answer: Promise<{ status: number; body: Refused }>) => {
  const { status, body } = await answer;
  return [status, body.error.code, body.error.field];
};
const subjects = async (query: string): Promise<string[]> => (await crm.get<Page<Ticket>>(`/api/tickets?${query}`)).body.items.map((ticket) => ticket.subject);
const entriesOf = async (customerId: string): Promise<TimelineEntry[]> => (await crm.get<Page<TimelineEntry>>(`/api/customers/${customerId}/timeline`)).body.items;

describe('a ticket opened from a call', () => {
  it('keeps call and customer, counts up, names all people, and is in the customer’s timeline at once', async () => {
    const callId = randomUUID();
    const first = await make({ subject: 'First' });
    const made = await make({ subject: 'Router is dead', kind: 'repair', priority: 'urgent', customerId: customer.id, callId, assigneeId: crm.ana.userId });
    expect(made.number).toBe(first.number + 1);
    expect(made).toMatchObject({ status: 'open', customerName: 'Ticket Holder', callId, assigneeName: 'Ana', createdByName: 'Ana', closedAt: null, version: 0 });
    expect(await entriesOf(customer.id)).toMatchObject([
      { kind: 'ticket', summary: 'Router is dead', refId: made.id, userName: 'Ana', at: made.openedAt, data: { number: made.number, status: 'open', priority: 'urgent', kind: 'repair' } },
    ]);
    expect((await crm.get<Ticket>(`/api/tickets/${made.id}`)).body).toEqual(made);
    expect(crm.audited.at(-1)).toMatchObject({ action: 'ticket.created', recordType: 'ticket', recordId: made.id });
  });
});

describe('a change', () => {
  it('keeps fields that are left out, closes and opens again, and is told in audit and timeline', async () => {
    const made = await make({ subject: 'Moves', customerId: customer.id, description: 'keep' });
    const solved = (await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 0, status: 'solved' })).body;
    expect(solved).toMatchObject({ status: 'solved', description: 'keep', priority: 'normal', customerId: customer.id, version: 1, closedAt: solved.updatedAt });
    const closed = (await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 1, status: 'closed' })).body;
    expect(closed.closedAt).toBe(solved.closedAt);
    expect(crm.audited.at(-1)?.changes).toEqual({ status: { old: 'solved', new: 'closed' } });
    const [entry, ...others] = (await entriesOf(customer.id)).filter((line) => line.refId === made.id);
    expect(entry?.data).toMatchObject({ status: 'closed' });
    expect(others).toEqual([]);
    expect((await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 2, status: 'inProgress' })).body.closedAt).toBeNull();
  });

  it('to another customer moves its timeline entry, to none removes it', async () => {
    const other = (await crm.post<Customer>('/api/customers', { name: 'Other' })).body;
    const made = await make({ subject: 'Wanders', customerId: other.id });
    await crm.patch(`/api/tickets/${made.id}`, { version: 0, customerId: customer.id });
    expect(await entriesOf(other.id)).toEqual([]);
    expect((await entriesOf(customer.id)).map((entry) => entry.refId)).toContain(made.id);
    expect((await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 1, customerId: null })).body.customerName).toBeNull();
    expect((await entriesOf(customer.id)).map((entry) => entry.refId)).not.toContain(made.id);
  });

  it('on an old version answers 409 with the ticket as it is now; of two at once one wins', async () => {
    const made = await make({ subject: 'Contended' });
    const answers = await Promise.all(['low', 'high'].map((priority) => crm.patch<Refused>(`/api/tickets/${made.id}`, { version: 0, priority })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const lost = answers.find((answer) => answer.status === 409)?.body.error;
    expect(lost).toMatchObject({ code: 'changedMeanwhile', details: { current: { id: made.id, version: 1 } } });
  });

  it('cannot change the call it came from', async () => {
    const made = await make({ subject: 'From a call' });
    expect((await refusal(crm.patch(`/api/tickets/${made.id}`, { version: 0, callId: randomUUID() }))).slice(0, 2)).toEqual([400, 'invalidBody']);
  });
});

describe('the list', () => {
  it('is filtered by state, customer and assignee, and found by number or words of the subject', async () => {
    const holder = (await crm.post<Customer>('/api/customers', { name: 'List holder' })).body;
    const a = await make({ subject: 'Avería en la línea ADSL', customerId: holder.id, status: 'inProgress' });
    const b = await make({ subject: '退款申请 100%', customerId: holder.id, status: 'closed', assigneeId: crm.ana.userId });
    await make({ subject: `About ticket ${String(a.number)}`, customerId: holder.id });
    const mine = `customerId=${holder.id}`;
    expect(await subjects(mine)).toEqual([`About ticket ${String(a.number)}`, '退款申请 100%', 'Avería en la línea ADSL']);
    expect(await subjects(`${mine}&open=true`)).toHaveLength(2);
    expect(await subjects(`${mine}&open=false`)).toEqual([b.subject]);
    expect(await subjects(`${mine}&status=inProgress`)).toEqual([a.subject]);
    expect(await subjects(`${mine}&assigneeId=${crm.ana.userId}`)).toEqual([b.subject]);
    for (const search of ['averia', 'LÍNEA aver', 'adsl']) expect(await subjects(`${mine}&search=${encodeURIComponent(search)}`)).toEqual([a.subject]);
    for (const search of ['退款', '申请', '100%', `#${String(b.number)}`, String(b.number)]) expect(await subjects(`${mine}&search=${encodeURIComponent(search)}`)).toEqual([b.subject]);
    expect(await subjects(`${mine}&search=${String(a.number)}`)).toEqual([`About ticket ${String(a.number)}`, a.subject]);
    for (const search of ['%', '_', '999999999999999']) expect(await subjects(`${mine}&search=${encodeURIComponent(search)}`)).toEqual([]);
  });

  it('is read a page at a time, each ticket once, also when many have the same moment', async () => {
    const holder = (await crm.post<Customer>('/api/customers', { name: 'Pager' })).body;
    await crm.database.$client.query(
      `insert into tickets (id, subject, kind, status, priority, customer_id, opened_at, updated_at)
       select gen_random_uuid(), 'Bulk ' || i, 'question', 'open', 'normal', $1, now(), now() from generate_series(1, 6000) as i`, [holder.id]);
    for (const [filter, expected] of [[`customerId=${holder.id}`, 6_000], [`customerId=${holder.id}&search=bulk`, 6_000], [`customerId=${holder.id}&search=bulk%2012`, 111]] as const) {
      const seen = new Set<string>();
      let cursor: string | null = '';
      let told = 0;
      while (cursor !== null) {
        const { body }: { body: Page<Ticket> } = await crm.get(`/api/tickets?limit=200&${filter}${cursor && `&cursor=${cursor}`}`);
        for (const ticket of body.items) seen.add(ticket.id);
        told += body.items.length;
        cursor = body.nextCursor;
      }
      expect([told, seen.size], filter).toEqual([expected, expected]);
    }
  });
});

describe('hostile input is refused with the field, never with 500', () => {
  it.each([
    [{}, 'subject'],
    [{ subject: ' ' }, 'subject'],
    [{ subject: 'x', description: '\u0000' }, 'description'],
    [{ subject: 'x', status: 'gone' }, 'status'],
    [{ subject: 'x', customerId: 'none' }, 'customerId'],
    [{ subject: 'x', customerId: randomUUID() }, 'customerId'],
    [{ subject: 'x', assigneeId: randomUUID() }, 'assigneeId'],
    [{ subject: 'x', callId: 7 }, 'callId'],
  ])('%j', async (body, field) => expect(await refusal(crm.post('/api/tickets', body))).toEqual([400, 'invalidBody', field]));

  it('ids of nobody, unknown references, wrong queries', async () => {
    const made = await make({ subject: 'Target' });
    expect(await refusal(crm.patch(`/api/tickets/${made.id}`, { version: 0, assigneeId: randomUUID() }))).toEqual([400, 'invalidBody', 'assigneeId']);
    expect(await refusal(crm.patch(`/api/tickets/${made.id}`, { version: 0, customerId: randomUUID() }))).toEqual([400, 'invalidBody', 'customerId']);
    expect(await refusal(crm.patch(`/api/tickets/${made.id}`, { subject: 'x' }))).toEqual([400, 'invalidBody', 'version']);
    expect(await refusal(crm.patch(`/api/tickets/${randomUUID()}`, { version: 0 }))).toEqual([404, 'notFound', undefined]);
    expect(await refusal(crm.get(`/api/tickets/${randomUUID()}`))).toEqual([404, 'notFound', undefined]);
    for (const [query, field] of [['limit=0', 'limit'], ['limit=201', 'limit'], ['open=perhaps', 'open'], ['status=gone', 'status'], ['customerId=1', 'customerId'], ['cursor=x', 'cursor']] as const) {
      expect(await refusal(crm.get(`/api/tickets?${query}`)), query).toEqual([400, 'invalidBody', field]);
    }
  });

  it('rights: reading needs tickets.read, changing tickets.manage', async () => {
    await crm.signIn('Reader', ['tickets.read']);
    await crm.signIn('Stranger', ['customers.manage']);
    const made = await make({ subject: 'Guarded' });
    expect((await crm.get(`/api/tickets/${made.id}`, 'Reader')).status).toBe(200);
    expect((await crm.get('/api/tickets', 'Stranger')).status).toBe(403);
    expect((await crm.post('/api/tickets', { subject: 'x' }, 'Reader')).status).toBe(403);
    expect((await crm.patch(`/api/tickets/${made.id}`, { version: 0 }, 'Reader')).status).toBe(403);
  });
});
