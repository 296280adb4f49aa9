import { sql } from 'drizzle-orm';
import type { Connection } from '../database.store.ts';
import { literal } from '../search-words.ts';

/** Active users by name; with a search, those whose name or login has it. */
export async function listPeople(connection: Connection, search: string | undefined): Promise<{ id: string; name: string }[]> {
  const pattern = `%${literal(search ?? '')}%`;
  const { rows } = await connection.execute<{ id: string; name: string }>(sql`
    select id, name from users where active and (fold_text(name) like fold_text(${pattern}) or login ilike ${pattern}) order by name, id limit 50`);
  return rows.map(({ id, name }) => ({ id, name }));
}
