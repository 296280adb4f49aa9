import { sql } from 'drizzle-orm';
import { Refusal } from '../../platform/errors.ts';
import type { Connection } from '../database.store.ts';

/** A chain of merges longer than this is followed no further. */
const mostMerges = 50;

/** Which living record this one became, through however many merges; null when it did not become another, or none of them lives. */
export async function mergedInto(connection: Connection, table: string, id: string): Promise<string | null> {
  const { rows } = await connection.execute<{ id: string }>(sql`
    with recursive into_ (id, step) as (
      select merged_into_id, 1 from ${sql.identifier(table)} where id = ${id}::uuid
      union all select t.merged_into_id, step + 1 from into_ join ${sql.identifier(table)} t on t.id = into_.id where step < ${mostMerges})
    select t.id from into_ join ${sql.identifier(table)} t on t.id = into_.id where t.deleted_at is null order by step limit 1`);
  return rows[0]?.id ?? null;
}

/** Throws 404 `mergedInto` with the id of the record that it became. */
export async function refuseMerged(connection: Connection, table: string, id: string): Promise<void> {
  const into = await mergedInto(connection, table, id);
  if (into !== null) throw new Refusal(404, 'mergedInto', 'This record was made one with another.', { details: { id: into } });
}
