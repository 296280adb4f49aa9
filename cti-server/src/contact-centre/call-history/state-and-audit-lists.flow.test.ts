import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListDescription, ListLine, Page, RecordFilter } from '../../contracts/index.ts';
import { type ListsHouse, startLists } from './testing.ts';

const morning = Date.UTC(2026, 0, 5, 8);
let house: ListsHouse;
let ana: string;
let lin: string;
const callId = randomUUID();
const lunch = randomUUID();

beforeAll(async () => {
  house = await startLists();
  const [here, elsewhere] = [await house.team('Here'), await house.team('Elsewhere')];
  ana = await house.person('ana', 'own', ['calls.take'], {}, [here]);
  lin = await house.person('lin', 'own', ['calls.take'], {}, [elsewhere]);
  await house.person('lead', 'team', ['floor.read', 'audit.read'], { '*': { export: 'department' } }, [here]);
  await house.person('boss', 'all', ['floor.manage', 'audit.read'], { '*': { export: 'all' } });
  await house.run(`insert into reason_codes (id, name, active, sort_order) values ($1, 'Lunch', true, 1)`, [lunch]);
  const event = (agentId: string, seq: number, seconds: number, state: string, reason: string | null = null, call: string | null = null) =>
    house.run('insert into agent_events (agent_id, seq, at, state, reason_code_id, call_id) values ($1, $2, $3, $4, $5, $6)', [agentId, seq, new Date(morning + seconds * 1000), state, reason, call]);
  await event(ana, 1, 0, 'ready');
  await event(lin, 1, 5, 'ready');
  await event(ana, 3, 60, 'onCall', null, callId);
  await event(ana, 4, 90, 'wrapUp', null, callId);
  // more time for the same after-call work
  await event(ana, 5, 100, 'wrapUp', null, callId);
  await event(ana, 7, 120, 'notReady', lunch);
  for (const [userId, name, action] of [[ana, 'ana', 'signedIn'], [lin, 'lin', 'signedIn'], [null, '', 'signInFailed'], [ana, 'ana', 'queue.changed']] as const)
    await house.run(`insert into audit_log (at, user_id, user_name, action, record_type, record_id, changes) values ($1, $2, $3, $4, $5, 'x', '{"name":{"old":"@SUM(1)","new":"b"}}')`, [new Date(morning), userId, name, action, action === 'queue.changed' ? 'queue' : 'session']);
});
afterAll(() => house.stop());

async function lines(list: string, as: string, filter: RecordFilter[] = [], more = ''): Promise<ListLine[]> {
  const { status, body } = await house.get<Page<ListLine>>(`/api/lists/${list}?limit=100&filter=${encodeURIComponent(JSON.stringify(filter))}${more}`, as);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
}

describe('states of agents', () => {
  const told = (found: ListLine[]): unknown[] => found.map(({ fields, names }) => [names[String(fields['agentId'])], fields['state'], fields['seconds']]);

  it('are spans from one state to the next; the same state written again goes on, the last one lasts still', async () => {
    expect(told(await lines('agentState', 'boss'))).toEqual([
      ['ana', 'notReady', null],
      ['ana', 'wrapUp', 30],
      ['ana', 'onCall', 30],
      ['lin', 'ready', null],
      ['ana', 'ready', 60],
    ]);
  });
  it('are narrowed by person, state, reason and how long', async () => {
    expect(told(await lines('agentState', 'boss', [{ field: 'seconds', op: 'gte', value: 60 }]))).toEqual([['ana', 'ready', 60]]);
    expect(told(await lines('agentState', 'boss', [{ field: 'reasonCodeId', op: 'in', value: [lunch] }]))).toEqual([['ana', 'notReady', null]]);
    expect(told(await lines('agentState', 'boss', [{ field: 'agentId', op: 'eq', value: lin }, { field: 'state', op: 'in', value: ['ready'] }]))).toEqual([['lin', 'ready', null]]);
    expect((await house.get('/api/lists/agentState?filter=[{"field":"untilAt","op":"empty"}]', 'boss')).status).toBe(400);
  });
  it('are those of one’s team for whoever leads it, and nobody’s without the right', async () => {
    expect(new Set((await lines('agentState', 'lead')).map((line) => line.fields['agentId']))).toEqual(new Set([ana]));
    expect((await house.get('/api/lists/agentState', 'ana')).status).toBe(403);
  });
  it('are paged in both directions, each once', async () => {
    for (const sort of ['fromAt', '-fromAt', 'seconds', '-seconds']) {
      const whole = (await lines('agentState', 'boss', [], `&sort=${sort}`)).map((line) => line.id);
      const found: string[] = [];
      for (let cursor = ''; ; ) {
        const { body } = await house.get<Page<ListLine>>(`/api/lists/agentState?limit=2&sort=${sort}${cursor}`, 'boss');
        found.push(...body.items.map((line) => line.id));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect(found, sort).toEqual(whole);
    }
  });
});

describe('the audit as a list', () => {
  const actions = async (as: string, filter: RecordFilter[] = [], more = ''): Promise<unknown[]> => (await lines('audit', as, filter, more)).map((line) => line.fields['action']);

  it('shows what one’s scope allows, the newest first or the oldest', async () => {
    expect(await actions('boss')).toEqual(['queue.changed', 'signInFailed', 'signedIn', 'signedIn']);
    expect(await actions('boss', [], '&sort=at')).toEqual(['signedIn', 'signedIn', 'signInFailed', 'queue.changed']);
    expect(await actions('lead')).toEqual(['queue.changed', 'signedIn']);
    expect((await house.get('/api/lists/audit', 'ana')).status).toBe(403);
  });
  it('is narrowed by what was done, by whom and to what', async () => {
    expect(await actions('boss', [{ field: 'action', op: 'in', value: ['signInFailed', 'queue.changed'] }])).toEqual(['queue.changed', 'signInFailed']);
    expect(await actions('boss', [{ field: 'userId', op: 'eq', value: lin }])).toEqual(['signedIn']);
    expect(await actions('boss', [{ field: 'recordType', op: 'in', value: ['queue'] }, { field: 'recordId', op: 'eq', value: 'x' }])).toEqual(['queue.changed']);
    expect(await actions('boss', [{ field: 'at', op: 'gt', value: new Date(morning).toISOString() }])).toEqual([]);
  });
  it('says which actions there are to choose from, once each', async () => {
    const { body } = await house.get<{ items: ListDescription[] }>('/api/lists', 'boss');
    const action = body.items.find((list) => list.name === 'audit')?.fields.find((field) => field.key === 'action');
    expect(action?.options.map((option) => option.value).sort()).toEqual(['queue.changed', 'signInFailed', 'signedIn']);
  });
  it('is exported with old and new values, by whoever may', async () => {
    const { text } = await house.exported({ type: 'audit', format: 'csv', columns: ['action', 'changes'], filter: [{ field: 'action', op: 'eq', value: 'queue.changed' }] }, 'lead');
    expect(text.replace('\uFEFF', '').trim().split('\r\n')).toEqual(['What,Changes', 'changed (queue),name: @SUM(1) → b']);
  });
});
