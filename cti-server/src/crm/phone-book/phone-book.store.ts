import { sql } from 'drizzle-orm';
import type { PhoneBookEntry } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';
import { literal } from '../search-words.ts';

export type PhoneBookNumbers = Map<string, PhoneBookEntry['numbers']>;

/** Everybody who works here, by name, with team and extension. Found by the beginning of any word of the name, by login, extension or team. */
export async function listColleagues(
  connection: Connection,
  search: { text: string; words: readonly string[] } | null,
  after: readonly [string, string] | undefined,
  limit: number,
): Promise<{ id: string; name: string; teams: string; extension: string | null }[]> {
  const matches = (search?.words ?? []).map((word) => {
    const beginning = `${literal(word)}%`;
    return sql`(' ' || fold_text(u.name) like ${`% ${literal(word)}%`} or fold_text(u.login) like ${beginning} or s.extension like ${beginning} or ' ' || fold_text(coalesce(t.teams, '')) like ${`% ${literal(word)}%`})`;
  });
  const conditions = [sql`u.active`, ...matches, after === undefined ? sql`true` : sql`(u.name, u.id) > (${after[0]}, ${after[1]}::uuid)`];
  const { rows } = await connection.execute<{ id: string; name: string; teams: string | null; extension: string | null }>(sql`
    select u.id, u.name, t.teams, s.extension from users u
    left join agent_settings s on s.user_id = u.id
    left join lateral (select string_agg(t.name, ', ' order by t.name) as teams from user_teams m join teams t on t.id = m.team_id where m.user_id = u.id) t on true
    where ${sql.join(conditions, sql` and `)} order by u.name, u.id limit ${limit}`);
  return rows.map((row) => ({ ...row, teams: row.teams ?? '' }));
}

/** The numbers of these customers, or of these contacts, the main one first. */
export async function numbersOf(connection: Connection, of: 'customer' | 'contact', ids: readonly string[]): Promise<PhoneBookNumbers> {
  const numbers: PhoneBookNumbers = new Map();
  if (ids.length === 0) return numbers;
  const owner = of === 'customer' ? sql`p.customer_id` : sql`p.contact_id`;
  const { rows } = await connection.execute<{ owner: string; e164: string; kind: string; label: string; barred: boolean }>(sql`
    select ${owner} as owner, p.e164, p.kind, coalesce(nullif(p.label, ''), ${of === 'customer' ? sql`k.name` : sql`null`}, '') as label, p.do_not_call or coalesce(c.do_not_call, false) as barred
    from customer_phones p join customers c on c.id = p.customer_id left join contacts k on k.id = p.contact_id
    where ${owner} = any (${sql.param([...ids])}::uuid[]) order by p.is_main desc, p.id`);
  for (const { owner: id, e164, kind, label, barred } of rows) numbers.set(id, [...(numbers.get(id) ?? []), { number: e164, kind, label, doNotCall: barred }]);
  return numbers;
}
