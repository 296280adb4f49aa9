import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { migrateDatabase } from './index.ts';
import { createTestDatabase } from './testing.ts';

test('each test database is migrated and its own', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await one.database.execute(sql`create table only_here (id int)`);
    const here = await one.database.execute<{ found: string | null }>(sql`select to_regclass('only_here')::text as found`);
    const there = await other.database.execute<{ found: string | null }>(sql`select to_regclass('only_here')::text as found`);
    expect(here.rows[0]?.found).toBe('only_here');
    expect(there.rows[0]?.found).toBeNull();
    await expect(migrateDatabase(one.url)).resolves.toBeUndefined();
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});
