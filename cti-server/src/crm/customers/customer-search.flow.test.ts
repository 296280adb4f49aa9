import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerRow, Page } from '../../contracts/index.ts';
import { bulkNumber, fillWithBulkCustomers } from '../bulk-customers.ts';
import { type Crm, startCrm } from '../testing.ts';
import { mostMatchesToSort } from '../text-search.store.ts';

let crm: Crm;
const bulk = 30_000;
beforeAll(async () => {
  crm = await startCrm();
  await fillWithBulkCustomers(crm.url, { count: bulk, now: crm.clock.now() });
  for (const customer of [
    { name: 'José Ñandú Quiroga', email: 'jose.nandu@correo.example', tier: 'C', phones: [{ number: '+34 711 000 001' }, { number: '+34 711 000 002' }] },
    { name: 'Quiroga y Asociados', kind: 'company', phones: [{ number: '020 7946 0123'.replace(/^0/, '+44 ') }] },
    { name: 'Rosa Bequiroga', company: 'Talleres 100%_Real', tier: 'A' },
    { name: '欧阳', company: '桂林石林旅行社' },
    { name: '欧阳娜娜', tier: 'A' },
    { name: '林 欧阳' },
    { name: 'O’Brien & Hijos' },
    { name: '365 Servicios' },
  ]) expect((await crm.post('/api/customers', customer)).status).toBe(201);
}, 60_000);
afterAll(() => crm.stop());

async function search(text: string, more = ''): Promise<Page<CustomerRow>> {
  const { status, body } = await crm.get<Page<CustomerRow>>(`/api/customers?search=${encodeURIComponent(text)}${more}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}
const names = async (text: string, more = ''): Promise<string[]> => (await search(text, more)).items.map((customer) => customer.name);
async function readAll(query: string, limit = 200): Promise<CustomerRow[]> {
  const all: CustomerRow[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body }: { status: number; body: Page<CustomerRow> } = await crm.get(`/api/customers?limit=${String(limit)}&${query}${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    all.push(...body.items);
    cursor = body.nextCursor;
  }
  return all;
}

describe('names, companies and e-mails', () => {
  it.each([
    ['jose nandu', ['José Ñandú Quiroga']],
    ['JOSÉ ÑANDÚ', ['José Ñandú Quiroga']],
    ['nandu jose', ['José Ñandú Quiroga']],
    ['ndú qui', ['José Ñandú Quiroga']],
    ['jose.nandu@', ['José Ñandú Quiroga']],
    ['correo.example', ['José Ñandú Quiroga']],
    ['100%_real', ['Rosa Bequiroga']],
    ["o'brien", ['O’Brien & Hijos']],
    ['o’brien & h', ['O’Brien & Hijos']],
    ['nobody is called so', []],
    ['%', []],
    ['_', []],
    ['\\', []],
    ["'; drop table customers; --", []],
  ])('%j', async (text, expected) => expect(await names(text)).toEqual(expected));

  it('names that begin so come first, then words that begin so, then the rest', async () =>
    expect(await names('quiroga')).toEqual(['Quiroga y Asociados', 'José Ñandú Quiroga', 'Rosa Bequiroga']));
  it('two Chinese characters are found: a whole name, its beginning, and inside a company', async () => {
    expect(await names('欧阳')).toEqual(['欧阳', '欧阳娜娜', '林 欧阳']);
    expect(await names('石林')).toEqual(['欧阳']);
    expect(await names('桂林石林旅行社')).toEqual(['欧阳']);
    expect(await names('林 欧')).toEqual(['林 欧阳', '欧阳']);
  });
  it('a tier narrows it', async () => {
    expect(await names('欧阳', '&tier=A')).toEqual(['欧阳娜娜']);
    expect(await names('quiroga', '&tier=C')).toEqual(['José Ñandú Quiroga']);
  });
});

describe('numbers in any spelling', () => {
  it.each([
    ['+34711000001'], ['711 000 001'], ['0034-711-000-001'], ['711.000.00'], ['+34 711 0'], ['34711000'], ['(711) 000002'], ['11000002'], ['＋３４７１１０００００１'],
  ])('%s', async (text) => expect(await names(text)).toEqual(['José Ñandú Quiroga']));
  it('of another country, as dialled there', async () => expect(await names('020 7946 0123')).toEqual(['Quiroga y Asociados']));
  it('a customer with two numbers that fit is told once', async () => expect((await search('711000')).items).toHaveLength(1));
  it('digits are looked for in names as well', async () => expect(await names('365')).toContain('365 Servicios'));
  it('the exact number is the first', async () => expect((await search(bulkNumber(20))).items[0]?.mainPhone).toBe('+34600000020'));
});

describe('paging tells every customer once, whatever is looked for', () => {
  /** The same question, asked without any index. */
  async function bruteForce(words: readonly string[], tier?: string): Promise<Set<string>> {
    const conditions = words.map((word) => sql`position(fold_text(${word}) in search_text) > 0`);
    const { rows } = await crm.database.execute<{ id: string }>(
      sql`select id from customers where ${sql.join(conditions, sql` and `)} and (${tier ?? null}::text is null or tier = ${tier ?? null})`,
    );
    return new Set(rows.map((row) => row.id));
  }
  it.each([['garcía'], ['garcia maria'], ['mar'], ['zuñiga'], ['example'], ['王芳'], ['王'], ['东方'], ['customer12'], ['ferretería zúñiga'], ['hall']])('%s', async (text) => {
    const expected = await bruteForce(text.split(' '));
    expect(expected.size).toBeGreaterThan(3);
    const told = (await readAll(`search=${encodeURIComponent(text)}`)).map((customer) => customer.id);
    expect(told.length).toBe(new Set(told).size);
    expect(new Set(told)).toEqual(expected);
  });
  it('more than are sorted at once, in a tier', async () => {
    const expected = await bruteForce(['example'], 'B');
    expect(expected.size).toBeGreaterThan(mostMatchesToSort);
    expect(new Set((await readAll('search=example&tier=B')).map((customer) => customer.id))).toEqual(expected);
  });
  it('short words count at the beginning of words only', async () => {
    const told = await readAll('search=so');
    expect(told.length).toBeGreaterThan(100);
    for (const { name, company, email } of told) expect(`${name} ${company ?? ''} ${email ?? ''}`).toMatch(/(^| )So/i);
  });
  it('the whole list is in the order of names without accents, small pages or large', async () => {
    const all = await readAll('tier=C');
    expect(all.length).toBe(bulk / 5 + 1);
    const { rows } = await crm.database.execute<{ id: string }>(sql`select id from customers where tier = 'C' order by search_text collate "C", id`);
    expect(all.map((customer) => customer.id)).toEqual(rows.map((row) => row.id));
    expect(await readAll('search=bequiroga', 1)).toHaveLength(1);
    expect((await readAll('search=quiroga', 1)).map((customer) => customer.name)).toEqual(['Quiroga y Asociados', 'José Ñandú Quiroga', 'Rosa Bequiroga']);
  });
});

describe('a line of the list', () => {
  it('counts open tickets and shows the last contact and the main number', async () => {
    const { body } = await crm.post<{ id: string }>('/api/customers', { name: 'Listed Line', city: 'Soria', phones: [{ number: '+34711000009' }] });
    for (const status of ['open', 'waitingForCustomer', 'solved']) await crm.post('/api/tickets', { subject: 'x', status, customerId: body.id });
    const atMs = Date.UTC(2026, 0, 2, 10);
    await crm.timeline.recordCall(crm.database, { callId: body.id, customerId: body.id, atMs, outcome: 'answered' });
    expect((await search('listed line')).items).toEqual([
      { id: body.id, name: 'Listed Line', kind: 'person', company: null, tier: 'B', email: null, city: 'Soria', country: null, mainPhone: '+34711000009', openTickets: 2, lastContactAt: '2026-01-02T10:00:00.000Z' },
    ]);
  });
});
