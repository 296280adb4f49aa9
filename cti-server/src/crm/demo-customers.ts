import type { Locale } from '../contracts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { type Database, inTransaction } from './database.store.ts';
import { addDemoCustomer, type NewDemoCustomer } from './demo-customers.store.ts';
import { demoNumber, demoPeople, type DemoPerson, demoQueueNames, demoTopics } from './demo-people.ts';

/** Somebody who can ring in the demo. */
export interface DemoCaller {
  customerId: string;
  name: string;
  e164: string;
  language: Locale;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * The demo's customers with their numbers, tickets and past calls. Adds those that are missing and leaves the others as they are,
 * whatever was done to them; several servers may do it at once. Answers who can ring, in a fixed order.
 * @param agentIds users who are said to have taken the past calls
 */
export async function ensureDemoCustomers(database: Database, clock: Clock, agentIds: readonly string[] = []): Promise<DemoCaller[]> {
  return inTransaction(database, async (tx) => {
    const callers: DemoCaller[] = [];
    for (const [i, person] of demoPeople.entries()) {
      const customerId = demoCustomerId(i);
      await addDemoCustomer(tx, demoCustomer(i, person, customerId, clock.now(), agentIds));
      callers.push({ customerId, name: person.name, e164: demoNumber(i), language: person.language });
    }
    return callers;
  });
}

/** The same in every installation, so that a second start finds them. */
const demoCustomerId = (i: number): string => `00000000-0000-7000-8000-${String(i + 1).padStart(12, '0')}`;

function demoCustomer(i: number, person: DemoPerson, customerId: string, nowMs: number, agentIds: readonly string[]): NewDemoCustomer {
  const topics = demoTopics[person.language];
  const topicOf = (n: number): readonly [string, string] => topics[(i + n) % topics.length] ?? ['', ''];
  const agentOf = (n: number): string | null => agentIds[(i + n) % Math.max(1, agentIds.length)] ?? null;
  const calls = Array.from({ length: i % 8 === 7 ? 0 : 4 - (i % 4) }, (_, n) => ({ n, atMs: nowMs - ((i % 5) + 1 + n * 9) * dayMs - i * 7 * minuteMs }));
  const demoTickets = Array.from({ length: person.tier === 'A' ? 2 : i % 2 }, (_, n) => ticketOf(n));
  const createdAt = new Date(nowMs - (200 + i * 11) * dayMs);
  const [lastCall] = calls;

  return {
    customer: {
      id: customerId,
      name: person.name,
      kind: person.company === undefined ? 'person' : 'company',
      company: person.company ?? null,
      tier: person.tier,
      email: `customer${String(i + 1)}@example.com`,
      city: person.city,
      country: person.country,
      notes: person.notes ?? '',
      lastContactAt: lastCall === undefined ? null : new Date(lastCall.atMs),
      createdAt,
      updatedAt: createdAt,
    },
    phone: { id: newId(nowMs), customerId, e164: demoNumber(i), kind: person.company === undefined ? 'mobile' : 'work', isMain: true },
    contacts: person.contact === undefined ? [] : [{ id: newId(nowMs), customerId, name: person.contact[0], jobTitle: person.contact[1] }],
    tickets: demoTickets,
    timeline: (numberOfTicket) => [
      ...calls.map(({ n, atMs }) => {
        const queueName = demoQueueNames[person.language];
        const notes = topicOf(n)[1];
        const data = { direction: 'inbound', outcome: 'answered', queueName, notes, waitSeconds: 4 + ((i * 5 + n * 3) % 40), talkSeconds: 75 + ((i * 37 + n * 53) % 400) };
        return { id: newId(atMs), customerId, at: new Date(atMs), kind: 'call', summary: `${queueName}: ${notes}`, data, userId: agentOf(n) };
      }),
      ...demoTickets.map(({ id, openedAt, subject, status, priority, kind }) => {
        const data = { number: numberOfTicket(id), status, priority, kind };
        return { id: newId(openedAt.getTime()), customerId, at: openedAt, kind: 'ticket', summary: subject, data, refId: id, userId: null };
      }),
    ],
  };

  function ticketOf(n: number) {
    const openedAt = new Date(nowMs - ((i % 6) + 2 + n * 20) * dayMs);
    const closedAt = n === 0 ? null : new Date(openedAt.getTime() + 2 * dayMs);
    const status = closedAt === null ? (['open', 'inProgress', 'waitingForCustomer'] as const)[i % 3] : 'closed';
    return {
      id: newId(openedAt.getTime()),
      subject: topicOf(n)[0],
      kind: (['question', 'complaint', 'repair', 'order'] as const)[(i + n) % 4] ?? 'question',
      status: status ?? 'open',
      priority: (['normal', 'high', 'normal', 'urgent', 'low'] as const)[(i + n) % 5] ?? 'normal',
      customerId,
      assigneeId: agentOf(n),
      openedAt,
      updatedAt: closedAt ?? openedAt,
      closedAt,
    };
  }
}
