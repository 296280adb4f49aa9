import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallStory, ListDescription, ListLine, Page, RecordFilter, SavedView } from '../../contracts/index.ts';
import { type ListsHouse, startLists } from './testing.ts';

const minute = 60_000;
const morning = Date.UTC(2026, 0, 5, 8);
let house: ListsHouse;
const people: Record<string, string> = {};
const calls: Record<string, string> = {};
let support: string;
let sales: string;
let customerId: string;

beforeAll(async () => {
  house = await startLists();
  const [here, elsewhere] = [await house.team('Here'), await house.team('Elsewhere')];
  const all = { '*': { export: 'all' } } as const;
  people['ana'] = await house.person('ana', 'own', ['calls.read', 'calls.take'], {}, [here]);
  people['bruno'] = await house.person('bruno', 'own', ['calls.read', 'calls.take'], {}, [here]);
  people['lin'] = await house.person('lin', 'own', ['calls.read', 'calls.take'], {}, [elsewhere]);
  people['lead'] = await house.person('lead', 'team', ['calls.read', 'floor.read', 'audit.read', 'tickets.read'], { '*': { export: 'department' } }, [here]);
  people['boss'] = await house.person('boss', 'all', ['calls.read', 'floor.read', 'audit.read', 'tickets.read'], all);
  people['narrow'] = await house.person('narrow', 'all', ['calls.read'], { call: { export: 'own' } });
  people['clerk'] = await house.person('clerk', 'all', ['customers.read']);
  support = await house.queue('Support', [people['ana'], people['bruno']]);
  sales = await house.queue('Sales', [people['lin']]);
  customerId = await house.customer('=HYPERLINK("http://x")');
  const at = (minutes: number) => ({ startedAtMs: morning + minutes * minute });
  calls['anasTalk'] = await house.call({ ...at(1), from: '+34600000001', queueId: support, agentId: people['ana'], customerId, outcome: 'answered', answeredAfter: 10, endedAfter: 100 });
  calls['brunosTalk'] = await house.call({ ...at(2), from: '+34600000002', queueId: support, agentId: people['bruno'], outcome: 'answered', answeredAfter: 30, endedAfter: 60 });
  calls['linsTalk'] = await house.call({ ...at(3), from: '+34600000003', queueId: sales, agentId: people['lin'], outcome: 'answered', answeredAfter: 5, endedAfter: 20 });
  calls['lostInSupport'] = await house.call({ ...at(4), from: '+34600000004', queueId: support, outcome: 'abandoned', endedAfter: 40 });
  calls['lostInSales'] = await house.call({ ...at(5), from: '+34600000005', queueId: sales, outcome: 'abandoned', endedAfter: 50 });
  calls['missedByAna'] = await house.call({ ...at(6), from: '+34600000006', queueId: support, agentId: people['ana'], outcome: 'abandoned', endedAfter: 30 });
  calls['laterReturned'] = await house.call({ ...at(7), from: '+34600000007', queueId: support, outcome: 'abandoned', endedAfter: 30 });
  calls['theReturn'] = await house.call({ ...at(9), from: '+34600000007', agentId: people['ana'], direction: 'outbound', outcome: 'answered', answeredAfter: 5, endedAfter: 25 });
  calls['withheld'] = await house.call({ ...at(10), from: null, queueId: support, outcome: 'abandoned', endedAfter: 12 });
  calls['waiting'] = await house.call({ ...at(11), from: '+34600000008', queueId: support });
});
afterAll(() => house.stop());

const nameOf = (id: string): string => Object.entries(calls).find(([, one]) => one === id)?.[0] ?? id;
async function seen(as: string, filter: RecordFilter[] = [], more = ''): Promise<string[]> {
  const { status, body } = await house.get<Page<ListLine>>(`/api/lists/call?limit=100&filter=${encodeURIComponent(JSON.stringify(filter))}${more}`, as);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map((line) => nameOf(line.id));
}

describe('who sees which calls', () => {
  it('an agent sees their own, and what nobody took in the queues they serve', async () => {
    expect(await seen('ana')).toEqual(['withheld', 'theReturn', 'laterReturned', 'missedByAna', 'lostInSupport', 'anasTalk']);
    expect(await seen('lin')).toEqual(['lostInSales', 'linsTalk']);
  });

  it('a team leader sees the team and its queues, also who is waiting there', async () => {
    expect(await seen('lead')).toEqual(['waiting', 'withheld', 'theReturn', 'laterReturned', 'missedByAna', 'lostInSupport', 'brunosTalk', 'anasTalk']);
  });

  it('whoever sees all sees all, newest first', async () => {
    expect(await seen('boss')).toEqual(Object.keys(calls).reverse());
  });

  it('counts exactly what is shown', async () => {
    for (const as of ['ana', 'lin', 'lead', 'boss']) expect((await house.get<{ count: number }>('/api/lists/call/count', as)).body.count, as).toBe((await seen(as)).length);
  });

  it('without the right there is neither list nor description', async () => {
    expect((await house.get('/api/lists/call', 'clerk')).status).toBe(403);
    expect((await house.get('/api/lists/agentState', 'ana')).status).toBe(403);
    expect((await house.get('/api/lists/nothing', 'boss')).status).toBe(404);
    expect((await house.get<{ items: ListDescription[] }>('/api/lists', 'ana')).body.items.map((list) => list.name)).toEqual(['call']);
  });

  it('one call is told with all that belongs to it, and to nobody else', async () => {
    await house.run(`insert into call_events (call_id, seq, at, kind, queue_id, agent_id, data) values ($1, 1, $2, 'callArrived', $3, null, '{}'), ($1, 2, $2, 'agentAnswered', $3, $4, '{"device":"browser"}')`, [calls['anasTalk'], new Date(morning), support, people['ana']]);
    const { body } = await house.get<CallStory>(`/api/call-history/${calls['anasTalk'] ?? ''}`, 'ana');
    expect(body.events.map((event) => [event.kind, event.queueName, event.agentName])).toEqual([['callArrived', 'Support', null], ['agentAnswered', 'Support', 'ana']]);
    expect(body.call.fields).toMatchObject({ waitSeconds: 10, talkSeconds: 90, outcome: 'answered', toReturn: false });
    expect((await house.get(`/api/call-history/${calls['anasTalk'] ?? ''}`, 'bruno')).status).toBe(404);
    expect((await house.get(`/api/call-history/${calls['lostInSales'] ?? ''}`, 'lead')).status).toBe(404);
    const returned = (await house.get<CallStory>(`/api/call-history/${calls['laterReturned'] ?? ''}`, 'bruno')).body;
    expect(returned.returnedBy).toMatchObject({ id: calls['theReturn'], agentName: 'ana' });
  });
});

describe('what is looked for', () => {
  it('calls to return are those lost and not spoken with since, in either direction', async () => {
    const toReturn: RecordFilter = { field: 'toReturn', op: 'eq', value: true };
    expect(await seen('ana', [toReturn])).toEqual(['missedByAna', 'lostInSupport']);
    expect(await seen('boss', [toReturn])).toEqual(['missedByAna', 'lostInSales', 'lostInSupport']);
    expect(await seen('ana', [{ field: 'toReturn', op: 'eq', value: false }])).toEqual(['withheld', 'theReturn', 'laterReturned', 'anasTalk']);
  });

  it('filters of each kind narrow, alone and together', async () => {
    expect(await seen('boss', [{ field: 'queueId', op: 'in', value: [sales] }])).toEqual(['lostInSales', 'linsTalk']);
    expect(await seen('boss', [{ field: 'queueId', op: 'eq', value: support }, { field: 'outcome', op: 'in', value: ['answered'] }])).toEqual(['brunosTalk', 'anasTalk']);
    expect(await seen('boss', [{ field: 'direction', op: 'in', value: ['outbound'] }])).toEqual(['theReturn']);
    expect(await seen('boss', [{ field: 'talkSeconds', op: 'gte', value: 30 }])).toEqual(['brunosTalk', 'anasTalk']);
    expect(await seen('boss', [{ field: 'waitSeconds', op: 'gt', value: 39.5 }, { field: 'agentId', op: 'empty' }])).toEqual(['lostInSales', 'lostInSupport']);
    expect(await seen('boss', [{ field: 'startedAt', op: 'gte', value: new Date(morning + 10 * minute).toISOString() }])).toEqual(['waiting', 'withheld']);
    expect(await seen('boss', [{ field: 'customerId', op: 'eq', value: customerId }])).toEqual(['anasTalk']);
    expect(await seen('boss', [{ field: 'number', op: 'contains', value: '00000005' }])).toEqual(['lostInSales']);
    expect(await seen('boss', [], '&search=600 000 003')).toEqual(['linsTalk']);
    expect(await seen('boss', [], '&search=hyperlink')).toEqual(['anasTalk']);
  });

  it('the disposition of the after-call work stands beside the call, whatever it is changed to', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await house.run(`insert into dispositions (id, name, active, sort_order, queue_ids) values ($1, 'Done', true, 0, '{}'), ($2, 'Sale', true, 1, '{}')`, [first, second]);
    await house.run(`insert into wrap_ups (call_id, agent_id, queue_id, started_at, notes) values ($1, $2, $3, $4, 'asked twice')`, [calls['anasTalk'], people['ana'], support, new Date(morning + 200_000)]);
    await house.run(`update wrap_ups set disposition_id = $2, completed_at = started_at + interval '42 seconds' where call_id = $1`, [calls['anasTalk'], first]);
    expect(await seen('boss', [{ field: 'dispositionId', op: 'eq', value: first }])).toEqual(['anasTalk']);
    await house.run('update wrap_ups set disposition_id = $2 where call_id = $1', [calls['anasTalk'], second]);
    expect(await seen('boss', [{ field: 'dispositionId', op: 'eq', value: first }])).toEqual([]);
    expect(await seen('boss', [{ field: 'dispositionId', op: 'in', value: [second, first] }])).toEqual(['anasTalk']);
    const { body } = await house.get<CallStory>(`/api/call-history/${calls['anasTalk'] ?? ''}`, 'ana');
    expect(body.call.fields).toMatchObject({ wrapUpSeconds: 42, notes: 'asked twice' });
    expect(body.wrapUps).toMatchObject([{ agentName: 'ana', dispositionName: 'Sale', notes: 'asked twice' }]);
  });

  it.each([
    [{ field: 'nothing', op: 'eq', value: 1 }],
    [{ field: 'queueId', op: 'eq', value: 'not an id' }],
    [{ field: 'startedAt', op: 'gte', value: 'yesterday' }],
    [{ field: 'talkSeconds', op: 'gte', value: 'long' }],
  ])('%j is refused with its field', async (filter) => {
    const { status, body } = await house.get<{ error: { code: string; field: string } }>(`/api/lists/call?filter=${encodeURIComponent(JSON.stringify([filter]))}`, 'boss');
    expect([status, body.error.code]).toEqual([400, 'invalidBody']);
    expect(body.error.field).toMatch(/^filter\.0/);
  });
  it('an order without an index is refused', async () => {
    expect((await house.get('/api/lists/call?sort=notes', 'boss')).status).toBe(400);
    expect((await house.get('/api/lists/call?cursor=nonsense', 'boss')).status).toBe(400);
  });
});

describe('pages', () => {
  it.each([['-startedAt'], ['startedAt']])('ordered by %s they hold every call once, however small', async (sort) => {
    for (const as of ['boss', 'lead', 'ana']) {
      const whole = await seen(as, [], `&sort=${sort}`);
      const found: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await house.get<Page<ListLine>>(`/api/lists/call?limit=2&sort=${sort}${cursor}`, as);
        found.push(...body.items.map((line) => nameOf(line.id)));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect(found, as).toEqual(whole);
    }
    expect(await seen('boss', [], '&sort=startedAt')).toEqual((await seen('boss')).reverse());
  });
  it('a call that comes in between moves nothing on the next page', async () => {
    const first = (await house.get<Page<ListLine>>('/api/lists/call?limit=3', 'boss')).body;
    const newer = await house.call({ startedAtMs: morning + 60 * minute, from: '+34600000099', queueId: sales, outcome: 'abandoned', endedAfter: 3 });
    const second = (await house.get<Page<ListLine>>(`/api/lists/call?limit=3&cursor=${first.nextCursor ?? ''}`, 'boss')).body;
    expect(second.items.some((line) => line.id === newer || first.items.some((one) => one.id === line.id))).toBe(false);
    await house.run('delete from calls where id = $1', [newer]);
  });
});

describe('views and files', () => {
  it('a view is kept for whoever made it, and shared ones for all', async () => {
    const made = await house.post<SavedView>('/api/lists/call/views', { name: 'Lost', columns: ['number'], filter: [{ field: 'toReturn', op: 'eq', value: true }] }, 'ana');
    expect(made.status).toBe(201);
    await house.post('/api/lists/call/views', { name: 'Long', shared: true, columns: ['number'] }, 'boss');
    const names = async (as: string): Promise<string[]> => (await house.get<{ items: SavedView[] }>('/api/lists/call/views', as)).body.items.map((view) => view.name);
    expect(await names('ana')).toEqual(['Lost', 'Long']);
    expect(await names('lin')).toEqual(['Long']);
    expect((await house.get('/api/lists/call/views', 'clerk')).status).toBe(403);
  });

  const columns = ['number', 'customerId', 'queueId', 'talkSeconds'];
  it('an export holds what the list shows, with names, and no cell is a formula', async () => {
    const { text } = await house.exported({ type: 'call', format: 'csv', columns, filter: [{ field: 'queueId', op: 'eq', value: support }, { field: 'outcome', op: 'eq', value: 'answered' }] }, 'boss');
    const [head, ...lines] = text.replace('\uFEFF', '').trim().split('\r\n');
    expect(head).toBe('Number,Customer,Queue,Talk (s)');
    expect(lines).toEqual(['+34600000002,,Support,30', `+34600000001,"'=HYPERLINK(""http://x"")",Support,90`]);
  });
  it('an export reaches no further than reading and the right to export', async () => {
    const rowsOf = async (as: string): Promise<number> => (await house.exported({ type: 'call', format: 'csv', columns }, as)).text.trim().split('\r\n').length - 1;
    expect(await rowsOf('boss')).toBe(Object.keys(calls).length);
    expect(await rowsOf('lead')).toBe((await seen('lead')).length);
    expect(await rowsOf('narrow')).toBe(0);
    expect((await house.exported({ type: 'call', format: 'csv', columns }, 'ana')).status).toBe(403);
    expect((await house.exported({ type: 'call', format: 'csv', columns: ['state'] }, 'boss')).status).toBe(400);
  });
});
