import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../cti-server/src/db/index.ts';
import { startThrowawayPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated, empty database that nobody may write to: the template of every test's own one. */
    postgresUrl: string;
  }
}

/** Vitest's global set-up: one Postgres for a whole run, with the schema in it. */
export default async function startTestPostgres(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startThrowawayPostgres();
  await migrateDatabase(postgres.url);
  project.provide('postgresUrl', postgres.url);
  return () => postgres.stop();
}
