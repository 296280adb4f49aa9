import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, Customer, LeadConversion, Page, TimelineEntry } from '../../contracts/index.ts';
import { type LeadsHouse, type Refused, startLeads } from './testing.ts';

let house: LeadsHouse;
beforeAll(async () => {
  house = await startLeads();
});
afterAll(() => house.stop());

const lead = (fields: Record<string, unknown> = {}) => house.make({ name: 'Inés Peña', company: 'Peña e Hijas', phone: '+34600123123', email: 'ines@example.org', city: 'Cádiz', ...fields }, house.ana.userId);
const convert = (id: string, body: Record<string, unknown> = {}, as = 'Boss') => house.post<LeadConversion & Refused>(`/api/leads/${id}/convert`, body, as);
const undo = (id: string) => house.post<Refused | null>(`/api/leads/${id}/convert/undo`);
const customer = async (id: string): Promise<Customer> => (await house.get<Customer>(`/api/customers/${id}`)).body;
const timeline = async (id: string): Promise<TimelineEntry[]> => (await house.get<Page<TimelineEntry>>(`/api/customers/${id}/timeline`)).body.items;

describe('a lead becomes', () => {
  it('a new customer with contact, number and history', async () => {
    const made = await lead();
    await house.post(`/api/leads/${made.id}/follow-ups`, { text: 'Wants an offer', outcome: 'interested' });
    house.pass(1);
    const { status, body } = await convert(made.id, { contact: true });
    expect([status, body]).toMatchObject([201, { isNewCustomer: true, userName: 'Boss', undo: { allowed: true, reason: null } }]);
    const now = await customer(body.customerId);
    expect(now).toMatchObject({ name: 'Peña e Hijas', kind: 'company', email: 'ines@example.org', city: 'Cádiz', tier: 'B' });
    expect(now.phones).toMatchObject([{ e164: '+34600123123', contactId: body.contactId }]);
    expect(now.contacts).toMatchObject([{ id: body.contactId, name: 'Inés Peña' }]);
    expect(await timeline(body.customerId)).toMatchObject([
      { kind: 'note', refId: made.id, data: { event: 'leadConverted' } },
      { kind: 'note', summary: 'Wants an offer', userName: 'Boss' },
    ]);
    expect(await house.read(made.id)).toMatchObject({ fields: { stage: 'converted', customerId: body.customerId, poolsAt: null }, names: { [body.customerId]: 'Peña e Hijas' } });
    expect((await convert(made.id)).body.error.code).toBe('wrongState');
  });

  it('a person, when it has no company', async () => {
    const made = await lead({ company: '', phone: null });
    const { body } = await convert(made.id);
    expect(await customer(body.customerId)).toMatchObject({ name: 'Inés Peña', kind: 'person', phones: [], contacts: [] });
  });

  it('part of a customer that is there, which keeps what it has', async () => {
    const there = (await house.post<Customer>('/api/customers', { name: 'There', phones: [{ number: '+34600123123' }] })).body;
    const made = await lead();
    const { body } = await convert(made.id, { customerId: there.id, contact: true });
    expect(body).toMatchObject({ customerId: there.id, isNewCustomer: false });
    expect(await customer(there.id)).toMatchObject({ name: 'There', phones: [{ id: there.phones[0]?.id }], contacts: [{ name: 'Inés Peña' }] });
    expect((await undo(made.id)).status).toBe(204);
    expect(await customer(there.id)).toMatchObject({ name: 'There', phones: [{ id: there.phones[0]?.id }] });
    expect(await timeline(there.id)).toEqual([]);
    expect(await house.read(made.id)).toMatchObject({ fields: { stage: 'new', customerId: null } });
  });

  it('nothing when somebody may not make customers, or it is not theirs', async () => {
    const made = await lead();
    expect((await convert(made.id, {}, 'Bruno')).status).toBe(404);
    await house.signIn('Seller', 'own', { lead: { read: 'all', change: 'all' } });
    expect((await convert(made.id, {}, 'Seller')).status).toBe(403);
    expect((await house.read(made.id)).fields['stage']).toBe('new');
    const pooled = await house.make();
    expect((await convert(pooled.id)).body.error.code).toBe('wrongState');
    expect((await convert(made.id, { customerId: made.id })).status).toBe(404);
  });

  it('once, however many ask at the same time', async () => {
    const made = await lead();
    const answers = await Promise.all(Array.from({ length: 8 }, () => convert(made.id)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
  });

  it('a customer only by being converted, never by choosing the stage', async () => {
    const made = await lead();
    const patched = await house.ask<Refused>('PATCH', `/api/records/lead/${made.id}`, { fields: { stage: 'converted' }, version: made.version });
    expect([patched.status, patched.body.error.code]).toEqual([409, 'useConversion']);
    await convert(made.id);
    const now = await house.read(made.id);
    const back = await house.ask<Refused>('PATCH', `/api/records/lead/${made.id}`, { fields: { stage: 'contacted' }, version: now.version });
    expect([back.status, back.body.error.code]).toEqual([409, 'useConversion']);
  });
});

describe('a conversion is taken back', () => {
  it('with all that it made, and can be done again', async () => {
    const made = await lead();
    await house.post(`/api/leads/${made.id}/follow-ups`, { text: 'First', outcome: 'reached' });
    const { body } = await convert(made.id, { contact: true });
    expect((await undo(made.id)).status).toBe(204);
    expect((await house.get(`/api/customers/${body.customerId}`)).status).toBe(404);
    expect((await house.get<CrmRecord>(`/api/records/customer/${body.customerId}`)).body.deletedAt).not.toBeNull();
    expect(await house.read(made.id)).toMatchObject({ ownerId: house.ana.userId, fields: { stage: 'contacted', customerId: null } });
    expect((await house.get(`/api/leads/${made.id}/conversion`)).status).toBe(404);
    expect((await undo(made.id)).body?.error.code).toBe('wrongState');
    const again = await convert(made.id);
    expect(again.status).toBe(201);
    expect((await timeline(again.body.customerId)).map((entry) => entry.summary)).toContain('First');
  });

  it.each<[string, (customerId: string) => Promise<unknown>]>([
    ['a note', (id) => house.post(`/api/customers/${id}/notes`, { text: 'Rang' })],
    ['a number', (id) => house.post(`/api/customers/${id}/phones`, { number: '+34600999999' })],
    ['a contact', (id) => house.post(`/api/customers/${id}/contacts`, { name: 'Another' })],
    ['a change', (id) => house.ask('PATCH', `/api/customers/${id}`, { version: 0, city: 'Sevilla' })],
    ['a comment', (id) => house.post(`/api/records/customer/${id}/comments`, { text: 'Look' })],
    ['another lead', async (id) => convert((await lead()).id, { customerId: id })],
  ])('not after %s', async (_name, use) => {
    const made = await lead();
    const { body } = await convert(made.id);
    const used = (await use(body.customerId)) as { status: number };
    expect(used.status).toBeLessThan(300);
    expect((await house.get<LeadConversion>(`/api/leads/${made.id}/conversion`)).body.undo).toEqual({ allowed: false, reason: 'customerUsed' });
    const refused = await undo(made.id);
    expect([refused.status, refused.body?.error.code]).toEqual([409, 'customerUsed']);
    expect((await customer(body.customerId)).id).toBe(body.customerId);
  });
});
