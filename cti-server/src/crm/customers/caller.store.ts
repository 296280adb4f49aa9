import type { ScreenPop } from '../../contracts/index.ts';
import type { Database } from '../database.store.ts';

/**
 * What the screen shows when it rings, in one round trip through a prepared statement: every call waits for this one. Each part reads
 * a few rows through an index of its own. Long notes are cut; the customer's card has them whole.
 */
export type PopCustomer = NonNullable<ScreenPop['customer']>;
export interface FoundPop {
  customers: PopCustomer[];
  openTickets: ScreenPop['openTickets'];
  lastContacts: ScreenPop['lastContacts'];
}

const mostCandidates = 10;
const columns = 'c.id, c.name, c.company, c.tier, c.email, c.city, left(c.notes, 2000) as notes, c.last_contact_at';
const likeliestFirst = 'last_contact_at desc nulls last, name, id';

const byNumber = `select ${columns} from customer_phones p join customers c on c.id = p.customer_id
  where p.e164 = $1 and c.deleted_at is null order by ${likeliestFirst} limit ${String(mostCandidates)}`;
const byId = `select ${columns} from customers c where c.id = coalesce((select merged_into_id from customers where id = $1::uuid), $1::uuid) and c.deleted_at is null`;

const candidates = `(select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'company', f.company, 'tier', f.tier,
    'email', f.email, 'city', f.city, 'notes', f.notes) order by f.last_contact_at desc nulls last, f.name, f.id), '[]') from found f) as customers`;

const popOf = (found: string): string => `
  with found as materialized (${found}),
  certain as (select id from found where (select count(*) from found) = 1)
  select ${candidates},
    (select coalesce(json_agg(json_build_object('id', t.id, 'number', t.number, 'subject', t.subject, 'status', t.status, 'priority', t.priority,
        'openedAt', t.opened_at) order by t.opened_at desc, t.id desc), '[]')
     from certain cross join lateral (
       select id, number, subject, status, priority, opened_at from tickets where customer_id = certain.id and closed_at is null and deleted_at is null
       order by opened_at desc nulls last, id desc nulls last limit 5) as t) as "openTickets",
    (select coalesce(json_agg(json_build_object('at', e.at, 'kind', e.kind, 'summary', left(e.summary, 300), 'agentName', u.name)
        order by e.at desc, e.id desc), '[]')
     from certain cross join lateral (
       select id, at, kind, summary, user_id from timeline_entries
       where customer_id = certain.id and kind in ('call', 'note') and ($2::uuid is null or ref_id is distinct from $2::uuid)
       order by at desc nulls last, id desc nulls last limit 5) as e
     left join users u on u.id = e.user_id) as "lastContacts"`;

const popByNumber = popOf(byNumber);
const popById = popOf(byId);
const lookUp = `with found as materialized (${byNumber}) select ${candidates}`;

/** Everything for the screen, by number or, once somebody chose, by customer. */
export async function readPop(database: Database, by: { e164: string } | { customerId: string }, excludeCallId: string | null): Promise<FoundPop> {
  const query = 'e164' in by ? { name: 'pop-by-number', text: popByNumber, values: [by.e164, excludeCallId] } : { name: 'pop-by-customer', text: popById, values: [by.customerId, excludeCallId] };
  const { rows } = await database.$client.query<FoundPop>(query);
  const [pop] = rows;
  if (!pop) throw new Error('The screen-pop query answered no row.');
  return {
    customers: pop.customers,
    openTickets: pop.openTickets.map((ticket) => ({ ...ticket, openedAt: utc(ticket.openedAt) })),
    lastContacts: pop.lastContacts.map((contact) => ({ ...contact, at: utc(contact.at) })),
  };
}

/** The customers who have exactly this number, those heard from last first. */
export async function readCallers(database: Database, e164: string): Promise<PopCustomer[]> {
  const { rows } = await database.$client.query<{ customers: PopCustomer[] }>({ name: 'caller', text: lookUp, values: [e164] });
  return rows[0]?.customers ?? [];
}

/** Postgres writes instants in JSON with the offset of its session. */
const utc = (instant: string): string => new Date(instant).toISOString();
