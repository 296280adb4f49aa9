import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { proveAudit, sealAudit } from './audit-chain.store.ts';
import { recordAudit } from './audit.store.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const write = (name: string) => recordAudit(test.database, 1_750_000_000_123, null, 'customer.changed', 'customer', 'c1', { name: { old: null, new: name } });
const proof = (expected?: { seal: number; hash: string }) => proveAudit(test.database, expected);
const run = (text: string) => test.database.$client.query(text);

it('is whole while nobody touches it, however many seal it at once, and finds each kind of tampering', async () => {
  expect(await proof()).toEqual({ whole: true, sealed: 0, unsealed: 0, head: null, fault: null });
  for (const name of ['Ana', '王小明', 'O’Brien "x"', 'Bruno', 'Lin']) await write(name);
  expect((await proof()).unsealed).toBe(5);
  const sealed = await Promise.all([sealAudit(test.database), sealAudit(test.database), sealAudit(test.database)]);
  expect(sealed.reduce((sum, one) => sum + one, 0)).toBe(5);
  const { head } = await proof();
  await write('later');
  await sealAudit(test.database);
  expect(await proof(head ?? undefined)).toMatchObject({ whole: true, sealed: 6, unsealed: 0 });

  const { rows } = await test.database.$client.query<{ id: string }>('select id from audit_log where seal = 3');
  const id = rows[0]?.id ?? '';
  await run(`update audit_log set changes = jsonb_set(changes, '{name,new}', '"Eve"') where id = ${id}`);
  expect((await proof()).fault).toEqual({ seal: 3, auditId: id, reason: 'changed' });
  await run(`update audit_log set changes = jsonb_set(changes, '{name,new}', to_jsonb('O’Brien "x"'::text)) where id = ${id}`);
  expect((await proof()).whole).toBe(true);

  await run('delete from audit_log where seal = 6');
  expect((await proof()).whole).toBe(true); // the end alone cannot tell
  expect((await proof({ seal: 6, hash: 'noted before' })).fault).toMatchObject({ seal: 6, reason: 'missing' });
  await run('delete from audit_log where seal = 2');
  expect((await proof()).fault).toEqual({ seal: 2, auditId: null, reason: 'missing' });
});
