import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CrmRecord, ImportReason, RecordImport } from '../../contracts/index.ts';
import type { Refused } from '../testing.ts';
import { type ImportHouse, startImports } from './testing.ts';

let house: ImportHouse;
beforeAll(async () => {
  house = await startImports();
});
afterAll(() => house.stop());

const codes = (rejects: { row: number; reasons: ImportReason[] }[]) => rejects.map(({ row, reasons }) => [row, ...reasons.map((reason) => `${reason.field ?? ''}:${reason.code}`)]);
const sums = ({ counts }: RecordImport) => [counts.read, counts.created, counts.updated, counts.duplicates, counts.rejected];
const customersOf = (importId: string) =>
  house.rows<{ name: string; email: string | null; phones: string[] | null; tier: string; deleted: boolean; version: number }>(
    `select name, email, tier, version, deleted_at is not null as deleted, (select array_agg(e164 order by is_main desc, e164) from customer_phones p where p.customer_id = c.id) as phones
     from customers c where import_id = $1 order by name`, [importId]);

describe('a file of customers', () => {
  it('is recognised, mapped by its headers, tried out without a change, and imported with its numbers and a line in the audit each', async () => {
    const file = 'Nombre;Correo electrónico;Teléfono;Móvil 2;Ciudad;Nivel\r\nMaría Núñez;maria@example.com;612 345 678;+34 913 334 444;Cádiz;A\r\nJosé Gil;;699111222;;"León; centro";c\r\n\r\nMal Correo;nobody;;;;\r\n;sin@nombre.es;;;;\r\nMal Teléfono;;12;;;Z\r\n';
    const uploaded = await house.upload(Buffer.from(file, 'latin1'), { name: 'clientes.csv' });
    expect(uploaded).toMatchObject({ state: 'mapping', sample: { encoding: 'windows-1252', delimiter: ';', hasHeader: true, headers: ['Nombre', 'Correo electrónico', 'Teléfono', 'Móvil 2', 'Ciudad', 'Nivel'] } });
    expect(uploaded.suggested).toMatchObject({ mapping: ['name', 'email', 'phone1', 'phone2', 'city', 'tier'], defaultCountry: 'ES', duplicateBy: ['phone', 'email'], onDuplicate: 'skip', decimalSign: 'comma' });
    expect(uploaded.targets.find((target) => target.key === 'name')).toEqual({ key: 'name', required: true });

    const before = await house.rows('select count(*) from customers');
    const tried = await house.act(uploaded.id, 'preview');
    expect([tried.state, ...sums(tried)]).toEqual(['previewed', 5, 2, 0, 0, 3]);
    expect(codes(await house.rejects(tried.id))).toEqual([[5, 'email:notAnEmail'], [6, 'name:required'], [7, 'tier:notAnOption', 'phone:notAPhone']]);
    expect((await house.ask<{ items: { row: number }[] }>('GET', `/api/imports/${tried.id}/rejects?code=notAPhone&field=phone`)).body.items.map((reject) => reject.row)).toEqual([7]);
    expect(tried.reasons).toContainEqual({ code: 'notAPhone', field: 'phone', count: 1, rows: [7] });
    expect(await house.rows('select count(*) from customers')).toEqual(before);

    const done = await house.act(uploaded.id, 'run');
    expect([done.state, done.progress, ...sums(done)]).toEqual(['done', 1, 5, 2, 0, 0, 3]);
    expect(await customersOf(done.id)).toMatchObject([
      { name: 'José Gil', email: null, tier: 'C', phones: ['+34699111222'] },
      { name: 'María Núñez', email: 'maria@example.com', tier: 'A', phones: ['+34612345678', '+34913334444'] },
    ]);
    const audit = await house.rows<{ user_name: string; changes: Record<string, unknown> }>(`select user_name, changes from audit_log a join customers c on c.id::text = a.record_id where c.import_id = $1 and action = 'customer.created' order by a.id`, [done.id]);
    expect(audit).toHaveLength(2);
    expect(audit[0]).toMatchObject({ user_name: 'Ana', changes: { name: { old: null, new: 'María Núñez' }, kind: { old: null, new: 'person' }, tier: { old: null, new: 'A' }, ownerId: { new: house.ana.userId } } });
    expect(house.audited.at(-1)).toMatchObject({ action: 'customer.imported', recordId: done.id, changes: { created: { new: 2 } } });
    expect(await house.rows(`select 1 from pg_tables where tablename like 'import_rows_%'`)).toEqual([]);

    // found and read like any other customer
    const found = (await house.get<CrmRecord>(`/api/records/customer/${(await house.rows<{ id: string }>('select id from customers where name = $1', ['María Núñez']))[0]?.id ?? ''}`)).body;
    expect(found).toMatchObject({ title: 'María Núñez', ownerName: 'Ana', fields: { city: 'Cádiz', country: null, notes: '' } });
  });

  it('the rows that were left out can be fetched as they were, with the reason, and harm no spreadsheet', async () => {
    const uploaded = await house.upload('nombre,email,notes\n=cmd|calc,bad,@x\nGood,good@example.com,=1+1\n"+evil",bad,"two\nlines"\n');
    const done = await house.act(uploaded.id, 'run', { duplicateBy: [] });
    expect(sums(done)).toEqual([3, 1, 0, 0, 2]);
    expect(await house.rejectedFile(done.id)).toBe(
      '\uFEFFnombre,email,notes,Motivo\r\n"\'=cmd|calc",bad,\'@x,Correo: no es un correo electrónico\r\n\'+evil,bad,"two\nlines",Correo: no es un correo electrónico\r\n',
    );
  });

  it('the same columns find the mapping of last time', async () => {
    const first = await house.upload('Who,Where,Ring\nA1,X,600000001\n');
    await house.act(first.id, 'run', { mapping: ['name', 'city', 'phone1'], duplicateBy: ['phone'], defaultCountry: 'FR' });
    expect((await house.upload('WHO ;where;Ring:\nA2;Y;1\n')).suggested).toMatchObject({ mapping: ['name', 'city', 'phone1'], duplicateBy: ['phone'], defaultCountry: 'FR', delimiter: ';' });
  });

  it('a number without a country takes the row’s own country, else the one asked for, else is refused', async () => {
    const uploaded = await house.upload('name,country,phone\nFrench,FR,0612345678\nUnsaid,,612000001\nFull,,+4915123456789\n');
    expect(sums(await house.act(uploaded.id, 'preview', { defaultCountry: null }))).toEqual([3, 2, 0, 0, 1]);
    await house.act(uploaded.id, 'run', { defaultCountry: 'ES' });
    expect((await customersOf(uploaded.id)).map((row) => row.phones)).toEqual([['+33612345678'], ['+4915123456789'], ['+34612000001']]);
  });
});

describe('encodings', () => {
  const text = '姓名,城市,手机\r\n王芳,上海,+8613812345678\r\n';
  const gb = Buffer.concat([Buffer.from('d0d5c3fb2cb3c7cad0', 'hex'), Buffer.from(',phone\r\n'), Buffer.from('cdf5b7bc2cc9cfbaa3', 'hex'), Buffer.from(',+8613812340000\r\n')]);
  it.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\uFEFF${text}`)],
    ['utf-16le', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['utf-16be', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['gb18030', gb],
  ])('%s', async (encoding, file) => {
    const uploaded = await house.upload(file);
    expect(uploaded.sample).toMatchObject({ encoding, rows: [['王芳', '上海', expect.stringContaining('+86138')]] });
    const done = await house.act(uploaded.id, 'run', { duplicateBy: [] });
    expect(await customersOf(done.id)).toMatchObject([{ name: '王芳' }]);
  });

  it('chosen wrongly shows at once in the sample, and rejects what cannot be read', async () => {
    const uploaded = await house.upload(Buffer.from('name\nMuñoz\nPlain\n', 'latin1'));
    const otherwise = await house.ask<{ rows: string[][] }>('POST', `/api/imports/${uploaded.id}/sample`, { encoding: 'utf-8', delimiter: ',', hasHeader: true });
    expect(otherwise.body.rows).toEqual([['Mu\uFFFDoz'], ['Plain']]);
    const tried = await house.act(uploaded.id, 'preview', { encoding: 'utf-8' });
    expect(codes(await house.rejects(tried.id))).toEqual([[2, 'name:unreadable']]);
  });
});

describe('hostile files', () => {
  it('an open quote, a cell of ten megabytes, too many columns and control characters reject their row alone', async () => {
    const file = `name,city,notes\n"open,1,2\nGood,x,y\nHuge,"${'x'.repeat(10 * 1_048_576)}",z\nMany,a,b,c,d\nNull,a\u0001b,\nTrailing,a,b,,,\n"Qu""oted",c,"d\ne"\n`;
    const uploaded = await house.upload(file);
    const done = await house.act(uploaded.id, 'run', { duplicateBy: [] });
    expect(codes(await house.rejects(done.id))).toEqual([[2, ':unclosedQuote'], [4, 'city:tooLong'], [5, ':tooManyColumns'], [6, 'city:invalid']]);
    expect((await customersOf(done.id)).map((row) => row.name)).toEqual(['Good', 'Qu"oted', 'Trailing']);
    const rejected = await house.rejectedFile(done.id);
    expect(rejected.length).toBeGreaterThan(10 * 1_048_576);
  });

  it.each([['', 'unreadableFile'], ['PK\u0003\u0004 no zip at all', 'unreadableFile']])('%j is refused as a whole', async (file, code) => {
    const { status, body } = await house.ask<Refused>('POST', '/api/imports?type=customer&name=x.csv', Buffer.from(file));
    expect([status, body.error.code]).toEqual([400, code]);
    expect(await house.rows('select 1 from record_imports where file_name = $1', ['x.csv'])).toEqual([]);
  });

  it('settings that make no sense are refused with the field', async () => {
    const { id, suggested } = await house.upload('name,email\nA,a@example.com\n');
    const refused = async (change: object) => {
      const { status, body } = await house.ask<Refused>('POST', `/api/imports/${id}/preview`, { ...suggested, ...change });
      return [status, body.error.field ?? body.error.code];
    };
    expect(await refused({ mapping: [null, 'email'] })).toEqual([400, 'mapping']);
    expect(await refused({ mapping: ['name', 'name'] })).toEqual([400, 'mapping']);
    expect(await refused({ mapping: ['name'] })).toEqual([400, 'mapping']);
    expect(await refused({ mapping: [null, null] })).toEqual([400, 'mapping']);
    expect(await refused({ mapping: ['name', 'lastContactAt'] })).toEqual([400, 'mapping']);
    expect(await refused({ duplicateBy: ['city'] })).toEqual([400, 'duplicateBy']);
    expect(await refused({ duplicateBy: [], onDuplicate: 'update' })).toEqual([400, 'duplicateBy']);
    expect(await refused({ ownerId: '00000000-0000-4000-8000-000000000000' })).toEqual([400, 'ownerId']);
    expect(await refused({ encoding: 'ebcdic' })).toEqual([400, 'encoding']);
  });
});

describe('duplicates', () => {
  it('with the records and within the file are found by e-mail and by number, and skipped', async () => {
    const first = await house.upload('name,email,phone\nDup One,dup1@example.com,600100100\nDup Two,dup2@example.com,600100200\n');
    await house.act(first.id, 'run');
    const again = await house.upload('name,email,phone\nOther,DUP1@example.com,600100999\nByNumber,,+34600100200\nNew,new@example.com,600100300\nTwice,new@example.com,\nThird,,600100300\n');
    const done = await house.act(again.id, 'run');
    expect(sums(done)).toEqual([5, 1, 0, 4, 0]);
    expect(codes(await house.rejects(done.id))).toEqual([[2, ':duplicate'], [3, ':duplicate'], [5, ':duplicateInFile'], [6, ':duplicateInFile']]);
    expect((await house.rejects(done.id))[2]?.reasons[0]).toMatchObject({ row: 4 });
  });

  it('are created all the same when that is wanted', async () => {
    const { id } = await house.upload('name,email\nD1,dup1@example.com\nD2,dup1@example.com\n');
    expect(sums(await house.act(id, 'run', { onDuplicate: 'create' }))).toEqual([2, 2, 0, 0, 0]);
  });

  it('are completed when that is wanted: empty cells change nothing, and undo brings back what nobody changed since', async () => {
    const first = await house.upload('name,email,city,phone\nKeep,keep@example.com,Old,600200100\nTouched,touched@example.com,Old,\n');
    await house.act(first.id, 'run');
    const update = await house.upload('email,city,name,phone\nkeep@example.com,New,,600200101\ntouched@example.com,New,Renamed,\nadded@example.com,Here,Added,\nnameless@example.com,X,,\n');
    const done = await house.act(update.id, 'run', { onDuplicate: 'update', duplicateBy: ['email'] });
    expect(sums(done)).toEqual([4, 1, 2, 0, 1]);
    expect(codes(await house.rejects(done.id))).toEqual([[5, 'name:required']]);
    const now = () => house.rows<{ id: string; name: string; city: string; version: number }>(`select id, name, city, version from customers where email in ('keep@example.com', 'touched@example.com', 'added@example.com') and deleted_at is null order by email`);
    expect((await now()).map((row) => [row.name, row.city])).toEqual([['Added', 'Here'], ['Keep', 'New'], ['Renamed', 'New']]);
    const touched = (await now())[2];
    expect((await house.patch(`/api/records/customer/${touched?.id ?? ''}`, { version: touched?.version, fields: { city: 'Newest' } })).status).toBe(200);
    const undone = await house.act(done.id, 'undo');
    expect(undone).toMatchObject({ state: 'undone', undo: { removed: 1, restored: 1, changedSince: 1, goneAlready: 0, refused: 0 } });
    expect((await now()).map((row) => [row.name, row.city])).toEqual([['Keep', 'Old'], ['Renamed', 'Newest']]);
  });
});

describe('undo', () => {
  it('puts what was created into the trash, leaves what somebody changed since, and says so', async () => {
    const { id } = await house.upload('name\nUndo A\nUndo B\nUndo C\nUndo D\n');
    await house.act(id, 'run');
    const [a, b] = await house.rows<{ id: string }>('select id from customers where import_id = $1 order by name', [id]);
    await house.patch(`/api/records/customer/${a?.id ?? ''}`, { version: 0, fields: { city: 'Changed' } });
    await house.remove(`/api/records/customer/${b?.id ?? ''}`);
    const undone = await house.act(id, 'undo');
    expect(undone.undo).toEqual({ removed: 2, restored: 0, changedSince: 1, goneAlready: 1, refused: 0 });
    expect((await customersOf(id)).map((row) => [row.name, row.deleted])).toEqual([['Undo A', false], ['Undo B', true], ['Undo C', true], ['Undo D', true]]);
    expect((await house.rows(`select 1 from audit_log a join customers c on c.id::text = a.record_id where c.import_id = $1 and action = 'customer.deleted'`, [id])).length).toBe(2);
    expect((await house.ask<Refused>('POST', `/api/imports/${id}/undo`)).body.error.code).toBe('wrongState');
  });
});

describe('rights', () => {
  it('need the right to import the type; others’ imports are not there; whose the records are follows the scope', async () => {
    const none = await house.signIn('Nobody');
    none.recordRights = { '*': { read: 'all', create: 'all', change: 'all' } };
    expect((await house.ask<Refused>('POST', '/api/imports?type=customer&name=a.csv', Buffer.from('name\nA\n'), 'Nobody')).status).toBe(403);
    const own = await house.signIn('Own');
    own.recordRights = { '*': { read: 'own', create: 'all', change: 'own', import: 'own' } };
    const mine = await house.upload('name\nOwned\n', { as: 'Own' });
    await house.signIn('Other').then((other) => (other.recordRights = { '*': { import: 'own' } }));
    for (const path of ['', '/rejects', '/rejected.csv']) expect((await house.ask('GET', `/api/imports/${mine.id}${path}`, undefined, 'Other')).status).toBe(404);
    expect((await house.ask<{ items: unknown[] }>('GET', '/api/imports', undefined, 'Other')).body.items).toEqual([]);
    expect((await house.ask<{ items: RecordImport[] }>('GET', '/api/imports?limit=1')).body.items[0]?.id).toBe(mine.id);
    expect((await house.ask<Refused>('POST', `/api/imports/${mine.id}/run`, { ...mine.suggested, ownerId: house.ana.userId }, 'Own')).status).toBe(403);
    await house.act(mine.id, 'run', undefined, 'Own');
    expect(await house.rows('select owner_id from customers where import_id = $1', [mine.id])).toEqual([{ owner_id: own.userId }]);
  });

  it('a record that one may not change is not completed', async () => {
    const theirs = await house.upload('name,email\nTheirs,theirs@example.com\n');
    await house.act(theirs.id, 'run');
    const update = await house.upload('name,email\nMine now,theirs@example.com\n', { as: 'Own' });
    const done = await house.act(update.id, 'run', { onDuplicate: 'update' }, 'Own');
    expect(codes(await house.ask<{ items: [] }>('GET', `/api/imports/${done.id}/rejects`, undefined, 'Own').then((answer) => answer.body.items))).toEqual([[2, ':mayNotChange']]);
    expect(await house.rows('select name from customers where email = $1', ['theirs@example.com'])).toEqual([{ name: 'Theirs' }]);
  });
});
