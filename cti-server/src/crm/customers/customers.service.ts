import { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import { id, type contactInput, type Customer, type customerInput, type customerQuery, type CustomerRow, type Page, type ScreenPop, text } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { changedMeanwhile, notFound } from '../../platform/errors.ts';
import type { HttpApp } from '../../platform/http.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Connection, type Database, inTransaction, type Transaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { type RecordsService, refuseMerged } from '../records/index.ts';
import { foldSearch } from '../text-search.store.ts';
import { type PopCustomer, readCallers, readLikely, readPop } from './caller.store.ts';
import { createContactPoints } from './contact-points.service.ts';
import { registerContactPointRoutes } from './contact-points.routes.ts';
import { listByName, searchCustomers } from './customer-search.store.ts';
import { type contactChange, type customerChange, registerCustomerRoutes } from './customers.routes.ts';
import {
  customerRows, deleteContact, findContact, findCustomer, insertContact, lockCustomer, type StoredCustomer, touchCustomer, updateContact,
} from './customers.store.ts';
import { createMayCall, type MayCall } from './may-call.service.ts';
import { numberPatterns } from './number-patterns.ts';

export interface CallerMatch {
  match: ScreenPop['match'];
  /** The one it is; null when several or nobody has the number. */
  customer: PopCustomer | null;
  /** Those who share the number, ten at most, those heard from last first. */
  candidates: PopCustomer[];
}

export interface PopOptions {
  /** The call itself, which is no last contact of its own. */
  excludeCallId?: string | null;
  /** Once somebody chose whom the call is with: this customer, whatever the number says. */
  customerId?: string | null;
}

/** What the rest of the house may ask of customers. */
export interface Customers extends MayCall {
  registerRoutes(app: HttpApp): void;
  list(query: z.output<typeof customerQuery>): Promise<Page<CustomerRow>>;
  get(customerId: string): Promise<Customer>;
  create(viewer: Viewer, input: z.output<typeof customerInput>): Promise<Customer>;
  /** Fields that are left out stay. Throws `changedMeanwhile` when the version is not the present one. */
  change(viewer: Viewer, customerId: string, input: z.output<typeof customerChange>): Promise<Customer>;
  addContact(viewer: Viewer, customerId: string, input: z.output<typeof contactInput>): Promise<Customer>;
  changeContact(viewer: Viewer, customerId: string, contactId: string, input: z.output<typeof contactChange>): Promise<Customer>;
  removeContact(viewer: Viewer, customerId: string, contactId: string): Promise<Customer>;
  /** Who has this number, exactly. In any spelling; what is no telephone number belongs to nobody. */
  lookUpCaller(number: string): Promise<CallerMatch>;
  /** All that the screen shows when it rings. @param raw the number as the line gave it, empty when withheld */
  screenPop(raw: string, options?: PopOptions): Promise<ScreenPop>;
}

const position = z.tuple([z.int().min(0).max(100), text(4_000), id]);

export function createCustomers(options: {
  database: Database;
  /** Connections of its own for what a ringing call waits for. The same database. */
  callsDatabase?: Database;
  clock: Clock;
  audit: Audit;
  records: Pick<RecordsService, 'typeFor' | 'insertMany' | 'changeIn'>;
  config: Pick<Config, 'defaultCountry'> & Partial<Pick<Config, 'timeZone'>>;
  /** Open leads with this number, read on the connection of the call; left out, the screen shows none. */
  leadsWith?(connection: Database, e164: string): Promise<NonNullable<ScreenPop['leads']>>;
}): Customers {
  const { database, clock, audit, records, config } = options;

  const points = createContactPoints({ clock, audit, records, config, withCustomer });
  const mayCall = createMayCall({ database, clock, config });
  const customers: Customers = {
    ...mayCall,
    registerRoutes(app) {
      registerCustomerRoutes(app, customers);
      registerContactPointRoutes(app, points, mayCall);
    },

    async list({ cursor, limit, search, tier }) {
      const after = readCursor(cursor, position);
      const behind = after && { stage: after[0], key: after[1], id: after[2] };
      const found = search
        ? await searchCustomers(database, { ...(await foldSearch(database, search)), numbers: numberPatterns(search, config.defaultCountry), tier }, behind, limit + 1)
        : await listByName(database, tier, behind, limit + 1);
      const page = toPage(found, limit, ({ stage, key, id: customerId }) => [stage, key, customerId]);
      return { ...page, items: await customerRows(database, page.items.map((row) => row.id)) };
    },

    get: (customerId) => present(database, customerId),

    async create(viewer, input) {
      const { phones, ...fields } = input;
      const now = new Date(clock.now());
      const customerId = newId(now.getTime());
      return inTransaction(database, async (tx) => {
        await records.insertMany(tx, records.typeFor(viewer, 'customer', 'create'), viewer, [{ id: customerId, fields, ownerId: null, tags: [] }], null);
        for (const [i, phone] of phones.entries()) await points.putPhone(tx, viewer, customerId, phone, i === 0, `phones.${String(i)}.`);
        return present(tx, customerId);
      });
    },

    async change(viewer, customerId, input) {
      const { version, ...changed } = input;
      const fields = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
      return withCustomer(customerId, async (tx, before) => {
        if (before.version !== version) throw changedMeanwhile(await present(tx, customerId));
        await records.changeIn(tx, viewer, records.typeFor(viewer, 'customer'), customerId, { version, fields });
      });
    },

    addContact: (viewer, customerId, input) =>
      withCustomer(customerId, async (tx) => {
        const now = clock.now();
        const contactId = newId(now);
        await insertContact(tx, { ...input, id: contactId, customerId, deletedAt: null });
        await audit.record(tx, viewer, 'contact.created', 'contact', contactId, changesBetween(null, { ...input, customerId }));
        await touchCustomer(tx, customerId, new Date(now));
      }),

    changeContact: (viewer, customerId, contactId, input) =>
      withCustomer(customerId, async (tx) => {
        const before = await findContact(tx, customerId, contactId);
        if (!before) throw notFound('contact of this customer');
        const { version, ...changed } = input;
        const { id: _id, customerId: _customerId, deletedAt: _deletedAt, version: presentVersion, ...old } = before;
        if (presentVersion !== version) throw changedMeanwhile({ id: contactId, ...old, version: presentVersion });
        const fields = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
        const changes = changesBetween(old, { ...old, ...fields });
        if (Object.keys(changes).length === 0) return;
        await updateContact(tx, contactId, fields);
        await audit.record(tx, viewer, 'contact.changed', 'contact', contactId, changes);
        await touchCustomer(tx, customerId, new Date(clock.now()));
      }),

    removeContact: (viewer, customerId, contactId) =>
      withCustomer(customerId, async (tx) => {
        const before = await findContact(tx, customerId, contactId);
        if (!before) throw notFound('contact of this customer');
        await deleteContact(tx, contactId);
        const { name, jobTitle, email } = before;
        await audit.record(tx, viewer, 'contact.removed', 'contact', contactId, changesBetween({ name, jobTitle, email, customerId }, null));
        await touchCustomer(tx, customerId, new Date(clock.now()));
      }),

    async lookUpCaller(number) {
      const { e164 } = normaliseNumber(number, config.defaultCountry);
      return matchOf(e164 === null ? [] : await readCallers(database, e164));
    },

    async screenPop(raw, { excludeCallId = null, customerId = null } = {}) {
      const number = { raw, ...normaliseNumber(raw, config.defaultCountry) };
      const by = customerId !== null ? { customerId } : number.e164 !== null ? { e164: number.e164 } : null;
      const connection = options.callsDatabase ?? database;
      const [{ customers: found, openTickets, lastContacts, portrait }, leads] = await Promise.all([
        by === null ? nobody : readPop(connection, by, excludeCallId),
        number.e164 === null ? [] : (options.leadsWith?.(connection, number.e164) ?? []),
      ]);
      const match = matchOf(found);
      const candidates = match.match === 'none' && by !== null && 'e164' in by ? await readLikely(connection, by.e164) : match.candidates;
      return { number, ...match, candidates, openTickets, lastContacts, portrait, ...(leads.length > 0 ? { leads } : {}) };
    },
  };
  return customers;

  /** Runs a change under the customer's lock and answers the customer as it is then. */
  async function withCustomer(customerId: string, change: (tx: Transaction, before: StoredCustomer) => Promise<void>): Promise<Customer> {
    return inTransaction(database, async (tx) => {
      const before = await lockCustomer(tx, customerId);
      if (!before) throw notFound('customer');
      await change(tx, before);
      return present(tx, customerId);
    });
  }
}

const nobody: Awaited<ReturnType<typeof readPop>> = { customers: [], openTickets: [], lastContacts: [], portrait: null };

function matchOf(found: PopCustomer[]): CallerMatch {
  const [first, second] = found;
  if (first === undefined) return { match: 'none', customer: null, candidates: [] };
  return second === undefined ? { match: 'one', customer: first, candidates: [] } : { match: 'several', customer: null, candidates: found };
}

async function present(connection: Connection, customerId: string): Promise<Customer> {
  const found = await findCustomer(connection, customerId);
  if (!found) {
    await refuseMerged(connection, 'customers', customerId);
    throw notFound('customer');
  }
  return found;
}
