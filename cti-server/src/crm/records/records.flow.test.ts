import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BulkAnswer, CrmRecord, CustomField, HistoryEntry, Page, RecordType, SavedView, SearchHit } from '../../contracts/index.ts';
import { csrfHeader, sessionCookie } from '../../platform/http.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const words = (en: string) => ({ es: en, en, 'zh-CN': en, 'zh-TW': en });
let count = 0;
const make = async (type: string, fields: Record<string, unknown>, as?: string): Promise<CrmRecord> => {
  const { status, body } = await crm.post<CrmRecord>(`/api/records/${type}`, { fields }, as);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const competitor = (fields: Record<string, unknown> = {}, as?: string) => make('competitor', { name: `Rival ${String(++count)}`, ...fields }, as);
const list = async (type: string, query: Record<string, unknown>, as?: string): Promise<Page<CrmRecord>> => {
  const text = new URLSearchParams(Object.fromEntries(Object.entries(query).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])));
  const { status, body } = await crm.get<Page<CrmRecord>>(`/api/records/${type}?${text.toString()}`, as);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const addField = async (type: string, field: Record<string, unknown>): Promise<CustomField> => {
  const { status, body } = await crm.post<CustomField>(`/api/records/${type}/fields`, field);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};

describe('a record', () => {
  it('is made with initial values, read, changed, put into the trash and restored', async () => {
    const made = await competitor({ phone: '912 34 56 78' });
    expect(made).toMatchObject({ title: made.fields['name'], fields: { threat: 'medium', phone: '+34912345678' }, ownerName: 'Ana', version: 0, mayChange: true });
    const { body: changed } = await crm.patch<CrmRecord>(`/api/records/competitor/${made.id}`, { version: 0, fields: { threat: 'high' }, tags: ['north'] });
    expect(changed).toMatchObject({ fields: { threat: 'high', name: made.fields['name'] }, tags: ['north'], version: 1 });
    expect((await crm.remove(`/api/records/competitor/${made.id}?version=1`)).status).toBe(204);
    expect((await list('competitor', { state: 'trash' })).items.map((one) => one.id)).toContain(made.id);
    expect((await crm.post<CrmRecord>(`/api/records/competitor/${made.id}/restore`)).body).toMatchObject({ deletedAt: null, fields: { threat: 'high' } });
    const { body: history } = await crm.get<Page<HistoryEntry>>(`/api/records/competitor/${made.id}/history`);
    expect(history.items.map((entry) => entry.kind)).toEqual(expect.any(Array));
  });

  it('names every fault at once, with its field', async () => {
    const { status, body } = await crm.post<Refused>('/api/records/competitor', { fields: { name: ' ', phone: 'no number', threat: 'huge', colour: 'red' } });
    expect([status, body.error.code]).toEqual([400, 'invalidBody']);
    expect((body.error.details?.['issues'] as { field: string }[]).map((issue) => issue.field).sort()).toEqual(['fields.colour', 'fields.name', 'fields.phone', 'fields.threat']);
  });

  it('changed by two at once tells the second what the first made of it', async () => {
    const made = await competitor();
    await crm.patch(`/api/records/competitor/${made.id}`, { version: 0, fields: { website: 'first.example' } });
    const { status, body } = await crm.patch<Refused>(`/api/records/competitor/${made.id}`, { version: 0, fields: { website: 'second.example' } });
    expect([status, body.error.code, (body.error.details?.['current'] as CrmRecord).fields['website']]).toEqual([409, 'changedMeanwhile', 'first.example']);
  });

  it('with a value that must be unique is refused, whatever its case and accents', async () => {
    await make('competitor', { name: 'Telefónica' });
    const { status, body } = await crm.post<Refused>('/api/records/competitor', { fields: { name: 'TELEFONICA' } });
    expect([status, body.error.code, body.error.field]).toEqual([409, 'alreadyExists', 'fields.name']);
  });
});

describe('what people add to a record', () => {
  it('comments and files are in its history with its changes, the newest first', async () => {
    const made = await competitor();
    const url = `/api/records/competitor/${made.id}`;
    await crm.patch(url, { version: 0, fields: { website: 'rival.example' } });
    const { body: comment } = await crm.post<HistoryEntry>(`${url}/comments`, { text: 'Watch them @Ana', mentions: [crm.ana.userId] });
    expect(comment).toMatchObject({ kind: 'comment', userName: 'Ana' });
    const upload = (payload: Buffer, type = 'application/octet-stream') =>
      crm.app.inject({ method: 'POST', url: `${url}/files?name=${encodeURIComponent('价目表 <1>.html')}&mediaType=text/html`, headers: { cookie: `${sessionCookie}=Ana`, [csrfHeader]: 'csrf', 'content-type': type }, payload });
    const stored = await upload(Buffer.from('<script>alert(1)</script>'));
    expect(stored.statusCode, stored.body).toBe(201);
    expect((await upload(Buffer.from('{}'), 'application/json')).statusCode).toBe(400);
    expect((await upload(Buffer.alloc(0))).statusCode).toBe(400);
    const { body: files } = await crm.get<{ items: { id: string; name: string }[] }>(`${url}/files`);
    expect(files.items.map((file) => file.name)).toEqual(['价目表 <1>.html']);
    const back = await crm.app.inject({ url: `${url}/files/${files.items[0]?.id ?? ''}`, headers: { cookie: `${sessionCookie}=Ana` } });
    expect([back.headers['content-type'], back.headers['content-disposition'], back.body]).toEqual(['application/octet-stream', expect.stringMatching(/^attachment; filename\*=UTF-8''%E4/), '<script>alert(1)</script>']);
    // this house's audit is a double, so the history has what people added
    const { body: history } = await crm.get<Page<HistoryEntry>>(`${url}/history`);
    expect(history.items.map((entry) => entry.kind)).toEqual(['file', 'comment']);
  });

  it('views are one’s own until they are shared, and others cannot change them', async () => {
    const dora = await crm.signIn('Dora', []);
    dora.recordRights = { competitor: { read: 'all' } };
    const { body: view } = await crm.post<SavedView>('/api/records/competitor/views', { name: 'Dangerous', columns: ['name'], filter: [{ field: 'threat', op: 'eq', value: 'high' }] });
    const seen = async (as: string) => (await crm.get<{ items: SavedView[] }>('/api/records/competitor/views', as)).body.items.map((one) => [one.name, one.mine]);
    expect(await seen('Dora')).toEqual([]);
    await crm.patch(`/api/record-views/${view.id}`, { version: 0, shared: true });
    expect(await seen('Dora')).toEqual([['Dangerous', false]]);
    expect((await crm.patch(`/api/record-views/${view.id}`, { version: 1, name: 'Mine' }, 'Dora')).status).toBe(403);
    expect((await crm.patch<Refused>(`/api/record-views/${view.id}`, { version: 0, name: 'Stale' })).body.error.code).toBe('changedMeanwhile');
    expect((await crm.remove(`/api/record-views/${view.id}`)).status).toBe(204);
  });
});

describe('a list', () => {
  it('is filtered, put in order and read page by page, with and without values, each record once', async () => {
    const cities = ['Ávila', 'avilés', 'Zamora', null, 'Burgos', null, 'ávila'];
    for (const city of cities) await make('customer', { name: 'Listed', city, tier: 'A' });
    const filter = [{ field: 'name', op: 'eq', value: 'listed' }, { field: 'tier', op: 'in', value: ['A', 'C'] }];
    for (const sort of ['city', '-city']) {
      const seen: CrmRecord[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<CrmRecord> = await list('customer', { filter, sort, limit: '2', ...(cursor === null ? {} : { cursor }) });
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      const folded = seen.map((one) => (one.fields['city'] as string | null)?.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase() ?? null);
      const named = folded.filter((city) => city !== null);
      expect(new Set(seen.map((one) => one.id)).size).toBe(cities.length);
      expect(folded.slice(named.length)).toEqual([null, null]);
      expect(named).toEqual(sort === 'city' ? [...named].sort() : [...named].sort().reverse());
    }
    expect((await list('customer', { filter: [...filter, { field: 'city', op: 'startsWith', value: 'AVI' }] })).items).toHaveLength(3);
    expect((await list('customer', { filter: [...filter, { field: 'city', op: 'empty' }] })).items).toHaveLength(2);
    expect((await crm.get<{ count: number; exact: boolean }>(`/api/records/customer/count?filter=${encodeURIComponent(JSON.stringify(filter))}`)).body).toEqual({ count: 7, exact: true });
  });

  it('refuses what cannot be asked, naming it', async () => {
    const refusal = async (query: string): Promise<unknown[]> => {
      const { status, body } = await crm.get<Refused>(`/api/records/customer?${query}`);
      return [status, body.error.field];
    };
    const filter = (one: unknown): string => `filter=${encodeURIComponent(JSON.stringify([one]))}`;
    expect(await refusal(filter({ field: 'secret', op: 'eq', value: 1 }))).toEqual([400, 'filter.0.field']);
    expect(await refusal(filter({ field: 'lastContactAt', op: 'lt', value: 'yesterday' }))).toEqual([400, 'filter.0.value']);
    expect(await refusal(filter({ field: "name'; drop table customers; --", op: 'eq', value: 1 }))).toEqual([400, 'filter.0.field']);
    expect(await refusal('sort=nothing')).toEqual([400, 'sort']);
    expect(await refusal('filter=[')).toEqual([400, 'filter']);
    expect(await refusal('cursor=abc')).toEqual([400, 'cursor']);
  });
});

describe('who may see and do what', () => {
  it('reaches as far as the role says, and is decided where the rows are', async () => {
    const bruno = await crm.signIn('Bruno', []);
    bruno.recordRights = { competitor: { read: 'own', create: 'all', change: 'own', delete: 'none' } };
    const anas = await competitor();
    const his = await competitor({}, 'Bruno');
    expect((await list('competitor', {}, 'Bruno')).items.map((one) => one.id)).toEqual([his.id]);
    expect((await crm.get(`/api/records/competitor/${anas.id}`, 'Bruno')).status).toBe(404);
    expect((await crm.patch(`/api/records/competitor/${anas.id}`, { version: 0, fields: {} }, 'Bruno')).status).toBe(404);
    expect((await crm.remove(`/api/records/competitor/${his.id}`, 'Bruno')).status).toBe(403);
    expect((await crm.get('/api/records/customer', 'Bruno')).status).toBe(403);
    const shared = await crm.ask('PUT', `/api/records/competitor/${anas.id}/shares`, { userIds: [bruno.userId] });
    expect(shared.status).toBe(200);
    const seen = await list('competitor', { sort: 'name' }, 'Bruno');
    expect(seen.items.map((one) => one.id).sort()).toEqual([anas.id, his.id].sort());
    expect((await crm.get<{ items: RecordType[] }>('/api/record-types', 'Bruno')).body.items.map((type) => type.name)).toEqual(['competitor']);
  });
});

describe('a field that an administrator adds', () => {
  it('is there at once: in forms, filters, order, search, history and the described API', async () => {
    await addField('competitor', { key: 'revenue', kind: 'money', label: words('Revenue') });
    const colour = await addField('competitor', { key: 'colour', kind: 'pick', label: words('Colour'), searchable: true, options: [{ value: 'red', label: words('Red') }, { value: 'blue', label: words('Blue') }] });
    const made = await competitor({ revenue: '1234567.80', colour: 'red' });
    expect(made.fields).toMatchObject({ revenue: '1234567.80', colour: 'red' });
    expect((await list('competitor', { filter: [{ field: 'revenue', op: 'gte', value: '1000000' }], sort: '-revenue' })).items.map((one) => one.id)).toEqual([made.id]);
    const { body: api } = await crm.get<{ components: { schemas: Record<string, { properties: Record<string, { properties: Record<string, unknown> }> }> } }>('/api/records/openapi.json');
    expect(Object.keys(api.components.schemas['competitorInput']?.properties['fields']?.properties ?? {})).toEqual(expect.arrayContaining(['name', 'revenue', 'colour']));

    const { status, body } = await crm.patch<Refused>(`/api/record-fields/${colour.id}`, { version: 0, options: [{ value: 'blue', label: words('Blue') }] });
    expect([status, body.error.code, body.error.details]).toEqual([409, 'inUse', { value: 'red', uses: 1 }]);
    const retired = await crm.patch<CustomField>(`/api/record-fields/${colour.id}`, { version: 0, options: [{ value: 'red', label: words('Red'), retired: true }, { value: 'blue', label: words('Blue') }] });
    expect(retired.status).toBe(200);
    expect((await crm.patch(`/api/records/competitor/${made.id}`, { version: 0, fields: { colour: 'red', website: 'kept.example' } })).status).toBe(200);
    expect((await crm.post('/api/records/competitor', { fields: { name: 'Late', colour: 'red' } })).status).toBe(400);
  });

  it('taken away frees its key, and records are written on', async () => {
    const gone = await addField('competitor', { key: 'slogan', kind: 'text', label: words('Slogan'), unique: true });
    await competitor({ slogan: 'Cheaper' });
    expect((await crm.remove(`/api/record-fields/${gone.id}?version=0`)).status).toBe(204);
    expect((await competitor()).fields).not.toHaveProperty('slogan');
    await addField('competitor', { key: 'slogan', kind: 'number', label: words('Slogan') });
    expect((await competitor({ slogan: 5 })).fields['slogan']).toBe(5);
  });

  it('when encrypted is not in the database to read, nor in the audit, and is found by its exact value alone', async () => {
    await addField('competitor', { key: 'vatNumber', kind: 'text', label: words('VAT'), encrypted: true, searchable: true });
    const made = await competitor({ vatNumber: 'ESB12345678' });
    expect(made.fields['vatNumber']).toBe('ESB12345678');
    const { rows } = await crm.database.$client.query<{ x_vat_number: string }>('select x_vat_number from competitors where id = $1', [made.id]);
    expect(rows[0]?.x_vat_number).toMatch(/^v1:/);
    expect(JSON.stringify(crm.audited)).not.toContain('ESB12345678');
    expect((await list('competitor', { filter: [{ field: 'vatNumber', op: 'eq', value: 'esb12345678' }] })).items.map((one) => one.id)).toEqual([made.id]);
    const { status } = await crm.get(`/api/records/competitor?filter=${encodeURIComponent(JSON.stringify([{ field: 'vatNumber', op: 'contains', value: '123' }]))}`);
    expect(status).toBe(400);
  });

  it('for certain roles does not exist for the others', async () => {
    const role = crm.ana.userId; // any id will do: a role that Carla lacks
    await addField('competitor', { key: 'margin', kind: 'number', label: words('Margin'), readRoleIds: [role] });
    const made = await competitor({ margin: 12.5 });
    const carla = await crm.signIn('Carla', []);
    carla.recordRights = { competitor: { read: 'all', change: 'all' } };
    expect((await crm.get<CrmRecord>(`/api/records/competitor/${made.id}`, 'Carla')).body.fields).not.toHaveProperty('margin');
    expect((await crm.get(`/api/records/competitor?sort=margin`, 'Carla')).status).toBe(400);
    expect((await crm.patch(`/api/records/competitor/${made.id}`, { version: 0, fields: { margin: 1 } }, 'Carla')).status).toBe(400);
    expect((await crm.patch(`/api/records/competitor/${made.id}`, { version: 0, fields: { website: 'x.example' } }, 'Carla')).status).toBe(200);
    expect((await crm.get<CrmRecord>(`/api/records/competitor/${made.id}`)).body.fields).toMatchObject({ margin: 12.5, website: 'x.example' });
  });
});

describe('many records at once', () => {
  it('are told of before, changed together, and put back but for those changed since', async () => {
    const made = [await competitor({ website: 'bulk' }), await competitor({ website: 'bulk' }), await competitor({ website: 'bulk' })];
    const filter = [{ field: 'website', op: 'eq', value: 'bulk' }];
    const preview = (await crm.post<BulkAnswer>('/api/records/competitor/bulk', { filter, fields: { threat: 'low' }, preview: true })).body;
    expect(preview).toMatchObject({ changed: 3, refused: 0, undoId: null });
    const done = (await crm.post<BulkAnswer>('/api/records/competitor/bulk', { filter, fields: { threat: 'low' }, addTags: ['seen'] })).body;
    expect((await list('competitor', { filter: [...filter, { field: 'threat', op: 'eq', value: 'low' }, { field: 'tags', op: 'eq', value: 'seen' }] })).items).toHaveLength(3);
    await crm.patch(`/api/records/competitor/${made[0]?.id ?? ''}`, { version: 1, fields: { threat: 'high' } });
    expect((await crm.post(`/api/records/undo/${done.undoId ?? ''}`)).body).toEqual({ restored: 2, skipped: 1 });
    expect((await list('competitor', { filter: [...filter, { field: 'threat', op: 'eq', value: 'medium' }] })).items).toHaveLength(2);
    expect((await crm.post<Refused>(`/api/records/undo/${done.undoId ?? ''}`)).status).toBe(409);
  });
});

describe('the one search box', () => {
  it('finds accents, Chinese and numbers in any spelling, and says why', async () => {
    const [muller, wang] = [await make('customer', { name: 'José Núñez Müller' }), await make('customer', { name: '王小明', company: '北京电信' })];
    await crm.post(`/api/customers/${wang.id}/phones`, { number: '+86 138 0013 8000' });
    const find = async (q: string): Promise<SearchHit[]> => (await crm.get<{ hits: SearchHit[] }>(`/api/search?q=${encodeURIComponent(q)}`)).body.hits;
    expect((await find('nunez mull'))[0]).toMatchObject({ type: 'customer', id: muller.id, matchedField: 'name', how: 'beginning' });
    expect((await find('小明'))[0]).toMatchObject({ id: wang.id, matchedField: 'name', how: 'contains' });
    expect((await find('138-0013-8000'))[0]).toMatchObject({ id: wang.id, how: 'number', matchedText: '+8613800138000' });
    const rival = await competitor({ strengths: 'Cheap fibre in Extremadura' });
    expect((await find('extremadura'))[0]).toMatchObject({ type: 'competitor', id: rival.id, matchedField: 'strengths' });
  });
});

it('an organisation chart has no circle', async () => {
  const customer = await make('customer', { name: 'Chart' });
  const boss = await make('contact', { name: 'Boss', customerId: customer.id });
  const clerk = await make('contact', { name: 'Clerk', customerId: customer.id, managerId: boss.id });
  const { status, body } = await crm.patch<Refused>(`/api/records/contact/${boss.id}`, { version: 0, fields: { managerId: clerk.id } });
  expect([status, body.error.field]).toEqual([400, 'fields.managerId']);
});

it('a ticket of the engine is the ticket of the desk', async () => {
  const customer = await make('customer', { name: 'Ticketed' });
  const made = await make('ticket', { subject: 'Engine', customerId: customer.id });
  expect((await crm.get(`/api/tickets/${made.id}`)).body).toMatchObject({ subject: 'Engine', status: 'open', customerName: 'Ticketed', assigneeId: null });
  await crm.patch(`/api/records/ticket/${made.id}`, { version: 0, fields: { status: 'solved' } });
  expect((await crm.get<{ closedAt: string | null }>(`/api/tickets/${made.id}`)).body.closedAt).not.toBeNull();
  await crm.remove(`/api/records/ticket/${made.id}`);
  expect((await crm.get(`/api/tickets/${made.id}`)).status).toBe(404);
});
