import { type Database } from '../../db/index.ts';

export type { Database };
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** The database itself, or a transaction of it: what is done on a transaction is undone with it. */
export type Connection = Database | Transaction;

/** All or nothing: when `run` throws, the database is as before and the error goes on. */
export const inTransaction = <T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(run);
