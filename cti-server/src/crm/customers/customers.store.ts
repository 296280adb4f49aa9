import { and, eq, sql } from 'drizzle-orm';
import type { Customer, CustomerRow } from '../../contracts/index.ts';
import { contacts, customers } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import { contactPointsOf } from './contact-points.store.ts';

export type StoredCustomer = typeof customers.$inferSelect;
export type StoredContact = typeof contacts.$inferSelect;

interface Times extends Record<string, unknown> {
  created_at: Date | string;
  updated_at: Date | string;
}

/** A customer with its numbers, the main one first, its other e-mails and addresses, and its contacts. */
export async function findCustomer(connection: Connection, id: string): Promise<Customer | undefined> {
  const { rows } = await connection.execute<Times & { do_not_call_since: Date | string | null; customer: Omit<Customer, 'createdAt' | 'updatedAt' | 'doNotCallSince' | 'phones' | 'emails' | 'addresses'> }>(sql`
    select c.created_at, c.updated_at, c.do_not_call_since, json_build_object(
      'id', c.id, 'name', c.name, 'kind', c.kind, 'company', c.company, 'tier', c.tier, 'email', c.email, 'street', c.street, 'postcode', c.postcode,
      'city', c.city, 'region', c.region, 'country', c.country, 'language', c.language, 'doNotCall', c.do_not_call, 'doNotCallReason', c.do_not_call_reason,
      'doNotCallByName', (select u.name from users u where u.id = c.do_not_call_by_id), 'notes', c.notes, 'version', c.version,
      'contacts', (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'jobTitle', k.job_title, 'email', k.email, 'version', k.version)
                                            order by k.name, k.id), '[]') from contacts k where k.customer_id = c.id and k.deleted_at is null)) as customer
    from customers c where c.id = ${id}::uuid and c.deleted_at is null`);
  const [found] = rows;
  if (!found) return undefined;
  const iso = (at: Date | string): string => new Date(at).toISOString();
  const since = found.do_not_call_since;
  return { ...found.customer, ...(await contactPointsOf(connection, id)), doNotCallSince: since === null ? null : iso(since), createdAt: iso(found.created_at), updatedAt: iso(found.updated_at) };
}

/** The lines of a list, in the order of `ids`. */
export async function customerRows(connection: Connection, ids: readonly string[]): Promise<CustomerRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await connection.execute<{ last_contact_at: Date | string | null; line: Omit<CustomerRow, 'lastContactAt'> }>(sql`
    select c.last_contact_at, json_build_object(
      'id', c.id, 'name', c.name, 'kind', c.kind, 'company', c.company, 'tier', c.tier, 'email', c.email, 'city', c.city, 'country', c.country,
      'mainPhone', (select p.e164 from customer_phones p where p.customer_id = c.id order by p.is_main desc, p.id limit 1),
      'openTickets', (select count(*) from tickets t where t.customer_id = c.id and t.closed_at is null and t.deleted_at is null)) as line
    from unnest(${sql.param([...ids])}::uuid[]) with ordinality as wanted (id, place) join customers c on c.id = wanted.id
    order by wanted.place`);
  return rows.map(({ line, last_contact_at: at }) => ({ ...line, lastContactAt: at === null ? null : new Date(at).toISOString() }));
}

/** Takes the customer's row until the transaction ends. */
export async function lockCustomer(tx: Transaction, id: string): Promise<StoredCustomer | undefined> {
  const [found] = await tx.select().from(customers).where(and(eq(customers.id, id), sql`${customers.deletedAt} is null`)).for('update');
  return found;
}

/** The record is younger, but nobody's open form is out of date: numbers and contacts are changed on their own. */
export async function touchCustomer(tx: Transaction, id: string, now: Date): Promise<void> {
  await tx.update(customers).set({ updatedAt: now }).where(eq(customers.id, id));
}

export async function insertContact(tx: Transaction, contact: Omit<StoredContact, 'version'>): Promise<void> {
  await tx.insert(contacts).values(contact);
}

export async function findContact(connection: Connection, customerId: string, contactId: string): Promise<StoredContact | undefined> {
  const [found] = await connection.select().from(contacts).where(and(eq(contacts.id, contactId), eq(contacts.customerId, customerId)));
  return found;
}

export async function updateContact(tx: Transaction, contactId: string, changes: Partial<Omit<StoredContact, 'id' | 'customerId' | 'version'>>): Promise<void> {
  await tx.update(contacts).set({ ...changes, version: sql`${contacts.version} + 1` }).where(eq(contacts.id, contactId));
}

/** The contact's numbers stay with the customer. */
export async function deleteContact(tx: Transaction, contactId: string): Promise<void> {
  await tx.delete(contacts).where(eq(contacts.id, contactId));
}
