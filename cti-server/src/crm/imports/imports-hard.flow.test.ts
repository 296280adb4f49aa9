import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, CustomField, ImportReason, RecordExport, RecordImport } from '../../contracts/index.ts';
import { openXlsx } from '../exports/xlsx-writer.ts';
import type { Refused } from '../testing.ts';
import { until } from '../../until.testing.ts';
import { createImports } from './index.ts';
import { type ImportHouse, startImports } from './testing.ts';

let house: ImportHouse;
beforeAll(async () => {
  house = await startImports();
});
afterAll(() => house.stop());

const codes = (rejects: { row: number; reasons: ImportReason[] }[]) => rejects.map(({ row, reasons }) => [row, ...reasons.map((reason) => `${reason.field ?? ''}:${reason.code}`)]);
const sums = ({ counts }: RecordImport) => [counts.read, counts.created, counts.updated, counts.duplicates, counts.rejected];
const words = (text: string) => ({ es: text, en: text, 'zh-CN': text, 'zh-TW': text });
async function workbook(rows: readonly (readonly string[])[]): Promise<Buffer> {
  const path = join(house.folder, 'made.xlsx');
  const writer = openXlsx(path, 'Sheet');
  for (const row of rows) await writer.write(row);
  await writer.finish();
  return readFile(path);
}

describe('a workbook', () => {
  it('is read like a CSV file', async () => {
    const uploaded = await house.upload(await workbook([['Nombre', 'Ciudad', 'Teléfono'], ['Xlsx & <Uno>', '', '600300100'], [], ['=HYPERLINK("x")', '王', '12']]), { name: 'book.xlsx' });
    expect(uploaded).toMatchObject({ format: 'xlsx', sample: { headers: ['Nombre', 'Ciudad', 'Teléfono'] } });
    const done = await house.act(uploaded.id, 'run');
    expect(sums(done)).toEqual([2, 1, 0, 0, 1]);
    expect(codes(await house.rejects(done.id))).toEqual([[4, 'phone:notAPhone']]);
    expect(await house.rows('select name from customers where import_id = $1', [done.id])).toEqual([{ name: 'Xlsx & <Uno>' }]);
  });
});

describe('a type with unique fields and links', () => {
  it('what is taken, in the records or in the file, is rejected; pick values, defaults and texts to be found by are as if made by hand', async () => {
    await house.post('/api/records/competitor', { fields: { name: 'Telecoñ' } });
    const { id } = await house.upload('name,threat,strengths\nTELECON,high,x\nFresh,Alta,Fast delivery\nfresh,low,\nPlain,,\n', { type: 'competitor' });
    const done = await house.act(id, 'run', { duplicateBy: [] });
    expect(codes(await house.rejects(id))).toEqual([[2, 'name:taken'], [4, 'name:taken']]);
    expect(sums(done)).toEqual([4, 2, 0, 0, 2]);
    const found = await house.get<{ items: CrmRecord[] }>('/api/records/competitor?search=delivery');
    expect(found.body.items).toMatchObject([{ fields: { name: 'Fresh', threat: 'high' } }]);
    expect((await house.get<{ items: CrmRecord[] }>('/api/records/competitor?search=plain')).body.items).toMatchObject([{ fields: { threat: 'medium' }, ownerId: house.ana.userId }]);
  });

  it('a value that somebody takes while the rows move over is told, and the others come in all the same', async () => {
    const { id, suggested } = await house.upload('name\nRace A\nRace B\nRace C\n', { type: 'competitor' });
    const other = await house.database.$client.connect();
    await other.query('begin');
    await other.query(`insert into competitors (id, name) values (gen_random_uuid(), 'RACE B')`);
    await house.ask('POST', `/api/imports/${id}/run`, { ...suggested, duplicateBy: [] });
    await until('the import waits for the other', async () => (await house.rows(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length > 0);
    await other.query('commit');
    other.release();
    await house.imports.idle();
    expect(sums((await house.ask<RecordImport>('GET', `/api/imports/${id}`)).body)).toEqual([3, 2, 0, 0, 1]);
    expect(codes(await house.rejects(id))).toEqual([[3, 'name:taken']]);
    expect(await house.rows('select name from competitors where import_id = $1 order by name', [id])).toEqual([{ name: 'Race A' }, { name: 'Race C' }]);
  });

  it('links are found by the other record’s name or id', async () => {
    const made = await house.upload('name\nLinked Ltd\nTwin\nTwin\n');
    await house.act(made.id, 'run', { onDuplicate: 'create', duplicateBy: [] });
    const [linked] = await house.rows<{ id: string }>(`select id from customers where name = 'Linked Ltd'`);
    const { id, suggested } = await house.upload(`name,customerId\nC1,linked ltd\nC2,${linked?.id ?? ''}\nC3,Twin\nC4,Nobody\nC5,\n`, { type: 'contact' });
    expect(suggested.mapping).toEqual(['name', 'customerId']);
    await house.act(id, 'run');
    expect(codes(await house.rejects(id))).toEqual([[4, 'customerId:severalRecords'], [5, 'customerId:unknownRecord'], [6, 'customerId:required']]);
    expect(await house.rows('select name, customer_id from contacts where import_id = $1 order by name', [id])).toEqual([{ name: 'C1', customer_id: linked?.id }, { name: 'C2', customer_id: linked?.id }]);
  });

  it('a type whose hooks must be asked is made and undone one by one', async () => {
    const { id } = await house.upload(`subject,kind,status,priority\n${Array.from({ length: 450 }, (_none, at) => `Ticket ${String(at)},,,high`).join('\n')}\n`, { type: 'ticket' });
    const done = await house.act(id, 'run', { duplicateBy: [] });
    expect([done.state, done.error, ...sums(done)]).toEqual(['done', null, 450, 450, 0, 0, 0]);
    expect((await house.rows('select distinct priority, status from tickets where import_id = $1', [id]))).toEqual([{ priority: 'high', status: 'open' }]);
    expect((await house.act(id, 'undo')).undo).toMatchObject({ removed: 450, changedSince: 0 });
    expect(await house.rows('select 1 from tickets where import_id = $1 and deleted_at is null', [id])).toEqual([]);
  });
});

describe('custom fields', () => {
  it('are imported, encrypted ones sealed and found by fingerprint, renamed ones all the same; a deleted one is ignored and told', async () => {
    const add = async (key: string, kind: string, more: object = {}) => (await house.post<CustomField>('/api/records/customer/fields', { key, kind, label: words(key), ...more })).body;
    const rating = await add('rating', 'number');
    const gone = await add('gone', 'text');
    await add('passport', 'text', { encrypted: true, searchable: true, unique: true });
    await add('joined', 'date');
    const { id, suggested } = await house.upload('name,rating,gone,passport,joined\nCustom One,"1.234,5",x,X-1,31/12/2025\nCustom Two,4,y,x-1,2026-01-01\nCustom Three,no,z,X-3,\n');
    expect(suggested.mapping).toEqual(['name', 'rating', 'gone', 'passport', 'joined']);
    await house.act(id, 'preview', { duplicateBy: [] });
    await house.patch(`/api/record-fields/${rating.id}`, { version: rating.version, label: words('Renamed meanwhile') });
    expect((await house.remove(`/api/record-fields/${gone.id}?version=${String(gone.version)}`)).status).toBe(204);
    const done = await house.act(id, 'run');
    expect([done.state, done.ignoredFields, ...sums(done)]).toEqual(['done', ['gone'], 3, 1, 0, 0, 2]);
    expect(codes(await house.rejects(id))).toEqual([[3, 'passport:taken'], [4, 'rating:notANumber']]);
    const [row] = await house.rows<{ id: string; x_passport: string }>('select id, x_passport from customers where import_id = $1', [id]);
    expect(row?.x_passport).toMatch(/^v1:/);
    expect((await house.get<CrmRecord>(`/api/records/customer/${row?.id ?? ''}`)).body.fields).toMatchObject({ name: 'Custom One', rating: 1234.5, passport: 'X-1', joined: '2025-12-31' });
    const audit = await house.rows<{ changes: object }>('select changes from audit_log where record_id = $1', [row?.id]);
    expect(JSON.stringify(audit)).not.toContain('X-1');
  });
});

describe('a server that dies', () => {
  it('in the midst of moving rows over: the next goes on, and no row comes twice', async () => {
    const rows = Array.from({ length: 25_000 }, (_none, at) => `Fall ${String(at)},fall${String(at)}@example.com,+346${String(10_000_000 + at)}`);
    const { id, suggested } = await house.upload(`name,email,phone\n${rows.join('\n')}\n`);
    await house.ask('POST', `/api/imports/${id}/preview`, suggested);
    await house.imports.idle();
    // stops once some rows are in
    await house.ask('POST', `/api/imports/${id}/run`, null);
    await until('some rows are in', async () => ((await house.rows<{ applied_row: number }>('select applied_row from record_imports where id = $1', [id]))[0]?.applied_row ?? 0) > 0, undefined, 20_000);
    await house.imports.close();
    const [left] = await house.rows<{ state: string; applied_row: number }>('select state, applied_row from record_imports where id = $1', [id]);
    expect(left?.state).toBe('running');
    expect(left?.applied_row).toBeLessThan(25_001);
    // Postgres that fell with it has emptied the unlogged table
    await house.database.$client.query(`truncate import_rows_${id.replaceAll('-', '')}`);
    const next = createImports(house.options);
    await next.resume();
    await next.idle();
    await next.close();
    const done = (await house.ask<RecordImport>('GET', `/api/imports/${id}`)).body;
    expect([done.state, ...sums(done)]).toEqual(['done', 25_000, 25_000, 0, 0, 0]);
    expect(await house.rows(`select count(*)::int as all, count(distinct name)::int as names, count(distinct p.e164)::int as numbers from customers c join customer_phones p on p.customer_id = c.id where import_id = $1`, [id])).toEqual([{ all: 25_000, names: 25_000, numbers: 25_000 }]);
    expect(await house.rows(`select count(*)::int as lines from audit_log where action = 'customer.created' and record_id in (select id::text from customers where import_id = $1)`, [id])).toEqual([{ lines: 25_000 }]);
    house.imports = createImports(house.options);
  }, 60_000);

  it('with its file: what came in so far stays, is told as interrupted, and can be undone', async () => {
    const { id, suggested } = await house.upload('name\nLost 1\nLost 2\n');
    await house.act(id, 'preview', suggested).catch(() => undefined);
    await house.database.$client.query(`update record_imports set state = 'running', applied_row = 2, settings = $2, runner = $3 where id = $1`, [id, JSON.stringify(suggested), JSON.stringify({ userId: house.ana.userId, login: 'Ana', name: 'Ana', locale: 'es', scope: 'all', recordRights: house.ana.recordRights, teamIds: [], roleIds: [] })]);
    await house.database.$client.query(`insert into customers (id, name, kind, tier, created_at, updated_at, import_id) values (gen_random_uuid(), 'Lost 1', 'person', 'B', now(), now(), $1)`, [id]);
    await writeFile(join(house.folder, 'other'), '');
    const elsewhere = createImports({ ...house.options, folder: join(house.folder, 'elsewhere') });
    await elsewhere.resume();
    await elsewhere.idle();
    expect((await house.ask<RecordImport>('GET', `/api/imports/${id}`)).body).toMatchObject({ state: 'interrupted', error: 'fileGone' });
  });
});

describe('exports', () => {
  async function fetchFile(input: object, as?: string): Promise<string> {
    const begun = await house.ask<RecordExport>('POST', '/api/exports', input, as);
    expect(begun.status, JSON.stringify(begun.body)).toBe(202);
    await house.exports.idle();
    expect((await house.ask<RecordExport>('GET', `/api/exports/${begun.body.id}`, undefined, as)).body).toMatchObject({ state: 'done', error: null });
    return (await house.ask<Buffer>('GET', `/api/exports/${begun.body.id}/file`, undefined, as)).body.toString();
  }

  it('write what the list shows, in words, neutralised, with the mark that spreadsheets need; and can be imported again', async () => {
    await house.post('/api/records/competitor', { fields: { name: '=Evil()', threat: 'high', phone: '+34600111000', weaknesses: 'a "b", c' }, tags: ['x', 'y'] });
    const input = { type: 'competitor', columns: ['name', 'threat', 'phone', 'weaknesses', 'ownerId', 'tags'], filter: [{ field: 'name', op: 'startsWith', value: '=' }], format: 'csv' };
    expect(await fetchFile(input)).toBe('\uFEFFNombre,Amenaza,Teléfono,Puntos débiles,Propietario,Etiquetas\r\n\'=Evil(),Alta,+34600111000,"a ""b"", c",Ana,"x; y"\r\n');
    expect(house.audited.at(-1)).toMatchObject({ action: 'competitor.exported', changes: { rows: { new: 1 } } });
    const book = await house.ask<RecordExport>('POST', '/api/exports', { ...input, format: 'xlsx' });
    await house.exports.idle();
    const { body } = await house.ask<Buffer>('GET', `/api/exports/${book.body.id}/file`);
    const again = await house.upload(body, { type: 'competitor', name: 'again.xlsx' });
    expect(again.sample.rows).toEqual([['=Evil()', 'Alta', '+34600111000', 'a "b", c', 'Ana', 'x; y']]);
  });

  it('reach as far as both rights, are their maker’s alone, and never hold what is encrypted', async () => {
    const reader = await house.signIn('Exporter');
    reader.recordRights = { '*': { read: 'all', export: 'own' } };
    await house.post('/api/records/competitor', { fields: { name: 'Exported one' }, ownerId: reader.userId });
    expect(await fetchFile({ type: 'competitor', columns: ['name'], format: 'csv' }, 'Exporter')).toBe('\uFEFFNombre\r\nExported one\r\n');
    const mine = await house.ask<RecordExport>('POST', '/api/exports', { type: 'competitor', columns: ['name'], format: 'csv' });
    await house.exports.idle();
    for (const path of ['', '/file']) expect((await house.ask('GET', `/api/exports/${mine.body.id}${path}`, undefined, 'Exporter')).status).toBe(404);
    expect((await house.ask<Refused>('POST', '/api/exports', { type: 'customer', columns: ['passport'], format: 'csv' })).body.error.field).toBe('columns');
    expect((await house.ask<Refused>('POST', '/api/exports', { type: 'customer', columns: ['name'], sort: 'nothing', format: 'csv' })).body.error.field).toBe('sort');
    reader.recordRights = { '*': { read: 'all' } };
    expect((await house.ask<Refused>('POST', '/api/exports', { type: 'competitor', columns: ['name'], format: 'csv' }, 'Exporter')).status).toBe(403);
  });
});
