import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/index.ts';

export type { Database };
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** Either: what is done on a transaction is there only if the whole transaction is. */
export type Connection = Database | Transaction;

export const inTransaction = <T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(run);

/**
 * Runs a statement that is asked for again and again: Postgres plans it once for each connection. Within a transaction it runs like any other.
 * @param name stands for this very text; another text needs another name
 * @param text with $1, $2 … for the values
 */
export async function runPrepared(connection: Connection, name: string, text: string, values: readonly (string | null)[]): Promise<void> {
  if ('$client' in connection) await connection.$client.query({ name, text, values: [...values] });
  else await connection.execute(withValues(text, values));
}

function withValues(text: string, values: readonly (string | null)[]): SQL {
  const parts = text.split(/\$(\d+)/);
  return sql.join(parts.map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1] ?? null}`)));
}
