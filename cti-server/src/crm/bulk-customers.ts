import pg from 'pg';

const prefixes = ['+346', '+346', '+346', '+346', '+346', '+86138', '+86138', '+8869', '+5255', '+4470'];

/**
 * The number of the i-th synthetic customer (0 ≤ i < 100,000,000). Five in ten are Spanish, two Chinese, one each from Taiwan, Mexico and
 * Britain. Counted, not random, so that a benchmark knows whom it calls as.
 */
export function bulkNumber(i: number): string {
  const digits = String(i).padStart(8, '0');
  return `${prefixes[i % 10] ?? ''}${digits}`;
}

const numberInSql = `('{${prefixes.join(',')}}'::text[])[1 + i % 10] || lpad(i::text, 8, '0')`;

const spanish = {
  given: 'María,José,Antonio,Carmen,Manuel,Lucía,Jesús,Ángel,Pilar,Francisco,Álvaro,Inés,Sofía,Andrés,Begoña,Íñigo,Nuria,Óscar,Rocío,Víctor',
  family: 'García,Martínez,López,Sánchez,Pérez,Gómez,Fernández,Ibáñez,Núñez,Muñoz,Díaz,Álvarez,Peña,Castaño,Rodríguez,Ruiz,Vázquez,Domínguez,Ortiz,Zúñiga',
  company: 'Talleres,Clínica,Transportes,Panadería,Ferretería,Asesoría,Hotel,Academia',
};
const chinese = {
  given: '芳,伟,娜,敏,静,丽,强,磊,军,洋,勇,艳,杰,娟,涛,明,超,秀英,霞,平,建国,志强,晓明,雅婷,淑芬',
  family: '王,李,张,刘,陈,杨,黄,赵,吴,周,徐,孙,马,朱,胡,林,郭,何,高,罗',
  company: '上海东方贸易,北京华信科技,广州南天物流,深圳海纳电子,台北日新工業,高雄永豐企業,成都锦城食品,杭州西湖软件',
};
const english = {
  given: 'Oliver,Amelia,George,Isla,Harry,Ava,Noah,Mia,Jack,Freya,Leo,Grace,Arthur,Willow,Oscar,Ivy,Henry,Zoë,Chloé,Seán',
  family: 'Smith,Jones,Taylor,Brown,Williams,Wilson,Johnson,Davies,Patel,Wright,Walker,White,Edwards,Green,Hall,Wood,Clarke,Hughes,O’Neill,Khan',
  company: 'Plumbing,Bakery,Motors,Garden Centre,Dental Care,Logistics,Books,Letting Agents',
};
const list = (names: string): string => `('{${names}}'::text[])`;
const pick = (names: string, salt: number): string =>
  `${list(names)}[1 + abs(hashint8extended(i, ${String(salt)} + $3::bigint) % ${String(names.split(',').length)})]`;
const person = (names: typeof spanish, join: string): string => `${pick(names.given, 1)} || '${join}' || ${pick(names.family, 2)}`;

const cities = 'Madrid,Barcelona,Valencia,Sevilla,Zaragoza,Málaga,Bilbao,Vigo,Ávila,北京,上海,广州,深圳,台北,高雄,Monterrey,Puebla,London,Leeds,Bristol';

const insertCustomers = (hasOwners: boolean): string => `
  insert into customers (id, name, kind, company, tier, email, city, country, notes, created_at, updated_at${hasOwners ? ', owner_id' : ''})
  select ('0190' || lpad(to_hex(i), 8, '0') || '7000' || '8' || substr(md5($3::text || i::text), 1, 15))::uuid,
         case when i % 10 in (5, 6, 7) then ${pick(chinese.family, 2)} || ${pick(chinese.given, 1)}
              when i % 10 = 9 then ${person(english, ' ')}
              else ${person(spanish, ' ')} || ' ' || ${pick(spanish.family, 3)} end,
         case when i % 7 = 0 then 'company' else 'person' end,
         case when i % 3 > 0 then null when i % 10 in (5, 6, 7) then ${pick(chinese.company, 4)} || '有限公司'
              when i % 10 = 9 then ${pick(english.family, 5)} || ' ' || ${pick(english.company, 4)} || ' ' || i % 997
              else ${pick(spanish.company, 4)} || ' ' || ${pick(spanish.family, 5)} || ' ' || i % 997 end,
         (array['A','B','B','B','C'])[1 + i % 5],
         case when i % 2 = 0 then 'customer' || i || '@' || (array['example.com','example.org','example.net'])[1 + i % 3] end,
         ${hasOwners ? pick(cities, 6) : 'null'}, case when i % 10 < 5 then 'ES' when i % 10 < 7 then 'CN' when i % 10 = 7 then 'TW' when i % 10 = 8 then 'MX' else 'GB' end,
         '', $4::timestamptz, $4::timestamptz${hasOwners ? " - i * interval '1 second', ($5::uuid[])[1 + abs(hashint8extended(i, 7)) % cardinality($5::uuid[])]" : ''}
  from generate_series($1::bigint, $2::bigint) as i`;

const insertPhones = `
  insert into customer_phones (id, customer_id, e164, kind, is_main)
  select ('0190' || lpad(to_hex(i), 8, '0') || '7001' || '8' || substr(md5($3::text || i::text), 1, 15))::uuid,
         ('0190' || lpad(to_hex(i), 8, '0') || '7000' || '8' || substr(md5($3::text || i::text), 1, 15))::uuid,
         ${numberInSql}, 'mobile', true
  from generate_series($1::bigint, $2::bigint) as i`;

/**
 * Fills a database for benchmarks: `count` synthetic customers, one number each ({@link bulkNumber}), the same for the same seed.
 * Indexes and references are dropped before and made again after, in one transaction that holds both tables: not for a database at work.
 * @param options.from index of the first customer, to add to an earlier run
 * @param options.owners users among whom the customers are divided; then they also have cities, and were changed one second after the other
 */
export async function fillWithBulkCustomers(
  url: string,
  options: { count: number; seed?: number; from?: number; now: number; owners?: readonly string[] },
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const first = options.from ?? 0;
    const values = [first, first + options.count - 1, options.seed ?? 1, new Date(options.now)];
    await client.query('begin');
    await client.query("set local synchronous_commit = off; set local maintenance_work_mem = '256MB'");
    const indexes = await client.query<{ indexname: string; indexdef: string }>(
      "select indexname, indexdef from pg_indexes where schemaname = current_schema() and tablename in ('customers', 'customer_phones') and indexname not like '%_pkey'",
    );
    const references = await client.query<{ name: string; definition: string }>(
      "select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = 'customer_phones'::regclass and contype = 'f'",
    );
    // checked for all rows at once afterwards, not row by row
    for (const { name } of references.rows) await client.query(`alter table customer_phones drop constraint ${client.escapeIdentifier(name)}`);
    for (const { indexname } of indexes.rows) await client.query(`drop index ${client.escapeIdentifier(indexname)}`);
    await client.query(insertCustomers(options.owners !== undefined), options.owners ? [...values, [...options.owners]] : values);
    await client.query(insertPhones, values.slice(0, 3));
    for (const { indexdef } of indexes.rows) await client.query(indexdef);
    for (const { name, definition } of references.rows) {
      await client.query(`alter table customer_phones add constraint ${client.escapeIdentifier(name)} ${definition}`);
    }
    await client.query('commit');
    // the visibility map lets lists be read from the index alone
    await client.query('vacuum analyze customers');
    await client.query('vacuum analyze customer_phones');
  } finally {
    await client.end();
  }
}
