import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, Customer, MayCallAnswer, MergeAnswer } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const make = async (fields: Record<string, unknown>): Promise<Customer> => (await crm.post<Customer>('/api/customers', fields)).body;
const read = async (id: string): Promise<Customer> => (await crm.get<Customer>(`/api/customers/${id}`)).body;
const record = async (id: string): Promise<CrmRecord> => (await crm.get<CrmRecord>(`/api/records/customer/${id}`)).body;
const mayCall = async (query: string): Promise<MayCallAnswer> => (await crm.get<MayCallAnswer>(`/api/may-call?${query}`)).body;
const reasons = async (query: string): Promise<string[]> => (await mayCall(query)).refusals.map((one) => one.reason);
const idOf = <T extends { id: string }>(list: readonly T[], which: (one: T) => boolean = () => true): string => list.find(which)?.id ?? 'none';
const refusal = async (answer: Promise<{ status: number; body: Refused }>) => {
  const { status, body } = await answer;
  return [status, body.error.code, body.error.field];
};

describe('numbers', () => {
  it('have kind, label and contact, one is the main one, and each change is told from what to what', async () => {
    const made = await make({ name: 'Many Numbers', phones: [{ number: '611 000 001' }] });
    const withContact = (await crm.post<Customer>(`/api/customers/${made.id}/contacts`, { name: 'Switchboard Sam' })).body;
    const contactId = idOf(withContact.contacts);
    const added = (await crm.post<Customer>(`/api/customers/${made.id}/phones`, { number: '911 000 002', kind: 'switchboard', label: 'Reception', contactId })).body;
    expect(added.phones).toMatchObject([{ e164: '+34611000001', isMain: true }, { e164: '+34911000002', kind: 'switchboard', label: 'Reception', contactId, isMain: false, doNotCall: false }]);
    const second = idOf(added.phones, (phone) => !phone.isMain);
    const main = (await crm.patch<Customer>(`/api/customers/${made.id}/phones/${second}`, { isMain: true, label: 'Front desk' })).body;
    expect(main.phones.map((phone) => [phone.e164, phone.isMain])).toEqual([['+34911000002', true], ['+34611000001', false]]);
    expect(crm.audited.at(-1)).toMatchObject({ action: 'customer.phoneChanged', changes: { phone: { old: '+34911000002', new: '+34911000002' }, label: { old: 'Reception', new: 'Front desk' } } });
    expect(await refusal(crm.patch(`/api/customers/${made.id}/phones/${second}`, { number: '611000001' }))).toEqual([409, 'alreadyExists', 'number']);
    expect(await refusal(crm.patch(`/api/customers/${made.id}/phones/${second}`, { number: 'none' }))).toEqual([400, 'invalidBody', 'number']);
    expect(await refusal(crm.patch(`/api/customers/${made.id}/phones/${second}`, { contactId: made.id }))).toEqual([400, 'invalidBody', 'contactId']);
  });

  it('of contacts are found when they call, and follow the contact to another customer', async () => {
    const [company, other] = [await make({ name: 'First Company', kind: 'company' }), await make({ name: 'Second Company', kind: 'company' })];
    const contact = (await crm.post<CrmRecord>('/api/records/contact', { fields: { name: 'Carla Contacto', customerId: company.id, phone: '622 000 001' } })).body;
    expect(await crm.customers.lookUpCaller('622000001')).toMatchObject({ match: 'one', customer: { id: company.id } });
    const moved = (await crm.patch<CrmRecord>(`/api/records/contact/${contact.id}`, { version: contact.version, fields: { customerId: other.id } })).body;
    expect(await crm.customers.lookUpCaller('622000001')).toMatchObject({ match: 'one', customer: { id: other.id } });
    await crm.patch(`/api/records/contact/${contact.id}`, { version: moved.version, fields: { phone: '622 000 002' } });
    expect(await crm.customers.lookUpCaller('622000001')).toMatchObject({ match: 'none' });
    expect((await read(other.id)).phones).toMatchObject([{ e164: '+34622000002', contactId: contact.id }]);
  });
});

describe('who may be called', () => {
  it('is refused by a number that must not be called, with since when and by whom, in any spelling', async () => {
    const made = await make({ name: 'Leave Me', phones: [{ number: '633000001', doNotCall: true, doNotCallReason: 'asked on the phone' }, { number: '633000002' }] });
    const said = await mayCall('number=633%20000%20001');
    expect(said).toMatchObject({ allowed: false, refusals: [{ reason: 'numberDoNotCall', customerId: made.id, customerName: 'Leave Me', number: '+34633000001', text: 'asked on the phone', byName: 'Ana' }] });
    expect(said.refusals[0]?.since).not.toBeNull();
    expect(await mayCall('number=633000002')).toEqual({ allowed: true, refusals: [] });
    expect([...(await crm.customers.refusedNumbers(['+34633000001', '+34633000002', '+34699999999'])).keys()]).toEqual(['+34633000001']);
    await crm.patch(`/api/customers/${made.id}/phones/${idOf(made.phones)}`, { doNotCall: false });
    expect(await reasons('number=633000001')).toEqual([]);
    expect((await read(made.id)).phones[0]).toMatchObject({ doNotCallSince: null, doNotCallReason: '' });
  });

  it('is refused by the customer as a whole, for each of its numbers, also from the trash', async () => {
    const made = await make({ name: 'Never Call', phones: [{ number: '633000011' }] });
    const changed = (await crm.patch<Customer>(`/api/customers/${made.id}`, { version: made.version, doNotCall: true, doNotCallReason: 'lawyer wrote' })).body;
    expect(changed).toMatchObject({ doNotCall: true, doNotCallByName: 'Ana' });
    for (const query of ['number=633000011', `customerId=${made.id}`, `number=633000011&customerId=${made.id}`]) expect(await reasons(query)).toEqual(['customerDoNotCall']);
    await crm.ask('DELETE', `/api/records/customer/${made.id}?version=${String(changed.version)}`);
    expect(await reasons('number=633000011')).toEqual(['customerDoNotCall']);
  });

  it('is refused by a consent that was denied or ran out, each purpose for itself', async () => {
    const made = await make({ name: 'Consents', phones: [{ number: '633000021', consents: { call: { given: 'yes', source: 'form', wording: 'You may call me', until: '2025-12-31' }, sms: { given: 'no' } } }] });
    expect(await reasons('number=633000021')).toEqual(['consentExpired']);
    const phone = idOf(made.phones);
    const changed = (await crm.patch<Customer>(`/api/customers/${made.id}/phones/${phone}`, { consents: { call: { given: 'yes', until: '2026-01-05' }, sms: { given: 'no' } } })).body;
    expect(await reasons('number=633000021')).toEqual([]);
    expect(changed.phones[0]?.consents.call?.at, 'given when it was first written down').toBe(made.phones[0]?.consents.call?.at);
    expect(crm.audited.at(-1)).toMatchObject({ action: 'customer.phoneChanged', changes: { callConsentUntil: { old: '2025-12-31', new: '2026-01-05' } } });
    await crm.patch(`/api/customers/${made.id}/phones/${phone}`, { consents: { call: { given: 'no', source: 'call' } } });
    expect(await reasons('number=633000021')).toEqual(['consentRefused']);
  });

  it('asks for a number or a customer, and says nothing against strangers', async () => {
    expect((await crm.get<Refused>('/api/may-call')).status).toBe(400);
    expect(await mayCall('number=%27%20or%201%3D1')).toEqual({ allowed: true, refusals: [] });
  });
});

describe('e-mails and addresses', () => {
  it('are lists besides the main one, and change places with it', async () => {
    const made = await make({ name: 'Reachable', email: 'main@example.org', city: 'Lugo' });
    const added = (await crm.post<Customer>(`/api/customers/${made.id}/emails`, { address: 'Bills@Example.org', kind: 'billing' })).body;
    expect(added.emails).toMatchObject([{ address: 'bills@example.org', kind: 'billing' }]);
    for (const address of ['bills@example.org', 'MAIN@example.org']) expect(await refusal(crm.post(`/api/customers/${made.id}/emails`, { address }))).toEqual([409, 'alreadyExists', 'address']);
    const swapped = (await crm.post<Customer>(`/api/customers/${made.id}/emails/${idOf(added.emails)}/main`)).body;
    expect([swapped.email, swapped.emails.map((one) => one.address)]).toEqual(['bills@example.org', ['main@example.org']]);

    const home = (await crm.post<Customer>(`/api/customers/${made.id}/addresses`, { kind: 'delivery', street: 'Rúa Nova 1', city: 'Vigo', country: 'ES' })).body;
    const moved = (await crm.post<Customer>(`/api/customers/${made.id}/addresses/${idOf(home.addresses)}/main`)).body;
    expect(moved).toMatchObject({ street: 'Rúa Nova 1', city: 'Vigo', country: 'ES', addresses: [{ street: null, city: 'Lugo' }] });
    const changed = (await crm.patch<Customer>(`/api/customers/${made.id}/addresses/${idOf(moved.addresses)}`, { street: 'Praza Maior' })).body;
    expect(changed.addresses).toMatchObject([{ street: 'Praza Maior', city: 'Lugo' }]);
    expect(await refusal(crm.patch(`/api/customers/${made.id}/addresses/${idOf(moved.addresses)}`, { street: null, city: null }))).toEqual([400, 'invalidBody', 'street']);
    expect((await crm.remove<Customer>(`/api/customers/${made.id}/addresses/${idOf(moved.addresses)}`)).body.addresses).toEqual([]);
    expect((await crm.remove<Customer>(`/api/customers/${made.id}/emails/${idOf(swapped.emails)}`)).body.emails).toEqual([]);
  });
});

describe('two customers made one', () => {
  it('keep every number, e-mail and address of both, and are what they were when it is undone', async () => {
    const kept = await make({ name: 'Kept', email: 'kept@example.org', street: 'One', city: 'Lugo', phones: [{ number: '644000001' }] });
    const gone = await make({ name: 'Gone', email: 'gone@example.org', street: 'Two', city: 'Vigo', phones: [{ number: '644000001', doNotCall: true }, { number: '644000002' }] });
    await crm.post(`/api/customers/${gone.id}/emails`, { address: 'more@example.org' });
    await crm.post(`/api/customers/${gone.id}/addresses`, { kind: 'billing', city: 'Ourense' });
    const before = [await read(kept.id), await read(gone.id)];
    const merged = await crm.post<MergeAnswer>(`/api/records/customer/${kept.id}/merge`, { otherId: gone.id, version: (await record(kept.id)).version, otherVersion: (await record(gone.id)).version });
    expect(merged.status).toBe(200);
    const one = await read(kept.id);
    expect(one.phones.map((phone) => phone.e164).sort()).toEqual(['+34644000001', '+34644000002']);
    expect(one.emails.map((email) => email.address).sort()).toEqual(['gone@example.org', 'more@example.org']);
    expect(one.addresses.map((address) => address.city).sort()).toEqual(['Ourense', 'Vigo']);
    expect(await reasons('number=644000001'), 'a promise of the one that went still holds').toEqual(['numberDoNotCall']);
    expect(await refusal(crm.get(`/api/customers/${gone.id}`))).toEqual([404, 'mergedInto', undefined]);
    for (const path of [`/api/customers/${gone.id}`, `/api/records/customer/${gone.id}`]) expect((await crm.get<Refused>(path)).body.error, path).toMatchObject({ code: 'mergedInto', details: { id: kept.id } });

    expect((await crm.post(`/api/records/merges/${merged.body.mergeId}/undo`)).status).toBe(200);
    const points = ({ phones, emails, addresses, email, street }: Customer) => ({ phones, emails, addresses, email, street });
    expect([await read(kept.id), await read(gone.id)].map(points)).toEqual(before.map(points));
  });
});

describe('the screen when it rings', () => {
  it('shows the customer at a glance, and whose number it is', async () => {
    const made = await make({ name: 'Portrayed', language: 'gl', phones: [{ number: '655000001', doNotCall: true, doNotCallReason: 'mornings only' }] });
    const contactId = idOf((await crm.post<Customer>(`/api/customers/${made.id}/contacts`, { name: 'Pepa', jobTitle: 'Buyer' })).body.contacts);
    await crm.patch(`/api/customers/${made.id}/phones/${idOf(made.phones)}`, { contactId });
    const { version } = await record(made.id);
    await crm.patch(`/api/records/customer/${made.id}`, { version, tags: ['vip'], ownerId: crm.ana.userId });
    for (let i = 0; i < 7; i += 1) await crm.post('/api/tickets', { subject: `t${String(i)}`, customerId: made.id });
    const pop = await crm.customers.screenPop('655000001');
    expect(pop.customer?.contact).toEqual({ id: contactId, name: 'Pepa', jobTitle: 'Buyer' });
    expect(pop.openTickets).toHaveLength(5);
    expect(pop.portrait).toEqual({ since: made.createdAt, lastContactAt: null, tags: ['vip'], ownerName: 'Ana', language: 'gl', doNotCall: true, doNotCallReason: 'mornings only', openTickets: 7 });
    expect((await crm.customers.screenPop('', { customerId: made.id })).portrait).toMatchObject({ tags: ['vip'], doNotCall: false });
  });

  it('offers who may be meant by a number that nobody has, with the reason, and never as certain', async () => {
    const [house, person] = [await make({ name: 'House SL', kind: 'company', phones: [{ number: '986000100', kind: 'switchboard' }] }), await make({ name: 'Person', phones: [{ number: '986000155', kind: 'mobile' }] })];
    const pop = await crm.customers.screenPop('986000142');
    expect(pop).toMatchObject({ match: 'none', customer: null, portrait: null });
    expect(pop.candidates.map(({ id, why }) => [id, why])).toEqual([[house.id, { reason: 'sameSwitchboard', number: '+34986000100' }]]);
    expect((await crm.customers.screenPop('+12916000155')).candidates).toEqual([]);
    expect((await crm.customers.screenPop('+351986000155')).candidates).toMatchObject([{ id: person.id, why: { reason: 'sameEnding' } }]);
  });
});

it('those not contacted since a day are found, also those that never were', async () => {
  const [never, lately] = [await make({ name: 'Since never' }), await make({ name: 'Since lately' })];
  await crm.timeline.noteContact(crm.database, lately.id, Date.UTC(2026, 0, 4));
  const found = async (value: string): Promise<string[]> => (await crm.get<{ items: CrmRecord[] }>(`/api/records/customer?search=since&sort=name&filter=${encodeURIComponent(JSON.stringify([{ field: 'lastContactAt', op: 'notSince', value }]))}`)).body.items.map((one) => one.id);
  expect(await found('2026-01-04T00:00:00.000Z')).toEqual([never.id]);
  expect(await found('2026-01-05T00:00:00.000Z')).toEqual([lately.id, never.id]);
  expect((await crm.get(`/api/records/customer?filter=${encodeURIComponent(JSON.stringify([{ field: 'name', op: 'notSince', value: 'x' }]))}`)).status).toBe(400);
});
