import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Customer, CustomerRow, Page, TimelineEntry } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
let customer: Customer;
let count = 0;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());
beforeEach(async () => {
  customer = await newCustomer();
});

const newCustomer = async (): Promise<Customer> => (await crm.post<Customer>('/api/customers', { name: `Timed ${String((count += 1))}.` })).body;
const page = async (query = '', of = customer): Promise<Page<TimelineEntry>> => (await crm.get<Page<TimelineEntry>>(`/api/customers/${of.id}/timeline${query}`)).body;
const lastContactOf = async (of: Customer): Promise<string | null | undefined> =>
  (await crm.get<Page<CustomerRow>>(`/api/customers?search=${encodeURIComponent(of.name)}`)).body.items[0]?.lastContactAt;
const [monday, tuesday] = [Date.UTC(2026, 0, 5), Date.UTC(2026, 0, 6)];

describe('a call in the timeline', () => {
  it('is told at its end, and what the wrap-up adds is added: one entry, however often it is told', async () => {
    const callId = randomUUID();
    const atEnd = { callId, customerId: customer.id, atMs: monday, direction: 'inbound', queueName: 'Service', agentId: crm.ana.userId, outcome: 'answered', talkSeconds: 61, waitSeconds: 5 } as const;
    await crm.timeline.recordCall(crm.database, atEnd);
    expect((await page()).items).toMatchObject([{ kind: 'call', summary: 'Service', refId: callId, userName: 'Ana', at: '2026-01-05T00:00:00.000Z' }]);
    await crm.timeline.recordCall(crm.database, { callId, customerId: customer.id, atMs: monday, dispositionName: 'Sold', notes: ' wants\n two  more ' });
    // told again, late and without what became known meanwhile
    await Promise.all([1, 2, 3].map(() => crm.timeline.recordCall(crm.database, { ...atEnd, notes: null })));
    const { items } = await page();
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ summary: 'Sold: wants two more', userId: crm.ana.userId });
    expect(items[0]?.data).toEqual({ direction: 'inbound', queueName: 'Service', agentId: crm.ana.userId, outcome: 'answered', talkSeconds: 61, waitSeconds: 5, dispositionName: 'Sold', notes: ' wants\n two  more ' });
    expect(await lastContactOf(customer)).toBe('2026-01-05T00:00:00.000Z');
  });

  it('moves when the call turns out to be another customer’s, and the last contact of both is right', async () => {
    const other = await newCustomer();
    const [early, wrong] = [randomUUID(), randomUUID()];
    await crm.timeline.recordCall(crm.database, { callId: early, customerId: customer.id, atMs: monday, outcome: 'answered' });
    await crm.timeline.recordCall(crm.database, { callId: wrong, customerId: customer.id, atMs: tuesday, queueName: 'Q', outcome: 'answered' });
    await crm.timeline.recordCall(crm.database, { callId: wrong, customerId: other.id, atMs: tuesday });
    expect((await page()).items.map((entry) => entry.refId)).toEqual([early]);
    expect((await page('', other)).items).toMatchObject([{ refId: wrong, data: { queueName: 'Q' } }]);
    expect([await lastContactOf(customer), await lastContactOf(other)]).toEqual(['2026-01-05T00:00:00.000Z', '2026-01-06T00:00:00.000Z']);
  });

  it('belongs to one customer, also when two are told at once', async () => {
    const other = await newCustomer();
    const callId = randomUUID();
    await Promise.all([customer, other, customer, other].map((one) => crm.timeline.recordCall(crm.database, { callId, customerId: one.id, atMs: monday })));
    expect((await page()).items.length + (await page('', other)).items.length).toBe(1);
  });

  it('an older call does not make the last contact older', async () => {
    for (const atMs of [tuesday, monday]) await crm.timeline.recordCall(crm.database, { callId: randomUUID(), customerId: customer.id, atMs, direction: 'outbound', talkSeconds: 3 });
    expect(await lastContactOf(customer)).toBe('2026-01-06T00:00:00.000Z');
  });

  it('that nobody took is no contact', async () => {
    for (const outcome of ['abandoned', 'noAnswer', null]) await crm.timeline.recordCall(crm.database, { callId: randomUUID(), customerId: customer.id, atMs: tuesday, outcome });
    expect(await lastContactOf(customer)).toBeNull();
  });

  it('is there only if the transaction it is told in is', async () => {
    await expect(
      crm.database.transaction(async (tx) => {
        await crm.timeline.recordCall(tx, { callId: randomUUID(), customerId: customer.id, atMs: monday });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await page()).items).toEqual([]);
  });
});

describe('notes', () => {
  it('are added with their author', async () => {
    const { status, body } = await crm.post<TimelineEntry>(`/api/customers/${customer.id}/notes`, { text: 'Llamar\nmañana 🙂' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'note', summary: 'Llamar\nmañana 🙂', userId: crm.ana.userId, userName: 'Ana', refId: null });
    expect((await page()).items).toEqual([body]);
  });
  it.each([[{}], [{ text: '' }], [{ text: 'x'.repeat(20_001) }], [{ text: 'a\u0000' }], [{ text: 'x', kind: 'call' }]])('%j is refused', async (body) => {
    const answer = await crm.post<Refused>(`/api/customers/${customer.id}/notes`, body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalidBody']);
  });
});

describe('ten thousand entries', () => {
  it('are told once each, the newest first, and a deep page reads no more rows than it tells', async () => {
    await crm.database.$client.query(
      `insert into timeline_entries (id, customer_id, at, kind, summary, data)
       select gen_random_uuid(), $1, timestamptz '2026-01-01' - make_interval(secs => i / 3), 'note', 'n' || i, '{}' from generate_series(1, 10000) as i`, [customer.id]);
    await crm.database.$client.query('analyze timeline_entries');
    const seen = new Set<string>();
    let [cursor, deep]: (string | null)[] = ['', ''];
    let previous = '9';
    while (cursor !== null && cursor !== undefined) {
      if (seen.size <= 6_000) deep = cursor;
      const { items, nextCursor }: Page<TimelineEntry> = await page(`?limit=200${cursor && `&cursor=${cursor}`}`);
      for (const entry of items) {
        expect(entry.at <= previous).toBe(true);
        previous = entry.at;
        seen.add(entry.id);
      }
      cursor = nextCursor;
    }
    expect(seen.size).toBe(10_000);

    const [at, id] = JSON.parse(Buffer.from(deep ?? '', 'base64url').toString()) as [string, string];
    const { rows } = await crm.database.$client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off, timing off) select * from timeline_entries e where e.customer_id = $1 and (e.at, e.id) < ($2::timestamptz, $3::uuid)
       order by e.at desc nulls last, e.id desc nulls last limit 201`, [customer.id, at, id]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan using timeline_customer');
    expect(plan).not.toMatch(/Sort|Rows Removed/);
  });
});
