import { sql, type SQL } from 'drizzle-orm';
import type { Duplicate } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';
import { comparable } from './field-columns.ts';
import { reachParts, withinReach } from './reach.store.ts';
import type { LiveField, LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

const atMost = 20;
/** Trigrams that two names share: "Comercial Ibáñez" and "Comercial Ibañes S.L." are similar. */
const similarity = 0.55;
/** So many rows are read for one page of groups at most; a page may end before it is full. */
const readPerPage = 20_000;

export interface Typed {
  numbers: readonly string[];
  email: string | null;
  name: string | null;
}

const isoOf = (value: unknown): string => new Date(value as string | Date).toISOString();
const emailField = (type: LiveType): LiveField | undefined => [...type.fields.values()].find((field) => field.kind === 'email' && !field.encrypted && !field.custom);

/** Records that may be the one that is being typed, each with all its reasons. */
export async function findDuplicates(connection: Connection, type: LiveType, viewer: { userId: string }, userIds: readonly string[] | null, typed: Typed, exceptId: string | null): Promise<Duplicate[]> {
  const { declaration } = type;
  const table = sql.identifier(declaration.table);
  const title = type.fields.get(declaration.titleField);
  if (!title) return [];
  const name = sql`t.${sql.identifier(title.column)}`;
  const email = emailField(type);
  const ways: SQL[] = [];
  const way = (reason: string, field: string, text: SQL, from: SQL, condition: SQL): void => {
    for (const reach of reachParts(type, viewer, userIds)) {
      ways.push(sql`(select t.id, ${reason}::text as reason, ${field}::text as field, ${text} as text from ${from} where t.deleted_at is null and t.id is distinct from ${exceptId}::uuid and ${condition} and ${reach} limit ${atMost})`);
    }
  };
  if (typed.numbers.length > 0) {
    const numbers = sql`any (${sql.param([...typed.numbers])}::text[])`;
    if (declaration.numbers) {
      const { table: owned, record, e164 } = declaration.numbers;
      way('number', 'phone', sql`n.${sql.identifier(e164)}`, sql`${sql.identifier(owned)} n join ${table} t on t.id = n.${sql.identifier(record)}`, sql`n.${sql.identifier(e164)} = ${numbers}`);
    }
    for (const field of type.fields.values())
      if (field.kind === 'phone' && !field.encrypted) way('number', field.key, sql`t.${sql.identifier(field.column)}`, sql`${table} t`, sql`reverse(t.${sql.identifier(field.column)}) collate "C" = any (select reverse(x) from unnest(${sql.param([...typed.numbers])}::text[]) x)`);
  }
  if (typed.email !== null && email) way('email', email.key, sql`t.${sql.identifier(email.column)}`, sql`${table} t`, sql`${comparable(email)} = fold_text(${typed.email})`);
  if (typed.name !== null) {
    way('sameName', title.key, name, sql`${table} t`, sql`${comparable(title)} = fold_text(${typed.name})`);
    const find = sql`t.${sql.identifier(baseColumns(declaration).findText)}`;
    // through the trigram index first, then measured against the name alone
    if (typed.name.length >= 4) way('similarName', title.key, name, sql`${table} t`, sql`${find} %> fold_text(${typed.name}) and similarity(${comparable(title)}, fold_text(${typed.name})) >= ${similarity}`);
  }
  if (ways.length === 0) return [];
  const { rows } = await connection.execute<{ id: string; title: string; updated_at: Date | string; reasons: Duplicate['reasons'] }>(sql`
    select t.id, ${name} as title, t.${sql.identifier(baseColumns(declaration).updatedAt)} as updated_at, d.reasons from (
      select id, jsonb_agg(distinct jsonb_build_object('reason', reason, 'field', field, 'text', text)) as reasons,
        min(array_position(array['number', 'email', 'sameName', 'similarName'], reason)) as best
      from (${sql.join(ways, sql` union all `)}) as found group by id) as d
    join ${table} t on t.id = d.id order by d.best, jsonb_array_length(d.reasons) desc, t.id limit ${atMost}`);
  return rows.map((row) => ({ id: row.id, title: row.title, updatedAt: isoOf(row.updated_at), reasons: withoutSimilarWhereSame(row.reasons) }));
}

const withoutSimilarWhereSame = (reasons: Duplicate['reasons']): Duplicate['reasons'] =>
  reasons.some((one) => one.reason === 'sameName') ? reasons.filter((one) => one.reason !== 'similarName') : reasons;

export interface Group extends Record<string, unknown> {
  text: string;
  records: { id: string; title: string; version: number; updatedAt: string }[];
}

/** Living records that share a number, an e-mail or a name, read along the index of it. `last` is where to go on; null at the end. */
export async function listGroups(connection: Connection, type: LiveType, viewer: { userId: string }, userIds: readonly string[] | null, by: 'number' | 'email' | 'sameName', after: string, limit: number): Promise<{ groups: Group[]; last: string | null }> {
  const { declaration } = type;
  const table = sql.identifier(declaration.table);
  const title = type.fields.get(declaration.titleField);
  const email = emailField(type);
  if (!title) return { groups: [], last: null };
  const phone = [...type.fields.values()].find((field) => field.kind === 'phone' && !field.encrypted);
  const owned = declaration.numbers;
  const source =
    by === 'number' && owned
      ? { key: sql`n.${sql.identifier(owned.e164)} collate "C"`, id: sql`n.${sql.identifier(owned.record)}`, from: sql`${sql.identifier(owned.table)} n`, alive: sql`true` }
      : by === 'number' && phone
        ? { key: sql`t.${sql.identifier(phone.column)} collate "C"`, id: sql`t.id`, from: sql`${table} t`, alive: sql`t.deleted_at is null and t.${sql.identifier(phone.column)} is not null` }
        : by === 'email' && email
          ? { key: comparable(email), id: sql`t.id`, from: sql`${table} t`, alive: sql`t.deleted_at is null and t.${sql.identifier(email.column)} is not null` }
          : { key: comparable(title), id: sql`t.id`, from: sql`${table} t`, alive: sql`t.deleted_at is null` };
  const groups: Group[] = [];
  let from = after;
  for (let read = 0; read < readPerPage && groups.length < limit; read += 5_000) {
    const { rows } = await connection.execute<{ last: string | null; groups: { key: string; ids: string[] }[] | null }>(sql`
      with slice as materialized (select ${source.key} as key, ${source.id} as id from ${source.from} where ${source.alive} and ${source.key} > ${from} order by 1 limit 5000),
      whole as (select key, id from slice where (select count(*) from slice) < 5000 or key < (select max(key) from slice)),
      many as (select key, array_agg(distinct id) as ids from whole group by key having count(distinct id) > 1)
      select (select max(key) from whole) as last, (select json_agg(json_build_object('key', key, 'ids', ids) order by key) from many) as groups`);
    const [slice] = rows;
    const candidates = slice?.groups ?? [];
    for (const { key, ids } of candidates) {
      const { rows: records } = await connection.execute<{ id: string; title: string; version: number; updated_at: Date }>(sql`
        select t.id, t.${sql.identifier(title.column)} as title, t.version, t.${sql.identifier(baseColumns(declaration).updatedAt)} as updated_at
        from ${table} t where t.id = any (${sql.param(ids)}::uuid[]) and t.deleted_at is null and ${withinReach(type, viewer, userIds)} order by t.id limit 20`);
      if (records.length > 1) groups.push({ text: key, records: records.map((one) => ({ id: one.id, title: one.title, version: one.version, updatedAt: isoOf(one.updated_at) })) });
      if (groups.length === limit) return { groups, last: key };
    }
    if (slice?.last == null) return { groups, last: null };
    from = slice.last;
  }
  return { groups, last: from };
}
