import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from '../database.store.ts';
import type { SearchWord } from '../search-words.ts';
import { matches } from '../text-search.store.ts';
import { reachParts } from './reach.store.ts';
import type { LiveType } from './registry.ts';
import type { Candidate } from './search-reason-rules.ts';
import { baseColumns } from './tables.store.ts';

/** Matches beyond this are not looked at one by one: the shortest and best of so many are enough for a box. */
const mostLookedAt = 400;

/** The most promising records of a type within reach. */
export async function findCandidates(connection: Connection, type: LiveType, viewer: { userId: string }, userIds: readonly string[] | null, asked: { words: readonly SearchWord[]; digits: string | null }, limit: number): Promise<Candidate[]> {
  const fields = [...type.fields.values()].filter((field) => !field.encrypted && field.searchable);
  const texts = fields.filter((field) => field.kind !== 'phone');
  const phones = [...type.fields.values()].filter((field) => field.kind === 'phone' && !field.encrypted);
  const title = type.fields.get(type.declaration.titleField);
  if (!title) return [];
  const table = sql.identifier(type.declaration.table);
  const column = (name: string): SQL => sql`t.${sql.identifier(name)}`;
  const ways: SQL[] = [];
  if (asked.words.length > 0) ways.push(matches(column(baseColumns(type.declaration).findText), asked.words, { walked: false }));
  if (asked.digits !== null) {
    const end = `${[...asked.digits].reverse().join('')}%`;
    for (const phone of phones) ways.push(sql`reverse(${column(phone.column)}) collate "C" like ${end}`);
    if (type.declaration.numbers) {
      const { table: numbers, record, e164 } = type.declaration.numbers;
      ways.push(sql`t.id in (select n.${sql.identifier(record)} from ${sql.identifier(numbers)} n where reverse(n.${sql.identifier(e164)}) collate "C" like ${end} limit ${mostLookedAt})`);
    }
  }
  if (ways.length === 0) return [];
  const found = ways.flatMap((way) => reachParts(type, viewer, userIds).map((reach) => sql`(select t.id from ${table} t where t.deleted_at is null and ${way} and ${reach} limit ${mostLookedAt})`));
  const shownTexts = texts.map((field) => sql`jsonb_build_object('field', ${field.key}::text, 'written', ${column(field.column)}, 'folded', fold_text(${column(field.column)}::text))`);
  const shownPhones = phones.map((field) => sql`jsonb_build_object('field', ${field.key}::text, 'e164', ${column(field.column)})`);
  const others = type.declaration.numbers;
  const numbers = others
    ? sql`coalesce((select jsonb_agg(jsonb_build_object('field', 'phone', 'e164', n.${sql.identifier(others.e164)})) from ${sql.identifier(others.table)} n where n.${sql.identifier(others.record)} = t.id), '[]')`
    : sql`'[]'::jsonb`;
  const { rows } = await connection.execute<{ id: string; title: string | null; texts: Candidate['texts']; numbers: { field: string; e164: string | null }[] }>(sql`
    select t.id, ${column(title.column)}::text as title, jsonb_build_array(${sql.join(shownTexts, sql`, `)}) as texts, jsonb_build_array(${sql.join(shownPhones, sql`, `)}) || ${numbers} as numbers
    from ${table} t where t.id in (select id from (${sql.join(found, sql` union all `)}) as counted)
    order by length(${column(title.column)}::text), t.id limit ${limit}`);
  return rows.map((row) => ({
    id: row.id,
    title: row.title ?? '',
    texts: row.texts.filter((text) => typeof text.written === 'string' && typeof text.folded === 'string'),
    numbers: row.numbers.flatMap(({ field, e164 }) => (e164 === null ? [] : [{ field, e164 }])),
  }));
}
