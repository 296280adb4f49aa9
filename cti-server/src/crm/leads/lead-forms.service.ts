import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import type { LeadForm, leadFormInput, publicLeadForm, publicLeadInput } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { changedMeanwhile, forbidden, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Database, inTransaction } from '../database.store.ts';
import type { RecordsService } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import { judgeAnswer, makeStamp, readStamp } from './form-rules.ts';
import { findForm, findPublicForm, findSameLead, insertConsent, insertForm, listConsents, listForms, removeForm, type StoredForm, updateForm } from './lead-forms.store.ts';

/** Asks somebody else whether a person answers. A company that wants one joins it in app.ts. */
export interface CaptchaCheck {
  /** @param answer what the website's captcha gave; undefined when it gave nothing */
  isPerson(answer: string | undefined, address: string): Promise<boolean>;
}

export interface LeadFormsOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: RecordsService;
  config: Pick<Config, 'publicUrl'>;
  captcha: CaptchaCheck | null;
  /** A new lead lies in the pool: it may be handed out at once. */
  onCaptured(leadId: string): Promise<void>;
}

/** Forms on the company's websites, whose answers become leads. */
export function createLeadForms({ database, clock, audit, records, config, captcha, onCaptured }: LeadFormsOptions) {
  const needConfigure = (viewer: Viewer): void => {
    if (records.scopeOf(viewer, records.typeFor(viewer, 'lead'), 'configure') === 'none') throw forbidden('configure leads');
  };
  const shown = ({ secret: _secret, ...form }: StoredForm): LeadForm => form;
  const present = async (id: string): Promise<LeadForm> => {
    const form = await findForm(database, { id });
    if (!form) throw notFound('form');
    return shown(form);
  };

  async function publicForm(token: string): Promise<StoredForm> {
    const form = await findPublicForm(database, token);
    if (!form?.active) throw notFound('form');
    return form;
  }

  /** The lead's fields, as the form asked for them. */
  function read(form: StoredForm, given: Readonly<Record<string, string>>): Record<string, unknown> {
    for (const key of Object.keys(given)) if (!form.fields.some((field) => field.key === key)) throw wrongField(`fields.${key}`, 'this form does not ask for it');
    for (const { key, required } of form.fields) if (required && !given[key]?.trim()) throw wrongField(`fields.${key}`, 'this field must be filled in');
    // a lead needs a name, whatever the form asks for
    const name = [given['name'], given['company'], given['email'], given['phone']].find((one) => one?.trim());
    if (!name) throw wrongField('fields.name', 'this field must be filled in');
    const { values, faults } = records.check(null, records.typeFor(null, 'lead'), { ...given, name: name.trim().slice(0, 200), source: form.source }, null);
    const [fault] = faults;
    if (fault) throw new Refusal(400, 'invalidBody', `${fault.field}: ${fault.message}`, { field: fault.field, details: { issues: faults } });
    return values;
  }

  return {
    async list(viewer: Viewer): Promise<LeadForm[]> {
      needConfigure(viewer);
      return (await listForms(database)).map(shown);
    },
    async create(viewer: Viewer, definition: z.output<typeof leadFormInput>): Promise<LeadForm> {
      needConfigure(viewer);
      const nowMs = clock.now();
      const id = newId(nowMs);
      await inTransaction(database, async (tx) => {
        await insertForm(tx, { id, token: randomBytes(18).toString('base64url'), secret: randomBytes(32).toString('base64url'), definition, nowMs });
        await audit.record(tx, viewer, 'leadForm.created', 'leadForm', id, changesBetween(null, definition));
      });
      return present(id);
    },
    async change(viewer: Viewer, id: string, { version, ...definition }: z.output<typeof leadFormInput> & { version: number }): Promise<LeadForm> {
      needConfigure(viewer);
      await inTransaction(database, async (tx) => {
        const before = await findForm(tx, { id });
        if (!before) throw notFound('form');
        if (!(await updateForm(tx, id, version, definition))) throw changedMeanwhile(shown(before));
        const old = Object.fromEntries(Object.keys(definition).map((key) => [key, before[key as keyof StoredForm]]));
        await audit.record(tx, viewer, 'leadForm.changed', 'leadForm', id, changesBetween(old, definition));
      });
      return present(id);
    },
    /** What came in by it stays, with its consents. */
    async remove(viewer: Viewer, id: string): Promise<void> {
      needConfigure(viewer);
      await inTransaction(database, async (tx) => {
        if (!(await removeForm(tx, id, clock.now()))) throw notFound('form');
        await audit.record(tx, viewer, 'leadForm.removed', 'leadForm', id, {});
      });
    },
    /** What a lead's person agreed to, word for word. */
    async consents(viewer: Viewer, leadId: string) {
      await records.get(viewer, 'lead', leadId);
      return (await listConsents(database, leadId)).map(({ atMs, ...consent }) => ({ ...consent, at: new Date(atMs).toISOString() }));
    },

    publicForm,
    /** Whether a page of this origin may show the form. */
    isAllowed: (form: StoredForm, origin: string | undefined): origin is string => origin !== undefined && (origin === config.publicUrl.origin || form.origins.includes(origin)),
    draw: (form: StoredForm): z.output<typeof publicLeadForm> => ({
      ...{ title: form.title, fields: form.fields, consentText: form.consentText, minimumSeconds: form.minimumSeconds },
      stamp: makeStamp(form.secret, clock.now()),
    }),

    /** Throws 409 `tooFast` or `formExpired`, 400 with the field. A machine is told nothing. */
    async capture(form: StoredForm, input: z.output<typeof publicLeadInput>, address: string): Promise<void> {
      const nowMs = clock.now();
      const verdict = judgeAnswer({ honeypot: input.website, openedAtMs: readStamp(form.secret, input.stamp), nowMs, minimumSeconds: form.minimumSeconds });
      if (verdict.kind === 'machine') return;
      if (verdict.kind === 'expired') throw new Refusal(409, 'formExpired', 'Ask for the form anew.');
      if (verdict.kind === 'tooFast') throw new Refusal(409, 'tooFast', 'Nobody is that fast: send it again in a moment.', { details: { retryAfterSeconds: Math.ceil(verdict.waitMs / 1_000) } });
      if (form.consentText !== '' && !input.consent) throw wrongField('consent', 'agree first');
      if (captcha !== null && !(await captcha.isPerson(input.captcha, address))) throw wrongField('captcha', 'not solved');
      const values = read(form, input.fields);
      const captured = await inTransaction(database, async (tx) => {
        const text = (key: string): string | null => (typeof values[key] === 'string' ? values[key] : null);
        const known = await findSameLead(tx, text('phone'), text('email'));
        const leadId = known ?? newId(nowMs);
        if (known === undefined) await records.insertMany(tx, records.typeFor(null, 'lead'), null, [{ id: leadId, fields: values, ownerId: null, tags: [] }], null);
        else await audit.record(tx, null, 'lead.capturedAgain', 'lead', leadId, changesBetween(null, { form: form.name, ...input.fields }));
        const { text: consentText, page } = { text: form.consentText, page: input.page };
        await insertConsent(tx, { id: newId(nowMs), leadId, formId: form.id, atMs: nowMs, text: consentText, agreed: input.consent, address, page, values: input.fields });
        return known === undefined ? leadId : null;
      });
      if (captured !== null) await onCaptured(captured);
    },
  };
}
export type LeadForms = ReturnType<typeof createLeadForms>;
