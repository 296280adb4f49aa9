import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, Customer, Duplicate, MergeAnswer, Page, Ticket } from '../../contracts/index.ts';
import { type Crm, type Refused, startCrm } from '../testing.ts';

let crm: Crm;
beforeAll(async () => {
  crm = await startCrm();
});
afterAll(() => crm.stop());

const customer = async (name: string, more: Record<string, unknown> = {}): Promise<Customer> => {
  const { status, body } = await crm.post<Customer>('/api/customers', { name, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};
const versionOf = async (id: string): Promise<number> => (await crm.get<CrmRecord>(`/api/records/customer/${id}`)).body.version;
const merge = async (id: string, otherId: string, fields: Record<string, unknown> = {}): Promise<MergeAnswer> => {
  const { status, body } = await crm.post<MergeAnswer>(`/api/records/customer/${id}/merge`, { otherId, version: await versionOf(id), otherVersion: await versionOf(otherId), fields });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

describe('two customers made one', () => {
  it('keep every number, ticket, note, contact and comment, and the values that were chosen', async () => {
    const kept = await customer('Comercial Ibáñez', { city: 'Lugo', phones: [{ number: '+34982111111' }] });
    const gone = await customer('Comercial Ibanez S.L.', { city: 'Vigo', email: 'hola@ibanez.example', phones: [{ number: '+34982111111' }, { number: '+34982222222' }] });
    await crm.post(`/api/customers/${gone.id}/contacts`, { name: 'Eva' });
    await crm.post('/api/tickets', { subject: 'Late delivery', customerId: gone.id });
    await crm.post(`/api/customers/${gone.id}/timeline`, { text: 'Rang twice' });
    await crm.post(`/api/records/customer/${gone.id}/comments`, { text: 'Careful' });
    const { mergeId, moved } = await merge(kept.id, gone.id, { city: 'Vigo' });
    expect(moved).toMatchObject({ customer_phones: 1, contacts: 1, tickets: 1, record_comments: 1 });

    const one = (await crm.get<Customer>(`/api/customers/${kept.id}`)).body;
    expect(one).toMatchObject({ name: 'Comercial Ibáñez', city: 'Vigo', email: 'hola@ibanez.example', contacts: [{ name: 'Eva' }] });
    expect(one.phones.map((phone) => phone.e164).sort()).toEqual(['+34982111111', '+34982222222']);
    expect((await crm.get(`/api/customers/${gone.id}`)).status).toBe(404);
    expect((await crm.get<Page<Ticket>>(`/api/tickets?customerId=${kept.id}`)).body.items).toHaveLength(1);

    await crm.patch(`/api/records/customer/${kept.id}`, { version: await versionOf(kept.id), fields: { email: 'new@ibanez.example' } });
    const since = (await crm.post<Ticket>('/api/tickets', { subject: 'Since', customerId: kept.id })).body;
    expect((await crm.post<CrmRecord>(`/api/records/merges/${mergeId}/undo`)).body).toMatchObject({ id: gone.id, deletedAt: null });
    const again = (await crm.get<Customer>(`/api/customers/${kept.id}`)).body;
    expect(again).toMatchObject({ city: 'Lugo', email: 'new@ibanez.example', contacts: [] });
    expect((await crm.get<Customer>(`/api/customers/${gone.id}`)).body).toMatchObject({ city: 'Vigo', contacts: [{ name: 'Eva' }], phones: [expect.anything(), expect.anything()] });
    expect((await crm.get<Ticket>(`/api/tickets/${since.id}`)).body.customerId).toBe(kept.id);
    expect((await crm.post<Refused>(`/api/records/merges/${mergeId}/undo`)).status).toBe(409);
  });

  it('while one of them is changed: the merge is refused with what it is now', async () => {
    const [a, b] = [await customer('A'), await customer('B')];
    await crm.patch(`/api/customers/${b.id}`, { version: b.version, city: 'Soria' });
    const { status, body } = await crm.post<Refused>(`/api/records/customer/${a.id}/merge`, { otherId: b.id, version: a.version, otherVersion: b.version });
    expect([status, body.error.code, (body.error.details?.['current'] as CrmRecord).fields['city']]).toEqual([409, 'changedMeanwhile', 'Soria']);
    expect((await crm.post<Refused>(`/api/records/customer/${a.id}/merge`, { otherId: a.id, version: a.version, otherVersion: a.version })).status).toBe(400);
  });

  it('during a call: the call is the kept one’s', async () => {
    const [kept, gone] = [await customer('Kept'), await customer('Gone')];
    await merge(kept.id, gone.id);
    await crm.timeline.recordCall(crm.database, { callId: randomUUID(), customerId: gone.id, atMs: crm.clock.now() });
    expect((await crm.get<{ items: { kind: string }[] }>(`/api/customers/${kept.id}/timeline`)).body.items.map((entry) => entry.kind)).toContain('call');
  });

  it('whatever is merged and undone in turn, all is where it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 8 }), fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 3 }), async (owners, pairs) => {
        const people = [await customer('P0'), await customer('P1'), await customer('P2'), await customer('P3')];
        const idOf = (at: number): string => people[at]?.id ?? '';
        for (const [at, owner] of owners.entries()) {
          if (at % 3 === 0) await crm.post('/api/tickets', { subject: `T${String(at)}`, customerId: idOf(owner) });
          else if (at % 3 === 1) await crm.post(`/api/customers/${idOf(owner)}/timeline`, { text: `N${String(at)}` });
          else await crm.timeline.recordCall(crm.database, { callId: randomUUID(), customerId: idOf(owner), atMs: crm.clock.now() });
        }
        const ids = people.map((one) => one.id);
        const picture = async (): Promise<unknown> =>
          (
            await crm.database.$client.query(
              `select 't' as kind, id::text, customer_id::text from tickets where customer_id = any($1) union all
               select 'e', id::text, customer_id::text from timeline_entries where customer_id = any($1) and kind in ('call', 'note', 'ticket') union all
               select 'c', id::text, (deleted_at is null)::text from customers where id = any($1) order by 1, 2`,
              [ids],
            )
          ).rows;
        const before = await picture();
        const alive = new Set([0, 1, 2, 3]);
        const merges: string[] = [];
        for (const [into, from] of pairs) {
          if (into === from || !alive.has(into) || !alive.has(from)) continue;
          merges.push((await merge(idOf(into), idOf(from))).mergeId);
          alive.delete(from);
          const lost = await crm.database.$client.query('select from tickets where customer_id = $1 union all select from timeline_entries where customer_id = $1 and kind <> $2', [idOf(from), 'change']);
          expect(lost.rowCount).toBe(0);
        }
        for (const mergeId of merges.reverse()) expect((await crm.post(`/api/records/merges/${mergeId}/undo`)).status).toBe(200);
        expect(await picture()).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });
});

describe('duplicates', () => {
  it('are found while one types, with every reason, the surest first', async () => {
    const ibanez = await customer('Talleres Quiñones', { email: 'info@quinones.example', phones: [{ number: '+34986333444' }] });
    await customer('Talleres Quiñonez', {});
    const find = async (fields: Record<string, unknown>, numbers = ''): Promise<Duplicate[]> =>
      (await crm.get<{ items: Duplicate[] }>(`/api/records/customer/duplicates?numbers=${encodeURIComponent(numbers)}&fields=${encodeURIComponent(JSON.stringify(fields))}`)).body.items;
    const [first, second] = await find({ name: 'talleres quinones', email: 'INFO@quinones.example' }, '986 333 444');
    expect(first).toMatchObject({ id: ibanez.id });
    expect(first?.reasons.map((one) => one.reason).sort()).toEqual(['email', 'number', 'sameName']);
    expect(second?.reasons.map((one) => one.reason)).toEqual(['similarName']);
    expect(await find({ name: 'Nobody Has This Name' })).toEqual([]);
  });

  it('are listed in groups afterwards', async () => {
    const [a, b] = [await customer('Twice A', { phones: [{ number: '+34986555666' }] }), await customer('Twice B', { phones: [{ number: '+34986555666' }] })];
    const groups: { text: string; records: { id: string }[] }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page<(typeof groups)[number]> = (await crm.get<Page<(typeof groups)[number]>>(`/api/records/customer/duplicate-groups?by=number${cursor === '' ? '' : `&cursor=${cursor}`}`)).body;
      groups.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(groups.find((group) => group.text === '+34986555666')?.records.map((one) => one.id).sort()).toEqual([a.id, b.id].sort());
  });
});

it('what somebody owned goes to others in turn when they leave', async () => {
  const [leaver, x, y] = [await crm.signIn('Leaver'), await crm.signIn('X'), await crm.signIn('Y')];
  for (let i = 0; i < 5; i++) await crm.post('/api/records/competitor', { fields: { name: `Owned ${String(i)}` }, ownerId: leaver.userId });
  const ask = { fromUserId: leaver.userId, toUserIds: [x.userId, y.userId] };
  expect((await crm.post('/api/records/competitor/hand-over', { ...ask, preview: true })).body).toEqual({ records: 5 });
  expect((await crm.post('/api/records/competitor/hand-over', ask)).body).toEqual({ records: 5 });
  const owned = async (id: string) => (await crm.get<Page<CrmRecord>>(`/api/records/competitor?filter=${encodeURIComponent(JSON.stringify([{ field: 'ownerId', op: 'eq', value: id }]))}`)).body.items.length;
  expect([await owned(leaver.userId), await owned(x.userId), await owned(y.userId)]).toEqual([0, 3, 2]);
});
