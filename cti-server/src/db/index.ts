import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import * as schema from './schema/index.ts';

export * from './schema/index.ts';
export { schema };
export { type Database, openDatabase } from './open.ts';
export { keepWorker } from './worker.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** Any number, the same in every process: only one migrates at a time. */
const migrationLock = 7_220_031;

/** Brings the database to the present schema. Several processes may call it at once; it is done once. */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}

/** The newest migration this code knows, to compare with the database on the status page. */
export async function newestMigration(): Promise<string> {
  const journal: unknown = JSON.parse(await readFile(`${migrationsFolder}/meta/_journal.json`, 'utf8'));
  const entries = (journal as { entries: { tag: string }[] }).entries;
  return entries.at(-1)?.tag ?? '';
}
export { beat, leave, listProcesses, processDeadAfterMs, type ProcessRecord } from './heartbeat.ts';
