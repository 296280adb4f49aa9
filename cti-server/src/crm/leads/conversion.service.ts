import type { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import type { convertInput, LeadConversion } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { notFound, Refusal, wrongState } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { countPhones, deletePhone, insertPhone } from '../customers/index.ts';
import { type Connection, type Database, inTransaction, type Transaction } from '../database.store.ts';
import type { RecordRow, RecordsService } from '../records/index.ts';
import type { Timeline } from '../timeline/index.ts';
import { findConversion, followUpsOf, insertConversion, isContactUntouched, isCustomerUsed, markUndone, type StoredConversion } from './conversion.store.ts';

export interface ConversionOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: RecordsService;
  timeline: Pick<Timeline, 'recordEarlier' | 'forgetEarlier'>;
}

/** A lead becomes a customer, with all that is known of it; and a lead again, as long as the customer was not used. */
export function createConversion({ database, clock, audit, records, timeline }: ConversionOptions) {
  const leadType = () => records.typeFor(null, 'lead');

  async function makeCustomer(tx: Transaction, viewer: Viewer, lead: RecordRow): Promise<string> {
    const type = records.typeFor(viewer, 'customer', 'create');
    const { name, company, email, city, country, notes, source } = lead.fields;
    const known = { email, city, country, notes, source };
    const given = typeof company === 'string' ? { ...known, name: company, company, kind: 'company' } : { ...known, name, kind: 'person' };
    const { values, faults } = records.check(viewer, type, Object.fromEntries(Object.entries(given).filter(([key]) => type.fields.has(key))), null);
    const [fault] = faults;
    if (fault) throw new Refusal(400, 'invalidBody', `${fault.field}: ${fault.message}`, { field: fault.field });
    const id = newId(clock.now());
    await records.insertMany(tx, type, viewer, [{ id, fields: values, ownerId: null, tags: [] }], null);
    return id;
  }

  async function makeContact(tx: Transaction, viewer: Viewer, lead: RecordRow, customerId: string): Promise<string> {
    const type = records.typeFor(viewer, 'contact', 'create');
    const { name, email, phone } = lead.fields;
    const { values } = records.check(viewer, type, { name, email, phone, customerId }, null);
    const id = newId(clock.now());
    await records.insertMany(tx, type, viewer, [{ id, fields: values, ownerId: null, tags: [] }], null);
    return id;
  }

  /** The lead itself and each follow-up, as the customer's timeline knows them. */
  async function entryIds(connection: Connection, leadId: string): Promise<string[]> {
    return [leadId, ...(await followUpsOf(connection, leadId)).map((one) => one.id)];
  }

  async function tellTimeline(tx: Transaction, viewer: Viewer, lead: RecordRow, customerId: string): Promise<void> {
    const title = [lead.fields['name'], lead.fields['company'], lead.fields['notes']].filter((part) => typeof part === 'string' && part !== '').join(' · ');
    await timeline.recordEarlier(tx, customerId, [
      ...(await followUpsOf(tx, lead.id)).map((one) => ({ refId: one.id, atMs: one.atMs, text: one.text, userId: one.userId, data: { leadId: lead.id, outcome: one.outcome } })),
      { refId: lead.id, atMs: clock.now(), text: title, userId: viewer.userId, data: { leadId: lead.id, event: 'leadConverted' } },
    ]);
  }

  const undoOf = async (connection: Connection, made: StoredConversion): Promise<LeadConversion['undo']> =>
    made.isNewCustomer && (await isCustomerUsed(connection, made, await entryIds(connection, made.leadId))) ? { allowed: false, reason: 'customerUsed' } : { allowed: true, reason: null };

  async function discard(tx: Transaction, viewer: Viewer, typeName: 'customer' | 'contact', id: string): Promise<void> {
    const type = records.typeFor(null, typeName);
    const row = await records.changeIn(tx, null, type, id, { version: null });
    await records.saveChange(tx, viewer, type, row, { fields: {}, deletedAtMs: clock.now() });
  }

  const service = {
    /** Throws 404 when the lead is not a customer, or not to be seen. */
    async get(viewer: Viewer, leadId: string): Promise<LeadConversion> {
      await records.get(viewer, 'lead', leadId);
      const made = await findConversion(database, leadId);
      if (!made) throw notFound('conversion');
      const { customerId, contactId, isNewCustomer, userName } = made;
      return { customerId, contactId, isNewCustomer, userName, at: new Date(made.atMs).toISOString(), undo: await undoOf(database, made) };
    },

    /** All of it or nothing. The customer's timeline tells what was done with the lead. */
    async convert(viewer: Viewer, leadId: string, input: z.output<typeof convertInput>): Promise<LeadConversion> {
      await inTransaction(database, async (tx) => {
        const lead = await records.changeIn(tx, viewer, records.typeFor(viewer, 'lead'), leadId, { version: null });
        const stage = String(lead.fields['stage']);
        if (stage === 'converted') throw wrongState('This lead is a customer already.');
        if (lead.ownerId === null) throw wrongState('This lead lies in the pool: take it first.');
        const isNewCustomer = input.customerId === null;
        // locked, and within reach of who asks
        if (input.customerId !== null) await records.changeIn(tx, viewer, records.typeFor(viewer, 'customer'), input.customerId, { version: null });
        const customerId = input.customerId ?? (await makeCustomer(tx, viewer, lead));
        const nowMs = clock.now();
        const { phone } = lead.fields;
        const phoneId = newId(nowMs);
        // before the contact, whose number it then is too
        const isAdded = typeof phone === 'string' && (await insertPhone(tx, { id: phoneId, customerId, e164: phone, kind: 'mobile', isMain: (await countPhones(tx, customerId)) === 0 }));
        const contactId = input.contact ? await makeContact(tx, viewer, lead, customerId) : null;
        await records.saveChange(tx, viewer, leadType(), lead, { fields: { stage: 'converted', customerId } });
        await insertConversion(tx, { id: newId(nowMs), leadId, customerId, contactId, isNewCustomer, phoneId: isAdded ? phoneId : null, stageBefore: stage, atMs: nowMs, userId: viewer.userId });
        await tellTimeline(tx, viewer, lead, customerId);
        await audit.record(tx, viewer, 'lead.converted', 'lead', leadId, changesBetween(null, { customerId, contactId }));
        await audit.record(tx, viewer, 'customer.fromLead', 'customer', customerId, changesBetween(null, { leadId, ...(isAdded ? { phone } : {}) }));
      });
      return service.get(viewer, leadId);
    },

    /** What the conversion made goes into the trash, and the lead is as it was. Throws 409 `customerUsed`. */
    async undo(viewer: Viewer, leadId: string): Promise<void> {
      await inTransaction(database, async (tx) => {
        const lead = await records.changeIn(tx, viewer, records.typeFor(viewer, 'lead'), leadId, { version: null });
        const made = await findConversion(tx, leadId);
        if (!made) throw wrongState('This lead is no customer.');
        if (!(await undoOf(tx, made)).allowed) throw new Refusal(409, 'customerUsed', 'Something happened with this customer since: it stays.');
        await timeline.forgetEarlier(tx, made.customerId, await entryIds(tx, leadId));
        if (made.contactId !== null && (made.isNewCustomer || (await isContactUntouched(tx, made.contactId)))) await discard(tx, viewer, 'contact', made.contactId);
        if (made.isNewCustomer) await discard(tx, viewer, 'customer', made.customerId);
        else if (made.phoneId !== null) await deletePhone(tx, made.customerId, made.phoneId);
        await records.saveChange(tx, viewer, leadType(), lead, { fields: { stage: made.stageBefore, customerId: null } });
        await markUndone(tx, made.id, clock.now());
        await audit.record(tx, viewer, 'lead.conversionUndone', 'lead', leadId, changesBetween({ customerId: made.customerId, contactId: made.contactId }, null));
      });
    },
  };
  return service;
}
export type Conversion = ReturnType<typeof createConversion>;
