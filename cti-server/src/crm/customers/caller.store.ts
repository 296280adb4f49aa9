import type { ScreenPop } from '../../contracts/index.ts';
import type { Database } from '../database.store.ts';

/**
 * What the screen shows when it rings, in one round trip through a prepared statement: every call waits for this one. Each part reads
 * a few rows through an index of its own. Long notes are cut; the customer's card has them whole.
 */
export type PopCustomer = NonNullable<ScreenPop['customer']>;
type Portrait = NonNullable<ScreenPop['portrait']>;
export interface FoundPop {
  customers: PopCustomer[];
  openTickets: ScreenPop['openTickets'];
  lastContacts: ScreenPop['lastContacts'];
  portrait: Portrait | null;
}
/** As JSON from the database: what is not there is null. */
type FoundCustomer = Omit<PopCustomer, 'contact' | 'why'> & { contact: PopCustomer['contact'] | null; why?: PopCustomer['why'] };

const mostCandidates = 10;
const columns = `c.id, c.name, c.company, c.tier, c.email, c.city, left(c.notes, 2000) as notes, c.last_contact_at, c.created_at, c.tags, c.owner_id, c.language,
  coalesce(c.do_not_call, false) as do_not_call, c.do_not_call_reason`;
const likeliestFirst = 'last_contact_at desc nulls last, name, id';

const byNumber = `select ${columns}, p.contact_id, p.do_not_call as number_barred, p.do_not_call_reason as number_reason
  from customer_phones p join customers c on c.id = p.customer_id
  where p.e164 = $1 and c.deleted_at is null order by ${likeliestFirst} limit ${String(mostCandidates)}`;
const byId = `select ${columns}, null::uuid as contact_id, false as number_barred, '' as number_reason from customers c
  where c.id = coalesce((select merged_into_id from customers where id = $1::uuid), $1::uuid) and c.deleted_at is null`;

const contactOf = `(select json_build_object('id', k.id, 'name', k.name, 'jobTitle', k.job_title) from contacts k where k.id = f.contact_id and k.deleted_at is null)`;
const candidate = `'id', f.id, 'name', f.name, 'company', f.company, 'tier', f.tier, 'email', f.email, 'city', f.city, 'notes', f.notes, 'contact', ${contactOf}`;
const candidates = `(select coalesce(json_agg(json_build_object(${candidate}) order by f.last_contact_at desc nulls last, f.name, f.id), '[]') from found f) as customers`;

const popOf = (found: string): string => `
  with found as materialized (${found}),
  certain as (select * from found where (select count(*) from found) = 1)
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
     left join users u on u.id = e.user_id) as "lastContacts",
    (select json_build_object('since', f.created_at, 'lastContactAt', f.last_contact_at, 'tags', f.tags, 'language', f.language,
        'ownerName', (select u.name from users u where u.id = f.owner_id), 'doNotCall', f.do_not_call or f.number_barred,
        'doNotCallReason', coalesce(case when f.do_not_call then f.do_not_call_reason else f.number_reason end, ''),
        'openTickets', (select count(*) from tickets t where t.customer_id = f.id and t.closed_at is null and t.deleted_at is null))
     from certain f) as portrait`;

const popByNumber = popOf(byNumber);
const popById = popOf(byId);
const lookUp = `with found as materialized (${byNumber}) select ${candidates}`;

// The numbers of a house differ in their last digits; the same number comes with another beginning when a line leaves it out or adds one.
// Each is a short range of an index.
const likely = `
  with near as (
    (select p.customer_id, p.e164, 'sameSwitchboard' as reason from customer_phones p
     where length($1) > 10 and p.e164 collate "C" like left($1, -2) || '__' and p.kind in ('switchboard', 'work') limit 50)
    union all
    (select p.customer_id, p.e164, 'sameEnding' from customer_phones p
     where length($1) > 10 and reverse(p.e164) collate "C" like left(reverse($1), 9) || '%' limit 50)),
  best as (select distinct on (customer_id) customer_id, e164, reason from near order by customer_id, reason = 'sameSwitchboard' desc, e164),
  found as materialized (
    select ${columns}, null::uuid as contact_id, b.e164, b.reason from best b join customers c on c.id = b.customer_id
    where c.deleted_at is null order by reason = 'sameSwitchboard' desc, ${likeliestFirst} limit 5)
  select coalesce(json_agg(json_build_object(${candidate}, 'why', json_build_object('reason', f.reason, 'number', f.e164))
    order by f.reason = 'sameSwitchboard' desc, f.last_contact_at desc nulls last, f.name, f.id), '[]') as customers from found f`;

/** Everything for the screen, by number or, once somebody chose, by customer. */
export async function readPop(database: Database, by: { e164: string } | { customerId: string }, excludeCallId: string | null): Promise<FoundPop> {
  const query = 'e164' in by ? { name: 'pop-by-number', text: popByNumber, values: [by.e164, excludeCallId] } : { name: 'pop-by-customer', text: popById, values: [by.customerId, excludeCallId] };
  const { rows } = await database.$client.query<Omit<FoundPop, 'customers'> & { customers: FoundCustomer[] }>(query);
  const [pop] = rows;
  if (!pop) throw new Error('The screen-pop query answered no row.');
  const { portrait } = pop;
  return {
    customers: pop.customers.map(toCustomer),
    openTickets: pop.openTickets.map((ticket) => ({ ...ticket, openedAt: utc(ticket.openedAt) })),
    lastContacts: pop.lastContacts.map((contact) => ({ ...contact, at: utc(contact.at) })),
    portrait: portrait && { ...portrait, since: utc(portrait.since), lastContactAt: portrait.lastContactAt === null ? null : utc(portrait.lastContactAt) },
  };
}

/** The customers who have exactly this number, those heard from last first. */
export async function readCallers(database: Database, e164: string): Promise<PopCustomer[]> {
  const { rows } = await database.$client.query<{ customers: FoundCustomer[] }>({ name: 'caller', text: lookUp, values: [e164] });
  return (rows[0]?.customers ?? []).map(toCustomer);
}

/** Who might be calling from a number that nobody has, the likeliest first, each with the reason. */
export async function readLikely(database: Database, e164: string): Promise<PopCustomer[]> {
  const { rows } = await database.$client.query<{ customers: FoundCustomer[] }>({ name: 'likely-callers', text: likely, values: [e164] });
  return (rows[0]?.customers ?? []).map(toCustomer);
}

const toCustomer = ({ contact, ...customer }: FoundCustomer): PopCustomer => (contact ? { ...customer, contact } : customer);

/** Postgres writes instants in JSON with the offset of its session. */
const utc = (instant: string): string => new Date(instant).toISOString();
