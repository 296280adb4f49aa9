import { contacts, customerPhones, customers, tickets, timelineEntries } from '../db/index.ts';
import type { Transaction } from './database.store.ts';

export interface NewDemoCustomer {
  customer: Omit<typeof customers.$inferInsert, 'searchText'>;
  phone: typeof customerPhones.$inferInsert;
  contacts: (typeof contacts.$inferInsert)[];
  tickets: Omit<typeof tickets.$inferInsert, 'number'>[];
  timeline: (numberOfTicket: (ticketId: string) => number) => (typeof timelineEntries.$inferInsert)[];
}

/** Adds the customer with all that belongs to it; false, and nothing added, when it is there already. */
export async function addDemoCustomer(tx: Transaction, demo: NewDemoCustomer): Promise<boolean> {
  const made = await tx.insert(customers).values(demo.customer).onConflictDoNothing().returning({ id: customers.id });
  if (made.length === 0) return false;
  await tx.insert(customerPhones).values(demo.phone);
  if (demo.contacts.length > 0) await tx.insert(contacts).values(demo.contacts);
  const numbers = new Map<string, number>();
  if (demo.tickets.length > 0) {
    for (const { id, number } of await tx.insert(tickets).values(demo.tickets).returning()) numbers.set(id, number);
  }
  const entries = demo.timeline((ticketId) => numbers.get(ticketId) ?? 0);
  if (entries.length > 0) await tx.insert(timelineEntries).values(entries);
  return true;
}
