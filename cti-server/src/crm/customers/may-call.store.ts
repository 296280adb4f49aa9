/** What is written down about calling somebody, read by the exact number or the customer. */
import { sql, type SQL } from 'drizzle-orm';
import type { Connection } from '../database.store.ts';
import type { CallFacts } from './may-call-rules.ts';

interface Row extends Record<string, unknown> {
  customer_id: string;
  name: string;
  e164: string | null;
  do_not_call: boolean | null;
  reason: string | null;
  since: Date | string | null;
  by_name: string | null;
  consent: CallFacts['consent'];
  is_deleted: boolean;
}

const ofNumber = (which: SQL): SQL => sql`
  select c.id as customer_id, c.name, p.e164, p.do_not_call, p.do_not_call_reason as reason, p.do_not_call_since as since, u.name as by_name,
         p.consents->'call' as consent, c.deleted_at is not null as is_deleted
  from customer_phones p join customers c on c.id = p.customer_id left join users u on u.id = p.do_not_call_by_id where ${which}`;
/** The record's own consent has no purpose: it is for being called. */
const ofCustomer = (which: SQL): SQL => sql`
  select c.id as customer_id, c.name, null as e164, coalesce(c.do_not_call, false) as do_not_call, c.do_not_call_reason as reason, c.do_not_call_since as since, u.name as by_name,
         case when c.consent_until is null then null
              else jsonb_build_object('given', 'yes', 'source', coalesce(c.consent_source, ''), 'wording', coalesce(c.consent_text, ''), 'until', c.consent_until::text) end as consent,
         c.deleted_at is not null as is_deleted
  from customers c left join users u on u.id = c.do_not_call_by_id where ${which}`;

/** Of these numbers, and of the customers whose they are, also those in the trash. With each the number that was asked for. */
export async function factsOfNumbers(connection: Connection, numbers: readonly string[]): Promise<(CallFacts & { askedFor: string })[]> {
  if (numbers.length === 0) return [];
  const asked = sql`any (${sql.param([...numbers])}::text[])`;
  const { rows } = await connection.execute<Row & { asked: string }>(sql`
    select f.e164 as asked, f.* from (${ofNumber(sql`p.e164 = ${asked}`)}) as f
    union all
    select p.e164 as asked, f.* from (select distinct e164, customer_id from customer_phones where e164 = ${asked}) p
      cross join lateral (${ofCustomer(sql`c.id = p.customer_id`)}) as f`);
  return rows.map((row) => ({ ...toFacts(row), askedFor: row.asked }));
}

/** Of a customer as a whole. A merged one is the one it became. */
export async function factsOfCustomer(connection: Connection, customerId: string): Promise<CallFacts[]> {
  const { rows } = await connection.execute<Row>(ofCustomer(sql`c.id = coalesce((select merged_into_id from customers where id = ${customerId}::uuid), ${customerId}::uuid)`));
  return rows.map(toFacts);
}

const toFacts = (row: Row): CallFacts => ({
  customerId: row.customer_id,
  customerName: row.name,
  number: row.e164,
  doNotCall: row.do_not_call ?? false,
  reason: row.reason ?? '',
  since: row.since === null ? null : new Date(row.since).toISOString(),
  byName: row.by_name,
  consent: row.consent,
  isDeleted: row.is_deleted,
});
