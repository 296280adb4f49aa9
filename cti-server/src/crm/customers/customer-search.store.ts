import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from '../database.store.ts';
import { literal, type SearchWord } from '../search-words.ts';
import { atBeginnings, matches, mostMatchesToSort } from '../text-search.store.ts';
import type { NumberPatterns } from './number-patterns.ts';

/**
 * Finds customers a page at a time over millions of them. What is looked for is looked for in stages, the likeliest first:
 *   numbers that begin so, numbers that end so, names that begin so, texts in which each word begins so, texts that have it anywhere.
 * A customer is found in the first stage that fits and in no other. Within a stage the order is that of an index: numbers by their
 * digits, the rest by name without accents. Where thousands fit, the last two stages are one: the next by name is found at once, while
 * ranking would have to read them all first.
 */
export interface FoundCustomer {
  stage: number;
  /** What the stage is ordered by. */
  key: string;
  id: string;
}
export interface CustomerSearch {
  /** All that was typed, folded. */
  text: string;
  words: readonly SearchWord[];
  numbers: NumberPatterns | null;
  tier: string | undefined;
}

interface Stage {
  /** A cursor of one of these stages is read on here. */
  stages: readonly number[];
  /** Up to `limit` customers behind `after`. */
  read: (after: FoundCustomer | undefined, limit: number) => Promise<FoundCustomer[]>;
}

const folded = sql`c.search_text`;
const order = sql`c.search_text collate "C", c.id`;

/** All customers by name. */
export async function listByName(connection: Connection, tier: string | undefined, after: FoundCustomer | undefined, limit: number): Promise<FoundCustomer[]> {
  return readInOrder(connection, 0, alive(tier), after, limit);
}

/** See above. Reads on through the stages until `limit` are found. */
export async function searchCustomers(connection: Connection, search: CustomerSearch, after: FoundCustomer | undefined, limit: number): Promise<FoundCustomer[]> {
  const found: FoundCustomer[] = [];
  for (const { stages, read } of stagesOf(connection, search)) {
    if (found.length >= limit) break;
    if (after !== undefined && stages.every((stage) => stage < after.stage)) continue;
    found.push(...(await read(after !== undefined && stages.includes(after.stage) ? after : undefined, limit - found.length)));
  }
  return found;
}

function stagesOf(connection: Connection, search: CustomerSearch): Stage[] {
  const beginnings = (search.numbers?.beginnings ?? []).map((start) => ({ key: sql`collate "C"`, start, reversed: false }));
  const ends = (search.numbers?.ends ?? []).map((end) => ({ key: sql`collate "C"`, start: [...end].reverse().join(''), reversed: true }));
  const patterns = [...beginnings, ...ends];
  const fits = (row: SQL, pattern: (typeof patterns)[number]): SQL => sql`${numberKey(row, pattern.reversed)} like ${`${literal(pattern.start)}%`}`;
  const numberStages = patterns.map((pattern, stage): Stage => ({
    stages: [stage],
    read: (after, limit) =>
      readNumbers(connection, stage, {
        fits: (row) => fits(row, pattern),
        key: (row) => numberKey(row, pattern.reversed),
        fitsEarlier: (row) => sql.join([sql`false`, ...patterns.slice(0, stage).map((earlier) => fits(row, earlier))], sql` or `),
        tier: search.tier,
      }, after, limit),
  }));
  if (search.words.length === 0) return numberStages;

  const byNumber = sql`exists (select from customer_phones q where q.customer_id = c.id and (${sql.join(patterns.map((pattern) => fits(sql`q`, pattern)), sql` or `)}) offset 0)`;
  const rest = patterns.length === 0 ? alive(search.tier) : sql`${alive(search.tier)} and not ${byNumber}`;
  return [...numberStages, ...textStages(connection, search, rest, numberStages.length)];
}

const numberKey = (row: SQL, reversed: boolean): SQL => (reversed ? sql`reverse(${row}.e164) collate "C"` : sql`${row}.e164 collate "C"`);
const alive = (tier: string | undefined): SQL => (tier === undefined ? sql`c.deleted_at is null` : sql`c.deleted_at is null and c.tier = ${tier}`);

interface NumberStage {
  fits(row: SQL): SQL;
  key(row: SQL): SQL;
  fitsEarlier(row: SQL): SQL;
  tier: string | undefined;
}

async function readNumbers(connection: Connection, stage: number, which: NumberStage, after: FoundCustomer | undefined, limit: number): Promise<FoundCustomer[]> {
  const [p, q] = [sql`p`, sql`q`];
  const behind = after === undefined ? sql`true` : sql`(${which.key(p)}, p.customer_id) > (${after.key}, ${after.id}::uuid)`;
  // A customer with several numbers that fit is found by the first of them. offset 0: looked up row by row, for the page is short.
  const { rows } = await connection.execute<{ key: string; id: string }>(sql`
    select ${which.key(p)} as key, p.customer_id as id
    from customer_phones p join customers c on c.id = p.customer_id
    where ${which.fits(p)} and ${behind} and ${alive(which.tier)}
      and not exists (select from customer_phones q where q.customer_id = p.customer_id
                      and (${which.fitsEarlier(q)} or (${which.fits(q)} and ${which.key(q)} < ${which.key(p)})) offset 0)
    order by ${which.key(p)}, p.customer_id limit ${limit}`);
  return rows.map((row) => ({ stage, ...row }));
}

function textStages(connection: Connection, { text, words }: CustomerSearch, rest: SQL, firstStage: number): Stage[] {
  const beginsSo = sql`c.search_text collate "C" like ${`${literal(text)}%`}`;
  const [named, atWord, inside, many] = [firstStage, firstStage + 1, firstStage + 2, firstStage + 3];
  const fits = (how: { walked: boolean }): SQL => sql`${rest} and not ${beginsSo} and ${matches(folded, words, how)}`;
  let few: FoundCustomer[] | null = null;
  return [
    { stages: [named], read: (after, limit) => readInOrder(connection, named, sql`${rest} and ${beginsSo}`, after, limit) },
    {
      stages: [atWord, inside],
      async read(after, limit) {
        const rank = sql`case when ${atBeginnings(sql`f.search_text`, words)} then ${atWord}::int else ${inside}::int end`;
        const isBehind = after === undefined ? sql`true` : sql`(stage, key collate "C", id) > (${after.stage}::int, ${after.key}, ${after.id}::uuid)`;
        few = await unlessMany(connection, fits({ walked: false }), sql`
          select stage, key, id from (select ${rank} as stage, f.search_text as key, f.id from f) as ranked
          where ${isBehind} order by stage, key collate "C", id limit ${limit}`);
        return few ?? [];
      },
    },
    {
      stages: [many],
      async read(after, limit) {
        // what only the page before could tell: were they few, that stage has given them all
        return few === null ? readInOrder(connection, many, fits({ walked: true }), after, limit) : [];
      },
    },
  ];
}

/** What `page` selects from `f`, the customers that fit; null when they are too many to be read before the page is cut. */
async function unlessMany(connection: Connection, condition: SQL, page: SQL): Promise<FoundCustomer[] | null> {
  const { rows } = await connection.execute<{ many: boolean; stage: number | null; key: string; id: string }>(sql`
    with f as materialized (select c.id, c.search_text from customers c where ${condition} limit ${mostMatchesToSort + 1})
    select counted.many, page.* from (select count(*) > ${mostMatchesToSort} as many from f) as counted
    left join lateral (${page}) as page on not counted.many
    order by page.stage, page.key collate "C", page.id`);
  if (rows[0]?.many) return null;
  return rows.flatMap(({ stage, key, id }) => (stage === null ? [] : [{ stage, key, id }]));
}

const behind = (after: FoundCustomer | undefined): SQL =>
  after === undefined ? sql`true` : sql`(c.search_text collate "C", c.id) > (${after.key}, ${after.id}::uuid)`;

async function readInOrder(connection: Connection, stage: number, condition: SQL, after: FoundCustomer | undefined, limit: number): Promise<FoundCustomer[]> {
  const { rows } = await connection.execute<{ key: string; id: string }>(sql`
    select c.search_text as key, c.id from customers c where ${condition} and ${behind(after)} order by ${order} limit ${limit}`);
  return rows.map((row) => ({ stage, ...row }));
}
