import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema/index.ts';

export type Database = NodePgDatabase<typeof schema> & { $client: pg.Pool };

/** Opens a pool. A connection that breaks is told to `onError` and replaced by the next query; nothing is thrown. */
export function openDatabase(url: string, options: { max?: number; applicationName: string; onError: (error: Error) => void }): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 16, application_name: options.applicationName, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 0 });
  pool.on('error', options.onError);
  // one that breaks while somebody holds it, between two queries, has nobody else to tell: unheard, it would end the process
  pool.on('connect', (client) => client.on('error', options.onError));
  return drizzle(pool, { schema });
}
