/** Numbers, e-mails and addresses of customers and of the contacts at them. */
import { and, asc, eq, sql } from 'drizzle-orm';
import type { AddressPoint, CustomerPhone, EmailPoint } from '../../contracts/index.ts';
import { customerAddresses, customerEmails, customerPhones } from '../../db/index.ts';
import type { Connection, Transaction } from '../database.store.ts';

export type StoredPhone = typeof customerPhones.$inferSelect;
export type NewPhone = typeof customerPhones.$inferInsert;
export type StoredEmail = typeof customerEmails.$inferSelect;
export type StoredAddress = typeof customerAddresses.$inferSelect;

/** False when the customer has this number already. */
export async function insertPhone(tx: Transaction, phone: NewPhone): Promise<boolean> {
  const made = await tx.insert(customerPhones).values(phone).onConflictDoNothing({ target: [customerPhones.e164, customerPhones.customerId] }).returning();
  return made.length > 0;
}

export const countPhones = (tx: Transaction, customerId: string): Promise<number> => tx.$count(customerPhones, eq(customerPhones.customerId, customerId));

export async function findPhone(tx: Transaction, customerId: string, phoneId: string): Promise<StoredPhone | undefined> {
  const [found] = await tx.select().from(customerPhones).where(and(eq(customerPhones.id, phoneId), eq(customerPhones.customerId, customerId)));
  return found;
}

/** Throws Postgres' unique violation when the customer has that number already. */
export async function updatePhone(tx: Transaction, phone: Pick<StoredPhone, 'id' | 'customerId'>, changes: Partial<Omit<StoredPhone, 'id' | 'customerId'>>): Promise<void> {
  if (changes.isMain) await tx.update(customerPhones).set({ isMain: false }).where(and(eq(customerPhones.customerId, phone.customerId), eq(customerPhones.isMain, true)));
  await tx.update(customerPhones).set(changes).where(eq(customerPhones.id, phone.id));
}

/** The number that was removed; undefined when the customer has no such one. The next one becomes the main number if it was that. */
export async function deletePhone(tx: Transaction, customerId: string, phoneId: string): Promise<string | undefined> {
  const [gone] = await tx.delete(customerPhones).where(and(eq(customerPhones.id, phoneId), eq(customerPhones.customerId, customerId))).returning();
  if (gone?.isMain) {
    await tx.execute(sql`update customer_phones set is_main = true
      where id = (select id from customer_phones where customer_id = ${customerId}::uuid order by id limit 1)`);
  }
  return gone?.e164;
}

/** All of a customer, the main number first. */
export async function contactPointsOf(connection: Connection, customerId: string): Promise<{ phones: CustomerPhone[]; emails: EmailPoint[]; addresses: AddressPoint[] }> {
  const { rows } = await connection.execute<Omit<StoredPhone, 'doNotCallSince'> & { doNotCallSince: Date | string | null; doNotCallByName: string | null }>(sql`
    select p.id, p.e164, p.kind, p.label, p.contact_id as "contactId", p.is_main as "isMain", p.consents, p.do_not_call as "doNotCall",
      p.do_not_call_reason as "doNotCallReason", p.do_not_call_since as "doNotCallSince", u.name as "doNotCallByName"
    from customer_phones p left join users u on u.id = p.do_not_call_by_id where p.customer_id = ${customerId}::uuid order by p.is_main desc, p.id`);
  const emails = await connection.select().from(customerEmails).where(eq(customerEmails.customerId, customerId)).orderBy(asc(customerEmails.id));
  const addresses = await connection.select().from(customerAddresses).where(eq(customerAddresses.customerId, customerId)).orderBy(asc(customerAddresses.id));
  return {
    phones: rows.map((row) => ({ ...row, kind: row.kind as CustomerPhone['kind'], doNotCallSince: row.doNotCallSince === null ? null : new Date(row.doNotCallSince).toISOString() })),
    emails: emails.map(({ customerId: _customerId, mergeId: _mergeId, kind, ...email }) => ({ ...email, kind: kind as EmailPoint['kind'] })),
    addresses: addresses.map(({ customerId: _customerId, mergeId: _mergeId, kind, ...address }) => ({ ...address, kind: kind as AddressPoint['kind'] })),
  };
}

/** False when the customer has this e-mail already. */
export async function insertEmail(tx: Transaction, email: typeof customerEmails.$inferInsert): Promise<boolean> {
  return (await tx.insert(customerEmails).values(email).onConflictDoNothing().returning()).length > 0;
}
export async function findEmail(tx: Transaction, customerId: string, emailId: string): Promise<StoredEmail | undefined> {
  const [found] = await tx.select().from(customerEmails).where(and(eq(customerEmails.id, emailId), eq(customerEmails.customerId, customerId)));
  return found;
}
/** Throws Postgres' unique violation when the customer has that e-mail already. */
export async function updateEmail(tx: Transaction, emailId: string, changes: Partial<Omit<StoredEmail, 'id' | 'customerId'>>): Promise<void> {
  await tx.update(customerEmails).set(changes).where(eq(customerEmails.id, emailId));
}
export async function deleteEmail(tx: Transaction, emailId: string): Promise<void> {
  await tx.delete(customerEmails).where(eq(customerEmails.id, emailId));
}

export async function insertAddress(tx: Transaction, address: typeof customerAddresses.$inferInsert): Promise<void> {
  await tx.insert(customerAddresses).values(address);
}
export async function findAddress(tx: Transaction, customerId: string, addressId: string): Promise<StoredAddress | undefined> {
  const [found] = await tx.select().from(customerAddresses).where(and(eq(customerAddresses.id, addressId), eq(customerAddresses.customerId, customerId)));
  return found;
}
export async function updateAddress(tx: Transaction, addressId: string, changes: Partial<Omit<StoredAddress, 'id' | 'customerId'>>): Promise<void> {
  await tx.update(customerAddresses).set(changes).where(eq(customerAddresses.id, addressId));
}
export async function deleteAddress(tx: Transaction, addressId: string): Promise<void> {
  await tx.delete(customerAddresses).where(eq(customerAddresses.id, addressId));
}

/** What a merge put into the lists goes with it when it is undone. */
export async function forgetMerged(tx: Transaction, mergeId: string): Promise<void> {
  await tx.delete(customerEmails).where(eq(customerEmails.mergeId, mergeId));
  await tx.delete(customerAddresses).where(eq(customerAddresses.mergeId, mergeId));
}
