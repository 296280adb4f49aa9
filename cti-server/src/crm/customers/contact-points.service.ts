import type { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import type { addressChange, addressInput, Consents, Customer, emailChange, emailInput, phoneChange, phoneInput } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { alreadyExists, brokenUnique, notFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import type { Transaction } from '../database.store.ts';
import type { RecordsService } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import {
  countPhones, deleteAddress, deleteEmail, deletePhone, findAddress, findEmail, findPhone, insertAddress, insertEmail, insertPhone, updateAddress, updateEmail, updatePhone,
} from './contact-points.store.ts';
import { findContact, type StoredCustomer, touchCustomer } from './customers.store.ts';

export interface ContactPointsOptions {
  clock: Clock;
  audit: Audit;
  records: Pick<RecordsService, 'typeFor' | 'changeIn'>;
  config: Pick<Config, 'defaultCountry'>;
  /** Runs a change under the customer's lock and answers the customer as it is then. */
  withCustomer(customerId: string, change: (tx: Transaction, customer: StoredCustomer) => Promise<void>): Promise<Customer>;
}

/** Numbers, e-mails and addresses of a customer, each change with its line in the history, from what to what. */
export function createContactPoints({ clock, audit, records, config, withCustomer }: ContactPointsOptions) {
  async function refuseOtherContact(tx: Transaction, customerId: string, contactId: string | null | undefined, path = ''): Promise<void> {
    if (typeof contactId === 'string' && !(await findContact(tx, customerId, contactId))) throw wrongField(`${path}contactId`, 'this customer has no such contact');
  }
  function e164Of(number: string, path = ''): string {
    const { e164 } = normaliseNumber(number, config.defaultCountry);
    if (e164 === null) throw wrongField(`${path}number`, 'not a telephone number');
    return e164;
  }
  /** One line of the history; nothing when nothing differs. */
  async function tell(tx: Transaction, viewer: Viewer, deed: string, customerId: string, old: Record<string, unknown> | null, now: Record<string, unknown> | null, which: Record<string, string>): Promise<void> {
    const changes = changesBetween(old, now);
    if (Object.keys(changes).length === 0) return;
    // a change says which one it was, though that did not change
    const named = Object.fromEntries(Object.entries(which).map(([key, value]) => [key, changes[key] ?? { old: value, new: value }]));
    await audit.record(tx, viewer, `customer.${deed}`, 'customer', customerId, { ...named, ...changes });
    await touchCustomer(tx, customerId, new Date(clock.now()));
  }
  const since = (is: boolean, viewer: Viewer) => ({ doNotCallSince: is ? new Date(clock.now()) : null, doNotCallById: is ? viewer.userId : null });

  /** Puts a number among those of a customer that is locked or new. Answers it as E.164. */
  async function putPhone(tx: Transaction, viewer: Viewer, customerId: string, phone: z.output<typeof phoneInput>, isMain: boolean, path = ''): Promise<string> {
    const e164 = e164Of(phone.number, path);
    await refuseOtherContact(tx, customerId, phone.contactId, path);
    const { kind, label, contactId, consents, doNotCall, doNotCallReason } = phone;
    const made = await insertPhone(tx, { id: newId(clock.now()), customerId, contactId, e164, kind, label, isMain, consents: withTimes(consents, {}, clock.now()), doNotCall, doNotCallReason, ...since(doNotCall, viewer) });
    if (!made) throw alreadyExists(`${path}number`, 'This customer has this number already.');
    return e164;
  }

  return {
    putPhone,

    addPhone: (viewer: Viewer, customerId: string, input: z.output<typeof phoneInput>): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const phone = await putPhone(tx, viewer, customerId, input, (await countPhones(tx, customerId)) === 0);
        const { number: _number, consents, ...rest } = input;
        await tell(tx, viewer, 'phoneAdded', customerId, null, { phone, ...worthTelling(rest), ...flat(consents) }, { phone });
      }),

    changePhone: (viewer: Viewer, customerId: string, phoneId: string, input: z.output<typeof phoneChange>): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const before = await findPhone(tx, customerId, phoneId);
        if (!before) throw notFound('number of this customer');
        const { number, consents, ...given } = input;
        await refuseOtherContact(tx, customerId, given.contactId);
        const changes = {
          ...given,
          ...(number === undefined ? {} : { e164: e164Of(number) }),
          ...(consents === undefined ? {} : { consents: withTimes(consents, before.consents, clock.now()) }),
          ...(given.doNotCall === undefined || given.doNotCall === before.doNotCall ? {} : { ...since(given.doNotCall, viewer), ...(given.doNotCall ? {} : { doNotCallReason: '' }) }),
        };
        await updatePhone(tx, before, said(changes)).catch((error: unknown) => {
          throw brokenUnique(error) === undefined ? error : alreadyExists('number', 'This customer has this number already.');
        });
        const told = ({ e164, kind, label, contactId, isMain, doNotCall, doNotCallReason, consents: agreed }: typeof before) => ({ phone: e164, kind, label, contactId, isMain, doNotCall, doNotCallReason, ...flat(agreed) });
        await tell(tx, viewer, 'phoneChanged', customerId, told(before), told({ ...before, ...said<typeof before>(changes) }), { phone: before.e164 });
      }),

    removePhone: (viewer: Viewer, customerId: string, phoneId: string): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const phone = await deletePhone(tx, customerId, phoneId);
        if (phone === undefined) throw notFound('number of this customer');
        await tell(tx, viewer, 'phoneRemoved', customerId, { phone }, null, { phone });
      }),

    addEmail: (viewer: Viewer, customerId: string, input: z.output<typeof emailInput>): Promise<Customer> =>
      withCustomer(customerId, async (tx, customer) => {
        await refuseOtherContact(tx, customerId, input.contactId);
        const { consents, ...rest } = input;
        const isMains = customer.email?.toLowerCase() === input.address.toLowerCase();
        const made = !isMains && (await insertEmail(tx, { ...rest, id: newId(clock.now()), customerId, consents: withTimes(consents, {}, clock.now()) }));
        if (!made) throw alreadyExists('address', 'This customer has this e-mail already.');
        await tell(tx, viewer, 'emailAdded', customerId, null, { ...worthTelling(rest), ...flat(consents) }, { address: input.address });
      }),

    changeEmail: (viewer: Viewer, customerId: string, emailId: string, input: z.output<typeof emailChange>): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const before = await findEmail(tx, customerId, emailId);
        if (!before) throw notFound('e-mail of this customer');
        await refuseOtherContact(tx, customerId, input.contactId);
        const changes = { ...input, ...(input.consents === undefined ? {} : { consents: withTimes(input.consents, before.consents, clock.now()) }) };
        await updateEmail(tx, emailId, said(changes)).catch((error: unknown) => {
          throw brokenUnique(error) === undefined ? error : alreadyExists('address', 'This customer has this e-mail already.');
        });
        const told = ({ address, kind, label, contactId, consents }: typeof before) => ({ address, kind, label, contactId, ...flat(consents) });
        await tell(tx, viewer, 'emailChanged', customerId, told(before), told({ ...before, ...said<typeof before>(changes) }), { address: before.address });
      }),

    removeEmail: (viewer: Viewer, customerId: string, emailId: string): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const before = await findEmail(tx, customerId, emailId);
        if (!before) throw notFound('e-mail of this customer');
        await deleteEmail(tx, emailId);
        await tell(tx, viewer, 'emailRemoved', customerId, { address: before.address }, null, { address: before.address });
      }),

    /** The main e-mail is the record's own: the two change places. */
    makeEmailMain: (viewer: Viewer, customerId: string, emailId: string): Promise<Customer> =>
      withCustomer(customerId, async (tx, customer) => {
        const email = await findEmail(tx, customerId, emailId);
        if (!email) throw notFound('e-mail of this customer');
        if (customer.email === null) await deleteEmail(tx, emailId);
        else await updateEmail(tx, emailId, { address: customer.email, kind: 'other', label: '', contactId: null, consents: {} });
        await records.changeIn(tx, viewer, records.typeFor(viewer, 'customer'), customerId, { version: null, fields: { email: email.address } });
      }),

    addAddress: (viewer: Viewer, customerId: string, input: z.output<typeof addressInput>): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        refuseEmpty(input);
        await refuseOtherContact(tx, customerId, input.contactId);
        await insertAddress(tx, { ...input, id: newId(clock.now()), customerId });
        await tell(tx, viewer, 'addressAdded', customerId, null, worthTelling(input), {});
      }),

    changeAddress: (viewer: Viewer, customerId: string, addressId: string, input: z.output<typeof addressChange>): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const before = await findAddress(tx, customerId, addressId);
        if (!before) throw notFound('address of this customer');
        const given = said<typeof before>(input);
        const after = { ...before, ...given };
        refuseEmpty(after);
        await refuseOtherContact(tx, customerId, input.contactId);
        if (Object.keys(given).length > 0) await updateAddress(tx, addressId, given);
        const told = ({ id: _id, customerId: _customerId, mergeId: _mergeId, ...address }: typeof before): Record<string, unknown> => address;
        await tell(tx, viewer, 'addressChanged', customerId, told(before), told(after), {});
      }),

    removeAddress: (viewer: Viewer, customerId: string, addressId: string): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const before = await findAddress(tx, customerId, addressId);
        if (!before) throw notFound('address of this customer');
        await deleteAddress(tx, addressId);
        const { id: _id, customerId: _customerId, mergeId: _mergeId, ...address } = before;
        await tell(tx, viewer, 'addressRemoved', customerId, worthTelling(address), null, {});
      }),

    /** The main address is the record's own: the two change places. */
    makeAddressMain: (viewer: Viewer, customerId: string, addressId: string): Promise<Customer> =>
      withCustomer(customerId, async (tx) => {
        const address = await findAddress(tx, customerId, addressId);
        if (!address) throw notFound('address of this customer');
        const { street, postcode, city, region, country } = address;
        const was = await records.changeIn(tx, viewer, records.typeFor(viewer, 'customer'), customerId, { version: null, fields: { street, postcode, city, region, country } });
        const old = Object.fromEntries(addressParts.map((part) => [part, typeof was.fields[part] === 'string' ? was.fields[part] : null])) as Record<(typeof addressParts)[number], string | null>;
        if (Object.values(old).every((part) => part === null)) await deleteAddress(tx, addressId);
        else await updateAddress(tx, addressId, { ...old, kind: 'other', label: '', contactId: null });
      }),
  };
}
export type ContactPoints = ReturnType<typeof createContactPoints>;

export const addressParts = ['street', 'postcode', 'city', 'region', 'country'] as const;

function refuseEmpty(address: Partial<Record<(typeof addressParts)[number], string | null>>): void {
  if (addressParts.every((part) => !address[part])) throw wrongField('street', 'an address has at least a street, a city or a country');
}

/** Without what was left out. */
const said = <T extends object>(fields: { [K in keyof T]?: T[K] | undefined }): Partial<T> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const worthTelling = (fields: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== '' && value !== false));

/** A consent that does not say when it was given was given now. */
function withTimes(consents: Consents, before: Consents, nowMs: number): Required<{ [key: string]: NonNullable<Consents[keyof Consents]> }> {
  return Object.fromEntries(
    Object.entries(consents).map(([purpose, consent]) => {
      const was = before[purpose as keyof Consents];
      const at = consent.at ?? (was?.given === consent.given ? was.at : null) ?? (consent.given === 'unknown' ? null : new Date(nowMs).toISOString());
      return [purpose, { ...consent, at }];
    }),
  );
}

/** Consents as the history words them: `callConsent`, `callConsentSource`, ... */
function flat(consents: Consents): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(consents).flatMap(([purpose, { given, source, wording, until }]) =>
      Object.entries({ '': given === 'unknown' ? null : given, Source: source || null, Wording: wording || null, Until: until }).flatMap(([part, value]) => (value === null ? [] : [[`${purpose}Consent${part}`, value]])),
    ),
  );
}
