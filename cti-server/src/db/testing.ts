import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Database } from './index.ts';

export interface TestDatabase {
  url: string;
  database: Database;
  /** Closes the pool and removes the database, also when others are still connected to it. */
  drop(): Promise<void>;
}

/**
 * A fresh, migrated database for one test file, copied from the run's template in some 50 ms. Only in the projects `flows` and `e2e`,
 * which start a Postgres. Drop it in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = new URL(inject('postgresUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asOwner(template, `create database ${name} template ${template.pathname.slice(1)}`);
  const url = new URL(template);
  url.pathname = `/${name}`;
  const database = openDatabase(url.href, {
    applicationName: 'test',
    onError: () => {
      // Tests end servers and databases on purpose; the query that was running tells of it.
    },
  });
  return {
    url: url.href,
    database,
    async drop() {
      await database.$client.end();
      await asOwner(template, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Commands on whole databases go through `postgres`: nobody may be connected to the template while it is copied. */
async function asOwner(template: URL, command: string): Promise<void> {
  const url = new URL(template);
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(command);
  } finally {
    await client.end();
  }
}
