import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer, CustomerRow, Page, RecordType, Ticket, TicketAssignAnswer, TicketRulesAnswer } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const make = async (fields: Record<string, unknown>): Promise<Ticket> => (await crm.post<Ticket>('/api/tickets', fields)).body;
const rules = async (): Promise<TicketRulesAnswer> => (await crm.get<TicketRulesAnswer>('/api/ticket-rules')).body;
async function change(how: (before: TicketRulesAnswer) => Partial<TicketRulesAnswer>) {
  const { names: _names, ...before } = await rules();
  return crm.ask<TicketRulesAnswer & Refused>('PUT', '/api/ticket-rules', { ...before, ...how({ ...before, names: {} }) });
}
const label = { es: 'Visita', en: 'Visit', 'zh-CN': '上门', 'zh-TW': '到府' };

describe('kinds', () => {
  it('are the company’s own, offered at once, each with its ways, and nothing goes another way', async () => {
    expect((await change(({ kinds }) => ({ kinds: [...kinds, { value: 'visit', label, retired: false, initial: 'open', flow: { open: ['inProgress'], inProgress: ['solved'], solved: [] } }] }))).status).toBe(200);
    const type = (await crm.get<{ items: RecordType[] }>('/api/record-types')).body.items.find((one) => one.name === 'ticket');
    expect(type?.fields.find((field) => field.key === 'kind')?.options.map((one) => one.value)).toContain('visit');
    const made = await make({ subject: 'Visit me', kind: 'visit' });
    const refused = await crm.patch<Refused>(`/api/tickets/${made.id}`, { version: 0, status: 'solved' });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'ticketFlow', field: 'status', details: { from: 'open', to: 'solved', allowed: ['inProgress'] } } } });
    expect((await crm.patch<Refused>(`/api/records/ticket/${made.id}`, { version: 0, fields: { status: 'solved' } })).body.error.code, 'by the way of all records neither').toBe('ticketFlow');
    expect((await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 0, status: 'inProgress' })).body.status).toBe('inProgress');
    expect((await crm.post<Refused>('/api/tickets', { subject: 'x', kind: 'visit', status: 'closed' })).body.error.code).toBe('ticketFlow');
    expect((await crm.post<Refused>('/api/tickets', { subject: 'x', kind: 'none' })).body.error).toMatchObject({ code: 'invalidBody', field: 'kind' });
  });

  it('can be retired: tickets keep them, new ones do not get them; removing one is refused', async () => {
    const made = await make({ subject: 'Old kind', kind: 'visit' });
    expect((await change(({ kinds }) => ({ kinds: kinds.filter((one) => one.value !== 'visit') }))).body.error).toMatchObject({ code: 'invalidBody', field: 'kinds' });
    expect((await change(({ kinds }) => ({ kinds: kinds.map((one) => (one.value === 'visit' ? { ...one, retired: true } : one)) }))).status).toBe(200);
    expect((await crm.patch<Ticket>(`/api/tickets/${made.id}`, { version: 0, status: 'inProgress' })).body).toMatchObject({ kind: 'visit', status: 'inProgress' });
    expect((await crm.post<Refused>('/api/tickets', { subject: 'x', kind: 'visit' })).status).toBe(400);
  });

  it('of two who change the rules at once, one is told what is there now', async () => {
    const { names: _names, ...before } = await rules();
    const answers = await Promise.all([1, 2].map(() => crm.ask<Refused>('PUT', '/api/ticket-rules', before)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });
});

describe('a ticket that nobody has', () => {
  it('goes to one of twenty who take it at once', async () => {
    const made = await make({ subject: 'Everybody wants me' });
    const names = Array.from({ length: 20 }, (_, at) => `grabber${String(at)}`);
    for (const name of names) await crm.signIn(name);
    const answers = await Promise.all(names.map((name) => crm.post<Ticket & Refused>(`/api/tickets/${made.id}/grab`, undefined, name)));
    const won = answers.filter((answer) => answer.status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 409 && answer.body.error.code === 'taken')).toHaveLength(19);
    expect((await crm.get<Ticket>(`/api/tickets/${made.id}`)).body.assigneeId).toBe(won[0]?.body.assigneeId);
  });

  it('is in the list of those, the oldest first, until somebody has it or it is closed', async () => {
    const mine = (await crm.post<Customer>('/api/customers', { name: 'Unassigned' })).body;
    const [first, second] = [await make({ subject: 'first', customerId: mine.id }), await make({ subject: 'second', customerId: mine.id })];
    await make({ subject: 'somebody’s', customerId: mine.id, assigneeId: crm.ana.userId });
    await make({ subject: 'closed', customerId: mine.id, status: 'closed' });
    const list = async (more = ''): Promise<Page<Ticket>> => (await crm.get<Page<Ticket>>(`/api/tickets?unassigned=true&customerId=${mine.id}${more}`)).body;
    expect((await list()).items.map((one) => one.id)).toEqual([first.id, second.id]);
    const page = await list('&limit=1');
    expect((await list(`&limit=1&cursor=${page.nextCursor ?? ''}`)).items.map((one) => one.id)).toEqual([second.id]);
    expect((await list('&search=second')).items.map((one) => one.id)).toEqual([second.id]);
  });

  it('goes where the routes say, in turn, by kind and the customer’s tier; at once where the company wants that', async () => {
    const [one, two] = [await crm.signIn('Route one'), await crm.signIn('Route two')];
    const important = (await crm.post<Customer>('/api/customers', { name: 'Important', tier: 'A' })).body;
    const route = { id: randomUUID(), name: 'Repairs of A', kinds: ['repair'], priorities: [], tiers: ['A' as const], userIds: [one.userId, two.userId], teamIds: [], skillIds: [], how: 'inTurn' as const };
    const waiting = await make({ subject: 'before the rules', kind: 'repair', customerId: important.id });
    expect((await change(() => ({ routes: [route], assignAtOpening: true }))).status).toBe(200);
    const made = await Promise.all([1, 2, 3, 4].map((at) => make({ subject: `repair ${String(at)}`, kind: 'repair', customerId: important.id })));
    expect(made.map((ticket) => ticket.assigneeName).sort()).toEqual(['Route one', 'Route one', 'Route two', 'Route two']);
    const other = await make({ subject: 'no route', kind: 'repair' });
    expect(other.assigneeId).toBeNull();
    const { body } = await crm.post<TicketAssignAnswer>('/api/tickets/assign', { ids: [waiting.id, other.id, made[0]?.id] });
    expect(body.assigned).toMatchObject([{ id: waiting.id, route: 'Repairs of A' }]);
    expect(body.left).toEqual([{ id: other.id, reason: 'noRoute' }, { id: made[0]?.id, reason: 'taken' }]);
    expect(crm.audited.at(-1)).toMatchObject({ action: 'ticket.assignedByRule', recordId: waiting.id });
  });
});

it('what is written to the customer counts as contact, what is written for the house does not', async () => {
  const customer = (await crm.post<Customer>('/api/customers', { name: 'Written to' })).body;
  const made = await make({ subject: 'Letter', customerId: customer.id });
  const lastContact = async (): Promise<string | null | undefined> => (await crm.get<Page<CustomerRow>>('/api/customers?search=Written%20to')).body.items[0]?.lastContactAt;
  await crm.post(`/api/records/ticket/${made.id}/comments`, { text: 'for us' });
  expect(await lastContact()).toBeNull();
  await crm.post(`/api/records/ticket/${made.id}/comments`, { text: 'Dear customer', toCustomer: true });
  expect(await lastContact()).not.toBeNull();
});
