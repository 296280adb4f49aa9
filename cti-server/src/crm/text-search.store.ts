import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from './database.store.ts';
import { literal, searchWords, type SearchWord } from './search-words.ts';

/** Up to so many matches are read whole and put in order; more are found in order, by walking the index of the order until the page is full. */
export const mostMatchesToSort = 5_000;

/** The words looked for, folded in the database, so that both sides are folded by the same function. */
export async function foldSearch(connection: Connection, search: string): Promise<{ text: string; words: SearchWord[] }> {
  const { rows } = await connection.execute<{ folded: string }>(sql`select fold_text(${search.normalize('NFC')}) as folded`);
  const text = (rows[0]?.folded ?? '').trim().replaceAll(/\s+/gu, ' ');
  return { text, words: searchWords(text) };
}

/**
 * True when every word is in `folded`: anywhere, or at the beginning of a word if it is short. `walked` is for walking the index of an
 * order until a page is full: it keeps the trigram index out, because the planner does not know that the page will be full soon.
 */
export function matches(folded: SQL, words: readonly SearchWord[], how: { walked: boolean }): SQL {
  const hidden = sql`(${folded} || '')`;
  // one or two letters find half of the table in the index: left to the rows that the longer words find
  const onlyShort = words.every((word) => !word.anywhere);
  const conditions = words.map((word) => {
    if (!word.anywhere) return atBeginning(onlyShort && !how.walked ? folded : hidden, word);
    const pattern = `%${literal(word.text)}%`;
    if (how.walked) return sql`${hidden} like ${pattern}`;
    if (word.hanGrams.length === 0) return sql`${folded} like ${pattern}`;
    return sql`(${folded} like ${pattern} and han_grams(${folded}) @> ${sql.param(word.hanGrams)}::text[])`;
  });
  // the predicate of the index that holds the texts with Chinese alone, which stand together at the end of any order
  const inChinese = how.walked && words.some((word) => word.hanGrams.length > 0) ? [sql`han_grams(${folded}) <> '{}'::text[]`] : [];
  return sql.join([...inChinese, ...conditions], sql` and `);
}

/** True when every word begins a word of `folded`. */
export const atBeginnings = (folded: SQL, words: readonly SearchWord[]): SQL => sql.join(words.map((word) => atBeginning(folded, word)), sql` and `);

function atBeginning(folded: SQL, word: SearchWord): SQL {
  const pattern = literal(word.text);
  return sql`(${folded} like ${`${pattern}%`} or ${folded} like ${`% ${pattern}%`})`;
}
