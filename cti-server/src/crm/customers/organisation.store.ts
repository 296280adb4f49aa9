import { sql } from 'drizzle-orm';
import type { Transaction } from '../database.store.ts';

/** Whether `above` is somewhere below `id` already: then neither could be above the other. */
export async function wouldCircle(tx: Transaction, table: 'contacts' | 'customers', column: 'manager_id' | 'parent_id', id: string, above: string): Promise<boolean> {
  const { rows } = await tx.execute<{ found: boolean }>(sql`
    with recursive up (id) as (
      select ${above}::uuid
      union select t.${sql.identifier(column)} from ${sql.identifier(table)} t join up on t.id = up.id where t.${sql.identifier(column)} is not null)
    select exists (select from up where id = ${id}::uuid) as found`);
  return rows[0]?.found ?? false;
}
