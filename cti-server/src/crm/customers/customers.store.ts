import { and, eq, sql } from 'drizzle-orm';
import type { Customer, CustomerRow } from '../../contracts/index.ts';
import { contacts, customerPhones, customers } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';

export type StoredCustomer = typeof customers.$inferSelect;
export type StoredContact = typeof contacts.$inferSelect;
export type NewPhone = typeof customerPhones.$inferInsert;

interface Times extends Record<string, unknown> {
  created_at: Date | string;
  updated_at: Date | string;
}

/** A customer with its numbers, the main one first, and its contacts. */
export async function findCustomer(connection: Connection, id: string): Promise<Customer | undefined> {
  const { rows } = await connection.execute<Times & { customer: Omit<Customer, 'createdAt' | 'updatedAt'> }>(sql`
    select c.created_at, c.updated_at, json_build_object(
      'id', c.id, 'name', c.name, 'kind', c.kind, 'company', c.company, 'tier', c.tier, 'email', c.email, 'city', c.city, 'country', c.country,
      'notes', c.notes, 'version', c.version,
      'phones', (select coalesce(json_agg(json_build_object('id', p.id, 'e164', p.e164, 'kind', p.kind, 'label', p.label, 'contactId', p.contact_id)
                                          order by p.is_main desc, p.id), '[]') from customer_phones p where p.customer_id = c.id),
      'contacts', (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'jobTitle', k.job_title, 'email', k.email, 'version', k.version)
                                            order by k.name, k.id), '[]') from contacts k where k.customer_id = c.id and k.deleted_at is null)) as customer
    from customers c where c.id = ${id}::uuid and c.deleted_at is null`);
  const [found] = rows;
  return found && { ...found.customer, createdAt: new Date(found.created_at).toISOString(), updatedAt: new Date(found.updated_at).toISOString() };
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

/** False when the customer has this number already. */
export async function insertPhone(tx: Transaction, phone: NewPhone): Promise<boolean> {
  const made = await tx.insert(customerPhones).values(phone).onConflictDoNothing({ target: [customerPhones.e164, customerPhones.customerId] }).returning();
  return made.length > 0;
}

export const countPhones = (tx: Transaction, customerId: string): Promise<number> => tx.$count(customerPhones, eq(customerPhones.customerId, customerId));

/** The number that was removed; undefined when the customer has no such one. The next one becomes the main number if it was that. */
export async function deletePhone(tx: Transaction, customerId: string, phoneId: string): Promise<string | undefined> {
  const [gone] = await tx.delete(customerPhones).where(and(eq(customerPhones.id, phoneId), eq(customerPhones.customerId, customerId))).returning();
  if (gone?.isMain) {
    await tx.execute(sql`update customer_phones set is_main = true
      where id = (select id from customer_phones where customer_id = ${customerId}::uuid order by id limit 1)`);
  }
  return gone?.e164;
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
