import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Customer, Page, TimelineEntry } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const make = async (fields: Record<string, unknown>): Promise<Customer> => {
  const { status, body } = await crm.post<Customer>('/api/customers', fields);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const refusal = async (answer: Promise<{ status: number; body: Refused }>) => {
  const { status, body } = await answer;
  return [status, body.error.code, body.error.field];
};

describe('a customer', () => {
  it('is made with its numbers as E.164, the first one as the main one, and is read back', async () => {
    const made = await make({ name: ' Pilar Íñiguez ', tier: 'A', email: 'pilar@example.com', phones: [{ number: '612 34 50 01', label: 'día' }, { number: '0044 20 7946 0001', kind: 'work' }] });
    expect(made).toMatchObject({ name: 'Pilar Íñiguez', tier: 'A', kind: 'person', version: 0, contacts: [] });
    expect(made.phones[0]).toMatchObject({ e164: '+34612345001', kind: 'mobile', label: 'día' });
    expect(made.phones[1]).toMatchObject({ e164: '+442079460001', kind: 'work' });
    expect((await crm.get<Customer>(`/api/customers/${made.id}`)).body).toEqual(made);
    expect(crm.audited.at(-1)).toMatchObject({ action: 'customer.created', recordId: made.id, changes: { name: { old: null, new: 'Pilar Íñiguez' } } });
  });

  it('keeps fields that a change leaves out, counts the version up, and tells the timeline and the audit', async () => {
    const made = await make({ name: 'Old', notes: 'keep me', tier: 'A' });
    const { body } = await crm.patch<Customer>(`/api/customers/${made.id}`, { version: 0, name: 'New' });
    expect(body).toMatchObject({ name: 'New', notes: 'keep me', tier: 'A', version: 1 });
    expect(crm.audited.at(-1)).toMatchObject({ action: 'customer.changed', changes: { name: { old: 'Old', new: 'New' } } });
    const timeline = await crm.get<Page<TimelineEntry>>(`/api/customers/${made.id}/timeline`);
    expect(timeline.body.items).toMatchObject([{ kind: 'change', userName: 'Ana', data: { changes: { name: { old: 'Old', new: 'New' } } } }]);
  });

  it('is not changed on an old version: 409 with the record as it is now', async () => {
    const made = await make({ name: 'Contended' });
    await crm.patch(`/api/customers/${made.id}`, { version: 0, city: 'Vigo' });
    const { status, body } = await crm.patch<Refused>(`/api/customers/${made.id}`, { version: 0, city: 'Lugo' });
    expect([status, body.error.code]).toEqual([409, 'changedMeanwhile']);
    expect(body.error.details?.['current']).toMatchObject({ city: 'Vigo', version: 1 });
  });

  it('of two changes at once on the same version one wins and one is told', async () => {
    const made = await make({ name: 'Race' });
    const answers = await Promise.all(['Vigo', 'Lugo'].map((city) => crm.patch(`/api/customers/${made.id}`, { version: 0, city })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  });

  it('a change of nothing changes nothing', async () => {
    const made = await make({ name: 'Same' });
    const lines = crm.audited.length;
    expect((await crm.patch<Customer>(`/api/customers/${made.id}`, { version: 0, name: 'Same' })).body).toEqual(made);
    expect(crm.audited.length).toBe(lines);
  });
});

describe('numbers of a customer', () => {
  it('are added and removed; the next becomes the main number; an open form stays up to date', async () => {
    const made = await make({ name: 'Many numbers', phones: [{ number: '612345010' }] });
    const added = await crm.post<Customer>(`/api/customers/${made.id}/phones`, { number: '+886 912 345 010', kind: 'home' });
    expect([added.status, added.body.version]).toEqual([201, 0]);
    const [main, second] = added.body.phones;
    expect(second?.e164).toBe('+886912345010');
    const removed = await crm.remove<Customer>(`/api/customers/${made.id}/phones/${main?.id ?? ''}`);
    expect(removed.body.phones.map((phone) => phone.e164)).toEqual(['+886912345010']);
    const listed = await crm.get<Page<{ mainPhone: string }>>('/api/customers?search=Many%20numbers');
    expect(listed.body.items[0]?.mainPhone).toBe('+886912345010');
  });

  it('are refused twice for one customer in any spelling, and allowed for two customers', async () => {
    const made = await make({ name: 'Twice', phones: [{ number: '612345020' }] });
    expect(await refusal(crm.post(`/api/customers/${made.id}/phones`, { number: '+34 612-345-020' }))).toEqual([409, 'alreadyExists', 'number']);
    expect(await refusal(crm.post('/api/customers', { name: 'Twice in one', phones: [{ number: '612345021' }, { number: '+34612345021' }] }))).toEqual([409, 'alreadyExists', 'phones.1.number']);
    expect((await crm.get<Page<unknown>>('/api/customers?search=Twice%20in%20one')).body.items).toEqual([]);
    await make({ name: 'Twice too', phones: [{ number: '612345020' }] });
  });

  it.each(['abc', '100', '+', '1'.repeat(40), '+34 612', "1' or '1'='1", '😀', '112'])('%j is no number: 400 with the field', async (number) => {
    const made = await make({ name: 'Absurd' });
    expect(await refusal(crm.post(`/api/customers/${made.id}/phones`, { number }))).toEqual([400, 'invalidBody', 'number']);
    expect(await refusal(crm.post('/api/customers', { name: 'Absurd', phones: [{ number: '612345678' }, { number }] }))).toEqual([400, 'invalidBody', 'phones.1.number']);
  });

  it('can belong to a contact of this customer only', async () => {
    const [one, other] = [await make({ name: 'One' }), await make({ name: 'Other' })];
    const contact = (await crm.post<Customer>(`/api/customers/${one.id}/contacts`, { name: 'Eva' })).body.contacts[0];
    expect(await refusal(crm.post(`/api/customers/${other.id}/phones`, { number: '612345030', contactId: contact?.id }))).toEqual([400, 'invalidBody', 'contactId']);
    expect(await refusal(crm.post(`/api/customers/${one.id}/phones`, { number: '612345030', contactId: randomUUID() }))).toEqual([400, 'invalidBody', 'contactId']);
    const { body } = await crm.post<Customer>(`/api/customers/${one.id}/phones`, { number: '612345030', contactId: contact?.id });
    expect(body.phones[0]?.contactId).toBe(contact?.id);
    const without = await crm.remove<Customer>(`/api/customers/${one.id}/contacts/${contact?.id ?? ''}`);
    expect(without.body).toMatchObject({ contacts: [], phones: [{ e164: '+34612345030', contactId: null }] });
    expect(await refusal(crm.remove(`/api/customers/${other.id}/phones/${body.phones[0]?.id ?? ''}`))).toEqual([404, 'notFound', undefined]);
  });
});

it('contacts are changed with their own version', async () => {
  const made = await make({ name: 'With contacts', kind: 'company' });
  const contact = (await crm.post<Customer>(`/api/customers/${made.id}/contacts`, { name: 'Eva', jobTitle: 'CFO' })).body.contacts[0];
  const url = `/api/customers/${made.id}/contacts/${contact?.id ?? ''}`;
  expect((await crm.patch<Customer>(url, { version: 0, email: 'eva@example.com' })).body.contacts).toMatchObject([{ name: 'Eva', jobTitle: 'CFO', email: 'eva@example.com', version: 1 }]);
  const { status, body } = await crm.patch<Refused>(url, { version: 0, name: 'Eve' });
  expect([status, body.error.details?.['current']]).toEqual([409, { id: contact?.id, name: 'Eva', jobTitle: 'CFO', email: 'eva@example.com', version: 1 }]);
  expect(await refusal(crm.patch(`/api/customers/${made.id}/contacts/${randomUUID()}`, { version: 0, name: 'x' }))).toEqual([404, 'notFound', undefined]);
});

describe('hostile input is refused with the field, never with 500', () => {
  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'a\u0000b' }, 'name'],
    [{ name: 'x', notes: 'a\u0000b' }, 'notes'],
    [{ name: 'x', notes: 'x'.repeat(20_001) }, 'notes'],
    [{ name: 'x', tier: 'Z' }, 'tier'],
    [{ name: 'x', email: 'no' }, 'email'],
    [{ name: 'x', country: 'es' }, 'country'],
    [{ name: 'x', phones: 'no' }, 'phones'],
    [{ name: 'x', phones: [{ number: '' }] }, 'phones.0.number'],
    [{ name: 'x', phones: [{ number: '612345678', contactId: randomUUID() }] }, 'phones.0.contactId'],
    [{ name: 'x', phones: Array.from({ length: 21 }, () => ({ number: '612345678' })) }, 'phones'],
  ])('%j', async (body, field) => expect(await refusal(crm.post('/api/customers', body))).toEqual([400, 'invalidBody', field]));

  it('unknown fields, malformed JSON and huge bodies', async () => {
    expect((await refusal(crm.post('/api/customers', { name: 'x', isAdmin: true }))).slice(0, 2)).toEqual([400, 'invalidBody']);
    expect((await refusal(crm.post('/api/customers', '{"name":'))).slice(0, 2)).toEqual([400, 'malformedJson']);
    expect((await refusal(crm.post('/api/customers', { name: 'x', notes: 'x'.repeat(10_000_000) }))).slice(0, 2)).toEqual([413, 'bodyTooLarge']);
  });

  it('half characters are repaired, and long names in any script are kept', async () => {
    expect((await make({ name: 'half \ud83d end', notes: '\udc00' })).name).toBe('half \ufffd end');
    const emoji = '🙂'.repeat(100);
    expect((await make({ name: emoji, company: '㎮'.repeat(200) })).name).toBe(emoji);
  });

  it('ids that are none, and ids of nobody', async () => {
    expect(await refusal(crm.get('/api/customers/none'))).toEqual([400, 'invalidBody', 'id']);
    for (const url of [`/api/customers/${randomUUID()}`, `/api/customers/${randomUUID()}/timeline`]) expect(await refusal(crm.get(url))).toEqual([404, 'notFound', undefined]);
    expect(await refusal(crm.patch(`/api/customers/${randomUUID()}`, { version: 0 }))).toEqual([404, 'notFound', undefined]);
    expect(await refusal(crm.post(`/api/customers/${randomUUID()}/phones`, { number: '612345678' }))).toEqual([404, 'notFound', undefined]);
    expect(await refusal(crm.post(`/api/customers/${randomUUID()}/notes`, { text: 'x' }))).toEqual([404, 'notFound', undefined]);
  });

  it.each(['x', 'e30', Buffer.from('[0,"a"]').toString('base64url'), Buffer.from('[0,"a\\u0000","x"]').toString('base64url'), Buffer.from(`[0,"\\u0000","${randomUUID()}"]`).toString('base64url')])(
    'cursor %j', async (cursor) => expect(await refusal(crm.get(`/api/customers?cursor=${cursor}`))).toEqual([400, 'invalidBody', 'cursor']));
});

describe('rights', () => {
  it('reading needs customers.read, changing customers.manage', async () => {
    await crm.signIn('Reader', ['customers.read']);
    await crm.signIn('Stranger', ['tickets.manage', 'calls.take']);
    const made = await make({ name: 'Guarded' });
    expect((await crm.get(`/api/customers/${made.id}`, 'Reader')).status).toBe(200);
    expect((await crm.get('/api/customers', 'Stranger')).status).toBe(403);
    expect((await crm.get(`/api/customers/${made.id}/timeline`, 'Stranger')).status).toBe(403);
    for (const [method, url, body] of [
      ['post', '/api/customers', { name: 'x' }],
      ['patch', `/api/customers/${made.id}`, { version: 0 }],
      ['post', `/api/customers/${made.id}/phones`, { number: '612345678' }],
      ['post', `/api/customers/${made.id}/contacts`, { name: 'x' }],
      ['post', `/api/customers/${made.id}/notes`, { text: 'x' }],
    ] as const) expect((await crm[method](url, body, 'Reader')).status, url).toBe(403);
    expect((await crm.get('/api/customers', 'nobody')).status).toBe(401);
  });
});

it('the API is described', async () => {
  const { status, body } = await crm.get<{ paths: Record<string, unknown> }>('/api/docs/json');
  expect(status).toBe(200);
  expect(Object.keys(body.paths)).toContain('/api/customers/{id}/timeline');
});
