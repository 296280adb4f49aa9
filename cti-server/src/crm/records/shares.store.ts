import { sql } from 'drizzle-orm';
import type { Connection, Transaction } from '../database.store.ts';

export async function sharesOf(connection: Connection, type: string, recordId: string): Promise<{ id: string; name: string }[]> {
  const { rows } = await connection.execute<{ id: string; name: string }>(sql`
    select u.id, u.name from record_shares s join users u on u.id = s.user_id where s.record_type = ${type} and s.record_id = ${recordId}::uuid order by u.name, u.id`);
  return rows.map(({ id, name }) => ({ id, name }));
}

/** Throws Postgres' foreign key violation for a user who does not exist. */
export async function replaceShares(tx: Transaction, type: string, recordId: string, userIds: readonly string[]): Promise<void> {
  await tx.execute(sql`delete from record_shares where record_type = ${type} and record_id = ${recordId}::uuid`);
  if (userIds.length > 0)
    await tx.execute(sql`insert into record_shares (record_type, record_id, user_id) select ${type}, ${recordId}::uuid, unnest(${sql.param([...new Set(userIds)])}::uuid[])`);
}
