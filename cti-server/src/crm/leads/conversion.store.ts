import { sql } from 'drizzle-orm';
import type { Connection, Transaction } from '../database.store.ts';

export interface StoredConversion {
  id: string;
  leadId: string;
  customerId: string;
  contactId: string | null;
  isNewCustomer: boolean;
  phoneId: string | null;
  stageBefore: string;
  atMs: number;
  userId: string | null;
  userName: string | null;
}

export async function insertConversion(tx: Transaction, made: Omit<StoredConversion, 'userName'>): Promise<void> {
  await tx.execute(sql`
    insert into lead_conversions (id, lead_id, customer_id, contact_id, is_new_customer, phone_id, stage_before, at, user_id)
    values (${made.id}::uuid, ${made.leadId}::uuid, ${made.customerId}::uuid, ${made.contactId}::uuid, ${made.isNewCustomer}, ${made.phoneId}::uuid,
            ${made.stageBefore}, ${new Date(made.atMs).toISOString()}::timestamptz, ${made.userId}::uuid)`);
}

/** The conversion that holds; undefined when there is none, or it was taken back. */
export async function findConversion(connection: Connection, leadId: string): Promise<StoredConversion | undefined> {
  const { rows } = await connection.execute<{ id: string; customer_id: string; contact_id: string | null; is_new_customer: boolean; phone_id: string | null; stage_before: string; at: Date | string; user_id: string | null; user_name: string | null }>(sql`
    select c.*, u.name as user_name from lead_conversions c left join users u on u.id = c.user_id where c.lead_id = ${leadId}::uuid and c.undone_at is null`);
  const [row] = rows;
  return (
    row && {
      ...{ id: row.id, leadId, customerId: row.customer_id, contactId: row.contact_id, isNewCustomer: row.is_new_customer, phoneId: row.phone_id },
      ...{ stageBefore: row.stage_before, atMs: new Date(row.at).getTime(), userId: row.user_id, userName: row.user_name },
    }
  );
}

export async function markUndone(tx: Transaction, id: string, nowMs: number): Promise<void> {
  await tx.execute(sql`update lead_conversions set undone_at = ${new Date(nowMs).toISOString()}::timestamptz where id = ${id}::uuid`);
}

/** Whatever somebody did with a customer since it was made by this conversion: changed it, wrote, rang, opened a ticket, added to it. */
export async function isCustomerUsed(connection: Connection, made: StoredConversion, ownEntryIds: readonly string[]): Promise<boolean> {
  const customer = sql`${made.customerId}::uuid`;
  const { rows } = await connection.execute<{ used: boolean }>(sql`
    select not exists (select from customers c where c.id = ${customer} and c.version = 0 and c.deleted_at is null)
      or exists (select from timeline_entries e where e.customer_id = ${customer} and (e.ref_id is null or e.ref_id <> all (${sql.param([...ownEntryIds])}::uuid[])))
      or exists (select from tickets t where t.customer_id = ${customer})
      or exists (select from customer_phones p where p.customer_id = ${customer} and p.id is distinct from ${made.phoneId}::uuid)
      or (${made.phoneId}::uuid is not null and not exists (select from customer_phones p where p.id = ${made.phoneId}::uuid))
      or exists (select from contacts k where k.customer_id = ${customer} and (k.id is distinct from ${made.contactId}::uuid or k.version > 0))
      or exists (select from leads l where l.customer_id = ${customer} and l.id <> ${made.leadId}::uuid)
      or exists (select from record_comments r where r.record_type = 'customer' and r.record_id = ${customer})
      or exists (select from record_files r where r.record_type = 'customer' and r.record_id = ${customer})
      or exists (select from record_shares r where r.record_type = 'customer' and r.record_id = ${customer}) as used`);
  return rows[0]?.used ?? true;
}

/** A contact of a conversion that nobody changed since. */
export async function isContactUntouched(connection: Connection, contactId: string): Promise<boolean> {
  const { rows } = await connection.execute(sql`
    select from contacts k where k.id = ${contactId}::uuid and k.version = 0 and k.deleted_at is null
      and not exists (select from record_comments r where r.record_type = 'contact' and r.record_id = k.id)`);
  return rows.length > 0;
}

/** All follow-ups of a lead, for the history of the customer that it becomes. */
export async function followUpsOf(connection: Connection, leadId: string): Promise<{ id: string; atMs: number; userId: string | null; text: string; outcome: string }[]> {
  const { rows } = await connection.execute<{ id: string; at: Date | string; user_id: string | null; text: string; outcome: string }>(sql`
    select id, at, user_id, text, outcome from lead_follow_ups where lead_id = ${leadId}::uuid order by at, id`);
  return rows.map((row) => ({ id: row.id, atMs: new Date(row.at).getTime(), userId: row.user_id, text: row.text, outcome: row.outcome }));
}
