/** Records of any type as people work with them: lists, cards, forms, views, many at once, fields of one's own. By keyboard, as the house promises. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, CustomField, HistoryEntry, Page as PageOf, RecordType, SavedView } from '../cti-server/src/contracts/index.ts';
import { expectNoViolations } from './accessibility.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House } from './house.ts';
import { until } from './until.ts';

let house: House;
let desk: DeskPage;
beforeAll(async () => {
  house = await openHouse();
  desk = await house.openDesk();
  await desk.signIn('admin', { takesCalls: false });
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const open = async (path: string): Promise<void> => void (await desk.page.goto(house.server.url + path));
const keys = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await desk.page.keyboard.press(key);
};
const type = (text: string): Promise<void> => desk.page.keyboard.type(text);
const make = (name: string, fields: Record<string, unknown> = {}): Promise<CrmRecord> => house.admin.send('POST', '/api/records/competitor', { fields: { name, ...fields } });
const read = (id: string): Promise<CrmRecord> => house.admin.get(`/api/records/competitor/${id}`);
const named = async (name: string): Promise<CrmRecord | undefined> => (await house.admin.get<PageOf<CrmRecord>>('/api/records/competitor?limit=200')).items.find((one) => one.title === name);

/** Presses Tab until the cursor is in something. */
async function tabTo(selector: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if (await desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector)) return;
    await keys('Tab');
  }
  throw new Error(`The Tab key does not lead to ${selector}.`);
}
/** Waits until the cursor is in something. */
const cursorIn = (selector: string): Promise<boolean> => until(`the cursor is in ${selector}`, () => desk.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector));
/** A list that shows only this record, with the cursor in its row. */
async function openRow(record: CrmRecord): Promise<void> {
  await open(`/records/competitor?q=${encodeURIComponent(record.title)}`);
  await desk.page.locator(`[data-testid="record-row"][data-id="${record.id}"]`).waitFor();
  await until('only one row is left', async () => (await desk.page.getByTestId('record-row').count()) === 1);
  await keys('j');
  await cursorIn('[role="gridcell"][data-field="name"]');
}

describe('by keyboard alone', () => {
  it('a record is made, and what is missing is said at its field', async () => {
    await open('/records/competitor');
    await desk.see('new-record');
    await keys('n');
    await cursorIn('[data-testid="new-record-dialog"] [data-field="name"]');
    await keys('Control+Enter');
    await desk.page.locator('[data-field="name"][aria-invalid="true"]').waitFor();
    await type('Rival Uno');
    await keys('Control+Enter');
    await desk.see('record-title');
    expect(await desk.page.getByTestId('record-title').innerText()).toBe('Rival Uno');
    expect((await named('Rival Uno'))?.fields['threat'], 'the first value that the type declares').toBe('medium');
  });

  it('a value that another record has is refused at its field', async () => {
    await make('Rival Doble');
    await open('/records/competitor');
    await desk.see('new-record');
    await keys('n');
    await cursorIn('[data-testid="new-record-dialog"] [data-field="name"]');
    await type('Rival Doble');
    await keys('Control+Enter');
    await desk.page.locator('[data-testid="new-record-dialog"] [data-field="name"][aria-invalid="true"]').waitFor();
  });

  it('a row is edited cell by cell, and Escape leaves a cell as it was', async () => {
    const record = await make('Rival Celda', { website: 'old.example' });
    await openRow(record);
    await keys('ArrowRight', 'F2');
    await cursorIn('[data-testid="cell-editor"] [data-field="threat"]');
    await type('Alta');
    await keys('Tab');
    await cursorIn('[data-testid="cell-editor"] [data-field="website"]');
    await type('new.example');
    await keys('Enter');
    await cursorIn('[role="gridcell"][data-field="website"]');
    await until('both cells are saved', async () => {
      const { fields } = await read(record.id);
      return fields['threat'] === 'high' && fields['website'] === 'new.example';
    });
    await keys('e');
    await cursorIn('[data-testid="cell-editor"]');
    await type('never.example');
    await keys('Escape');
    await cursorIn('[role="gridcell"][data-field="website"]');
    expect((await read(record.id)).fields['website']).toBe('new.example');
  });

  it('of two who edit one row, the second sees who was first and what, and decides', async () => {
    const supervisor = await house.api('supervisor');
    const made = await make('Rival Disputado', { website: 'old.example' });
    const record = await house.admin.send<CrmRecord>('PUT', `/api/records/competitor/${made.id}/shares`, { userIds: [supervisor.session.user.id] });
    await openRow(record);
    await supervisor.send('PATCH', `/api/records/competitor/${record.id}`, { version: record.version, fields: { strengths: 'Precio' } });
    await keys('ArrowRight', 'ArrowRight', 'Enter');
    await cursorIn('[data-testid="cell-editor"]');
    await type('mine.example');
    await keys('Enter');
    await desk.see('cell-conflict');
    const said = await desk.page.getByTestId('cell-conflict').innerText();
    expect(said).toContain(supervisor.session.user.name);
    expect(said).toContain('Precio');
    expect(said).toContain('mine.example');
    await cursorIn('[data-testid="conflict"]');
    await keys('Enter');
    await until('mine is saved over it', async () => (await read(record.id)).fields['website'] === 'mine.example');
    expect((await read(record.id)).fields['strengths'], 'what the other one wrote').toBe('Precio');
  });

  it('a list is filtered, kept as a view, and all that it finds is changed at once and back', async () => {
    const records = await Promise.all(['Lote Uno', 'Lote Dos', 'Lote Tres'].map((name) => make(name, { threat: 'low' })));
    const other = await make('Suelto', { threat: 'low' });
    await open('/records/competitor');
    await desk.see('record-row');
    await keys('f');
    await cursorIn('[data-testid="filter-field"]');
    await tabTo('[data-testid="filter-editor"] [data-field="name"]');
    await type('Lote');
    await keys('Enter');
    await until('three rows are found', async () => (await desk.page.getByTestId('record-row').count()) === 3);
    await desk.page.getByTestId('filter-chip').waitFor();

    await desk.page.getByTestId('save-view-as').focus();
    await keys('Enter');
    await cursorIn('[data-testid="view-name"]');
    await type('Los del lote');
    await keys('Enter');
    await desk.page.getByTestId('view-tab').filter({ hasText: 'Los del lote' }).waitFor();
    const views = await house.admin.get<{ items: SavedView[] }>('/api/records/competitor/views');
    expect(views.items.find((view) => view.name === 'Los del lote')?.filter).toEqual([{ field: 'name', op: 'contains', value: 'Lote' }]);
    await desk.page.reload();
    await until('the view is there again with its rows', async () => (await desk.page.getByTestId('record-row').count()) === 3);

    await keys('j');
    await cursorIn('[role="gridcell"]');
    await keys('Control+a');
    await desk.page.getByTestId('bulk-edit').focus();
    await keys('Enter');
    await cursorIn('[data-testid="bulk-field"]');
    await type('Amenaza');
    await desk.page.locator('[data-testid="bulk-dialog"] [data-field="threat"]').focus();
    await type('Alta');
    await keys('Enter');
    await tabTo('[data-testid="bulk-look"]');
    await keys('Enter');
    await desk.see('bulk-preview');
    expect(await desk.page.getByTestId('bulk-preview').innerText()).toContain('3');
    expect((await read(other.id)).fields['threat'], 'a preview changes nothing').toBe('low');
    await tabTo('[data-testid="bulk-apply"]');
    await keys('Enter');
    const threats = async (): Promise<unknown[]> => Promise.all(records.map(async ({ id }) => (await read(id)).fields['threat']));
    await until('all three are changed', async () => (await threats()).every((threat) => threat === 'high'));
    expect((await read(other.id)).fields['threat'], 'one that the filter does not find').toBe('low');
    await desk.see('toast-action');
    await keys('Control+z');
    await until('all three are as they were', async () => (await threats()).every((threat) => threat === 'low'));
  });

  it('a field of one’s own is there at once, in the card and its form', async () => {
    const record = await make('Rival Regional');
    await open('/admin/record-fields?type=competitor');
    await desk.see('new-field');
    await tabTo('[data-testid="new-field"]');
    await keys('Enter');
    await cursorIn('[data-testid="field-label"]');
    await type('Zona');
    await tabTo('[data-testid="field-kind"]');
    await type('Uno de una lista');
    await tabTo('[data-testid="add-option"]');
    await keys('Enter');
    await cursorIn('[data-testid="option-label"]');
    await type('Norte');
    await keys('Enter');
    await type('Sur');
    await tabTo('[data-testid="field-save"]');
    await keys('Enter');
    await desk.page.getByTestId('custom-field').filter({ hasText: 'Zona' }).waitFor();
    const { items } = await house.admin.get<{ items: CustomField[] }>('/api/records/competitor/fields');
    const field = items.find((one) => one.key === 'zona');
    expect(field?.options.map((option) => option.value)).toEqual(['norte', 'sur']);

    await open(`/records/competitor/${record.id}`);
    await desk.page.locator('[data-testid="card-section"] [data-field="zona"]').waitFor();
    await keys('e');
    await cursorIn('[data-testid="section-form"]');
    await tabTo('[data-testid="section-form"] [data-field="zona"]');
    await type('Sur');
    await keys('Control+Enter');
    await until('the value is saved', async () => (await read(record.id)).fields['zona'] === 'sur');
  });

  it('a comment tells a colleague, and the history says who did what', async () => {
    const record = await make('Rival Comentado');
    await open(`/records/competitor/${record.id}`);
    await desk.see('comment');
    await keys('c');
    await cursorIn('[data-testid="comment"]');
    await type('Mira @Bru');
    await desk.page.locator('[role="option"]').filter({ hasText: 'Bruno' }).waitFor();
    await keys('Enter');
    await keys('Control+Enter');
    await desk.page.locator('[data-testid="history"] [data-kind="comment"]').waitFor();
    const bruno = (await house.api('bruno')).session.user.id;
    const history = await house.admin.get<PageOf<HistoryEntry>>(`/api/records/competitor/${record.id}/history`);
    const comment = history.items.find((entry) => entry.kind === 'comment');
    expect(comment?.text).toMatch(/^Mira @Bruno/);
    expect(comment?.data['mentions']).toEqual([bruno]);
    await desk.page.locator('[data-testid="history"] [data-kind="created"]').waitFor();
  });

  it('a record goes to the next stage of its board and back', async () => {
    const lead = await house.admin.send<CrmRecord>('POST', '/api/records/lead', { fields: { name: 'Lead de tablero', stage: 'new' } });
    const stage = async (): Promise<unknown> => (await house.admin.get<CrmRecord>(`/api/records/lead/${lead.id}`)).fields['stage'];
    await open('/records/lead?look=kanban&q=tablero');
    await desk.page.locator('[data-stage="new"] [data-card]').waitFor();
    await tabTo('[data-card]');
    await keys('Shift+ArrowRight');
    await until('the lead is in the next stage', async () => (await stage()) === 'contacted');
    await desk.page.locator('[data-stage="contacted"] [data-card]').waitFor();
    await desk.see('toast-action');
    await keys('Control+z');
    await until('the lead is where it was', async () => (await stage()) === 'new');
  });

  it('what is deleted waits in the trash', async () => {
    const record = await make('Rival Borrado');
    await open(`/records/competitor/${record.id}`);
    await desk.see('delete-record');
    await tabTo('[data-testid="delete-record"]');
    await keys('Enter');
    await until('the record is in the trash', async () => (await named('Rival Borrado')) === undefined);
    await open('/records/competitor?trash=1');
    await desk.page.getByTestId('trash-row').filter({ hasText: 'Rival Borrado' }).waitFor();
    await tabTo('[data-testid="restore"]');
    await keys('Enter');
    await until('the record is back', () => named('Rival Borrado'));
  });
});

describe('for everybody', () => {
  it('no screen of records has a fault that axe knows', async () => {
    const record = await make('Rival Accesible', { phone: '+34910000001', strengths: 'Precio' });
    await house.admin.send('POST', `/api/records/competitor/${record.id}/comments`, { text: 'Hola' });
    const screens: [path: string, there: string, then?: () => Promise<void>][] = [
      ['/records/competitor', 'record-row'],
      ['/records/competitor', 'record-row', () => keys('f').then(() => desk.see('filter-editor'))],
      ['/records/competitor', 'record-row', () => keys('n').then(() => desk.see('new-record-dialog'))],
      ['/records/ticket?look=kanban', 'board'],
      [`/records/competitor/${record.id}`, 'record-title'],
      [`/records/competitor/${record.id}`, 'edit-section', () => keys('e').then(() => desk.see('section-form'))],
      ['/admin/record-fields?type=competitor', 'new-field'],
      ['/admin/record-layout?type=customer', 'layout-section'],
    ];
    for (const [path, there, then] of screens) {
      await open(path);
      await desk.see(there);
      await desk.page.waitForLoadState('networkidle');
      await then?.();
      await expectNoViolations(desk, path);
    }
  });

  it('every type speaks four languages, with no word missing', async () => {
    const { items } = await house.admin.get<{ items: RecordType[] }>('/api/record-types');
    const competitor = items.find((one) => one.name === 'competitor');
    const record = await make('Rival Políglota');
    for (const language of ['en', 'zh-CN', 'zh-TW', 'es'] as const) {
      await open(`/records/competitor/${record.id}`);
      await desk.see('record-title');
      await desk.press('user-menu');
      await desk.press(`language-${language}`);
      await desk.page.locator(`html[lang="${language}"]`).waitFor();
      await keys('Escape');
      const text = await desk.page.locator('body').innerText();
      expect(text, `a message key on the card in ${language}`).not.toMatch(/\b[a-z]+(_[a-z]+)+\b/);
      for (const field of competitor?.fields.filter((one) => !one.custom) ?? []) expect(text, `${field.key} in ${language}`).toContain(field.label[language]);
      await open('/records/competitor');
      await desk.see('record-row');
      expect(await desk.page.locator('body').innerText(), `a message key in the list in ${language}`).not.toMatch(/\b[a-z]+(_[a-z]+)+\b/);
    }
  });
});
