import type { Database } from '../db/index.ts';

export type { Database };
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** Either: what is done on a transaction is there only if the whole transaction is. */
export type Connection = Database | Transaction;

export const inTransaction = <T>(database: Database, run: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(run);
