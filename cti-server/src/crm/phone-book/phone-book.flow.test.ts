import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentSettings, teams, userTeams } from '../../db/index.ts';
import type { CrmRecord, Customer, Page, PhoneBookEntry, RecordRights } from '../../contracts/index.ts';
import { newId } from '../../platform/ids.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const list = async (query: string, as?: string): Promise<Page<PhoneBookEntry>> => (await crm.get<Page<PhoneBookEntry>>(`/api/phone-book?${query}`, as)).body;
const names = async (query: string, as?: string): Promise<string[]> => (await list(query, as)).items.map((entry) => entry.name);
/** Somebody whose rights on records are these alone. */
async function signIn(name: string, recordRights: RecordRights) {
  const viewer = await crm.signIn(name);
  crm.viewers.set(name, { ...viewer, recordRights });
  return viewer;
}

describe('the phone book', () => {
  it('has colleagues with team, extension and state, found by each, and nobody who left', async () => {
    const [bea, gone] = [await crm.signIn('Bea Núñez'), await crm.signIn('Bea Gone')];
    const teamId = newId(crm.clock.now());
    await crm.database.insert(teams).values({ id: teamId, name: 'Taller' });
    await crm.database.insert(userTeams).values({ userId: bea.userId, teamId });
    await crm.database.insert(agentSettings).values({ userId: bea.userId, extension: '2044' });
    await crm.database.$client.query('update users set active = false where id = $1', [gone.userId]);
    for (const search of ['bea', 'NUNEZ', '2044', 'taller', 'taller nuñ']) {
      expect(await list(`kind=colleague&search=${encodeURIComponent(search)}`), search).toMatchObject({ items: [{ kind: 'colleague', id: bea.userId, name: 'Bea Núñez', about: 'Taller', numbers: [{ number: '2044', kind: 'extension' }], state: 'ready' }] });
    }
    expect((await list('kind=colleague&search=bea', 'Bea Núñez')).items[0]?.numbers, 'nobody calls themselves').toEqual([]);
    expect((await crm.get(`/api/phone-book/states?ids=${bea.userId},${crm.ana.userId}`)).body).toEqual({ states: { [bea.userId]: 'ready', [crm.ana.userId]: 'ready' } });
  });

  it('has customers and contacts with their numbers, found by name or number, and tells whom not to call', async () => {
    const made = (await crm.post<Customer>('/api/customers', { name: 'Carpintería Souto', city: 'Vigo', phones: [{ number: '986111222', kind: 'switchboard' }, { number: '677111222', doNotCall: true }] })).body;
    await crm.post('/api/customers', { name: 'Carpintería sin número' });
    const contact = (await crm.post<CrmRecord>('/api/records/contact', { fields: { name: 'Uxía Souto', customerId: made.id, jobTitle: 'Gerente', phone: '677333444' } })).body;
    expect((await list('kind=customer&search=carpinteria')).items).toMatchObject([{ id: made.id, about: 'Vigo', customerId: made.id, numbers: [{ number: '+34986111222', doNotCall: false }, { number: '+34677111222', doNotCall: true }, { number: '+34677333444', label: 'Uxía Souto' }] }]);
    expect(await names('kind=customer&search=986%20111%20222')).toEqual(['Carpintería Souto']);
    expect((await list('kind=contact&search=uxia')).items).toMatchObject([{ id: contact.id, about: 'Gerente · Carpintería Souto', customerId: made.id, numbers: [{ number: '+34677333444' }] }]);
  });

  it('has the numbers that all share, kept by those who may change what is everybody’s', async () => {
    const made = (await crm.post<CrmRecord>('/api/records/sharedNumber', { fields: { name: 'Taxi', number: '986 000 999', note: 'day and night' } })).body;
    expect(made.fields['number']).toBe('+34986000999');
    await crm.post('/api/records/sharedNumber', { fields: { name: 'Emergencias', number: '112' } });
    await signIn('Own', { '*': { read: 'own', create: 'all', change: 'own' } });
    expect(await names('kind=shared', 'Own')).toEqual(['Emergencias', 'Taxi']);
    for (const answer of [await crm.post<Refused>('/api/records/sharedNumber', { fields: { name: 'Mine', number: '112' } }, 'Own'), await crm.patch<Refused>(`/api/records/sharedNumber/${made.id}`, { version: made.version, fields: { name: 'Mine' } }, 'Own')]) expect(answer.status).toBe(403);
    expect((await crm.post<Refused>('/api/records/sharedNumber', { fields: { name: 'Wrong', number: 'none' } })).body.error).toMatchObject({ code: 'invalidBody', field: 'fields.number' });
  });

  it('shows nobody what their roles do not', async () => {
    const own = await signIn('Owner', { customer: { read: 'own' } });
    const customers = [await crm.post<Customer>('/api/customers', { name: 'Reach mine', phones: [{ number: '677000001' }] }), await crm.post<Customer>('/api/customers', { name: 'Reach theirs', phones: [{ number: '677000002' }] })].map((answer) => answer.body);
    for (const [at, ownerId] of [own.userId, crm.ana.userId].entries()) await crm.patch(`/api/records/customer/${customers[at]?.id ?? ''}`, { version: customers[at]?.version, ownerId });
    expect(await names('kind=customer&search=reach')).toEqual(['Reach mine', 'Reach theirs']);
    expect(await names('kind=customer&search=reach', 'Owner')).toEqual(['Reach mine']);
    expect(await names('search=reach', 'Owner')).toEqual(['Reach mine']);
    expect([await names('kind=contact', 'Owner'), await names('kind=shared', 'Owner')]).toEqual([[], []]);
  });

  it('is read a page at a time, each once', async () => {
    for (let at = 0; at < 12; at += 1) await crm.post('/api/customers', { name: `Página ${String(at).padStart(2, '0')}`, phones: [{ number: `67770${String(1000 + at)}` }] });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<PhoneBookEntry> = await list(`kind=customer&search=pagina&limit=5${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.items.map((entry) => entry.name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, at) => `Página ${String(at).padStart(2, '0')}`));
    const ids = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page<PhoneBookEntry> = await list(`kind=colleague&limit=1${cursor && `&cursor=${cursor}`}`);
      for (const entry of page.items) ids.add(entry.id);
      cursor = page.nextCursor;
    }
    expect(ids.size).toBe(Number((await crm.database.$client.query<{ count: string }>('select count(*) from users where active')).rows[0]?.count));
  });
});
