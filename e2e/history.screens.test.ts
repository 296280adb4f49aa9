/** Looking back: calls to return, one call in full, what agents were, who changed what. By keyboard alone, and for everybody. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SavedView } from '../cti-server/src/contracts/index.ts';
import { expectNoViolations } from './accessibility.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House } from './house.ts';
import { until } from './until.ts';

let house: House;
let desk: DeskPage;
const lost = '+34600111001';
beforeAll(async () => {
  house = await openHouse();
  desk = await house.openDesk();
  await desk.signIn('admin', { takesCalls: false });
  const run = (text: string, values: unknown[]) => house.database.$client.query(text, values);
  const { rows } = await run('select id from queues limit 1', []);
  const queueId = (rows[0] as { id: string }).id;
  for (const [from, answered, minutesAgo] of [[lost, false, 5], ['+34600111002', true, 10], ['+34600111003', false, 20], ['+34600111003', true, 15]] as const) {
    const [id, startedAt] = [randomUUID(), new Date(Date.now() - minutesAgo * 60_000)];
    await run(`insert into calls (id, version, line_id, state, from_raw, from_e164, dialled_number, queue_id, started_at, queued_at) values ($1, 1, 'main', '{}', $2, $2, '+34910000900', $3, $4, $4)`, [id, from, queueId, startedAt]);
    await run(`insert into call_events (call_id, seq, at, kind, queue_id, data) values ($1, 1, $2, 'callArrived', $3, '{}'), ($1, 2, $2, 'callAbandoned', $3, '{}')`, [id, startedAt, queueId]);
    await run('update calls set answered_at = $2, outcome = $3 where id = $1', [id, answered ? startedAt : null, answered ? 'answered' : 'abandoned']);
    await run(`update calls set ended_at = started_at + interval '30 seconds' where id = $1`, [id]);
  }
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const open = async (path: string): Promise<void> => void (await desk.page.goto(house.server.url + path));
const keys = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await desk.page.keyboard.press(key);
};
const lines = (): Promise<number> => desk.page.getByTestId('list-line').count();
const cursorIn = (selector: string): Promise<boolean> => until(`the cursor is in ${selector}`, () => desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector));

describe('by keyboard alone', () => {
  it('what is to return is found, opened step by step, and kept as a view', async () => {
    await open('/calls');
    await until('all calls are there', async () => (await lines()) === 4);
    await desk.page.getByTestId('quick-return').focus();
    await keys('Enter');
    await until('only the lost one is left', async () => (await lines()) === 1);
    expect(await desk.page.getByTestId('return-count').innerText()).toBe('1');
    await keys('j');
    await cursorIn('[data-testid="list-line"]');
    await keys('Enter');
    await cursorIn('[data-testid="call-panel"]');
    await desk.see('call-steps');
    expect(await desk.page.getByTestId('call-steps').locator('li').count()).toBe(2);
    await keys('Escape');
    await cursorIn('[data-testid="list-line"]');
    await desk.page.getByTestId('save-view-as').focus();
    await keys('Enter');
    await cursorIn('[data-testid="view-name"]');
    await desk.page.keyboard.type('Hoy sin devolver');
    await keys('Enter');
    await desk.page.getByTestId('view-tab').filter({ hasText: 'Hoy sin devolver' }).waitFor();
    const { items } = await house.admin.get<{ items: SavedView[] }>('/api/lists/call/views');
    expect(items.map((view) => view.filter)).toEqual([[{ field: 'toReturn', op: 'eq', value: true }]]);
  });

  it('a number is found by its end, and a sign-in by what was done', async () => {
    await open('/calls');
    await desk.see('list-line');
    await keys('/');
    await cursorIn('[data-testid="list-search"]');
    await desk.page.keyboard.type('111001');
    await until('one call is left', async () => (await lines()) === 1);
    await open('/admin/audit');
    await desk.see('list-line');
    await keys('j');
    await cursorIn('[data-testid="list-line"]');
    await keys('Enter');
    await cursorIn('[data-testid="audit-panel"]');
  });
});

it('no screen that looks back has a fault that axe knows', async () => {
  for (const [path, panel] of [['/calls', 'call-steps'], ['/calls/agents', null], ['/admin/audit', 'audit-panel']] as const) {
    await open(path);
    await desk.page.waitForLoadState('networkidle');
    if (panel !== null) {
      await desk.page.getByTestId('list-line').first().click();
      await desk.see(panel);
    }
    await expectNoViolations(desk, path);
  }
});
