import { sql } from 'drizzle-orm';
import type { Locale } from '../contracts/index.ts';
import type { Database } from './database.store.ts';

const countriesOf: Record<Locale, readonly string[]> = { es: ['ES', 'MX'], en: ['GB', 'US'], 'zh-CN': ['CN'], 'zh-TW': ['TW'] };

/** A customer to play the caller of a demo call: the one asked for, else any of those who speak the language. Null when there is none. */
export async function pickDemoCaller(database: Database, language: Locale, customerId: string | undefined): Promise<{ e164: string; name: string } | null> {
  const wanted = customerId === undefined ? sql`c.country = any(${sql.param([...countriesOf[language]])}::text[])` : sql`c.id = ${customerId}`;
  const found = await database.execute<{ e164: string; name: string }>(sql`
    select p.e164, c.name from (
      select c.id, c.name from customers c where ${wanted} and c.deleted_at is null limit 200
    ) c join customer_phones p on p.customer_id = c.id
    order by random() limit 1`);
  return found.rows[0] ?? null;
}
