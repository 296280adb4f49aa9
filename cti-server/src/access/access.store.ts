import { sql } from 'drizzle-orm';
import type { Database } from '../db/index.ts';

export type { Database };
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** The database itself, or a transaction of it: what is done on a transaction is undone with it. */
export type Connection = Database | Transaction;

/** All or nothing: when `run` throws, the database is as before and the error goes on. */
export const inTransaction = <T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(run);

/** Locks that hold until the transaction ends, over all servers. Any numbers, each its own. */
const locks = { firstStart: 7_220_041, administrators: 7_220_042 } as const;

/** Waits until no other transaction holds this lock, then holds it until the end of this one. */
export async function lockUntilEnd(tx: Transaction, what: keyof typeof locks): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${locks[what]})`);
}
