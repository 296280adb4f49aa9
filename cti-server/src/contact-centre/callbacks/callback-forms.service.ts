import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import type { CallbackForm, callbackFormInput, publicCallbackForm, publicCallbackInput } from '../../contracts/index.ts';
import { type CaptchaCheck, judgeAnswer, makeStamp, readStamp } from '../../crm/leads/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import { type AuditTrail, type Database, inTransaction } from '../setup/index.ts';
import { countAsked, findAsked, findForm, findPublicForm, insertConsent, insertForm, listForms, lockNumber, removeForm, type StoredForm, updateForm } from './callback-forms.store.ts';
import { findCallback, insertCallback, lockCallback, saveCallback, type StoredCallback } from './callbacks.store.ts';
import { guessZone, zonesOfCountry } from './zone-rules.ts';

export interface CallbackFormsOptions {
  database: Database;
  directory: Pick<Directory, 'queue'>;
  audit: AuditTrail;
  clock: Clock;
  publicUrl: URL;
  defaultCountry(): string;
  companyZone(): string;
  recognise(number: string): Promise<{ customerId: string; name: string } | null>;
  captcha: CaptchaCheck | null;
  onChanged(callback: StoredCallback): void;
}

type Input = z.output<typeof callbackFormInput>;
const dayMs = 24 * 3_600_000;
const wrong = (field: string, message: string): Refusal => new Refusal(400, 'invalidBody', `${field}: ${message}`, { field });

/** Forms on the company's websites by which people ask to be called. */
export function createCallbackForms(options: CallbackFormsOptions) {
  const { database, directory, audit, clock, publicUrl, captcha } = options;
  const addressOf = (token: string): string => new URL(`/api/public/callback-forms/${token}`, publicUrl).href;
  const shown = ({ secret: _secret, ...form }: StoredForm): CallbackForm => ({ ...form, snippet: `<script async src="${addressOf(form.token)}/form.js"></script>` });
  const present = async (id: string): Promise<CallbackForm> => {
    const form = await findForm(database, id);
    if (!form) throw notFound('form');
    return shown(form);
  };
  const checkQueue = (queueId: string): void => {
    if (!directory.queue(queueId)?.active) throw new Refusal(400, 'unknownQueue', 'There is no such queue.', { field: 'queueId' });
  };

  return {
    addressOf,
    list: async (): Promise<CallbackForm[]> => (await listForms(database)).map(shown),
    async create(viewer: Viewer, definition: Input): Promise<CallbackForm> {
      checkQueue(definition.queueId);
      const nowMs = clock.now();
      const id = newId(nowMs);
      await inTransaction(database, async (tx) => {
        await insertForm(tx, { id, token: randomBytes(18).toString('base64url'), secret: randomBytes(32).toString('base64url'), definition, nowMs });
        await audit.record(tx, viewer, 'callbackForm.created', 'callbackForm', id, changesBetween(null, definition));
      });
      return present(id);
    },
    async change(viewer: Viewer, id: string, { version, ...definition }: Input & { version: number }): Promise<CallbackForm> {
      checkQueue(definition.queueId);
      await inTransaction(database, async (tx) => {
        const before = await findForm(tx, id);
        if (!before) throw notFound('form');
        if (!(await updateForm(tx, id, version, definition))) throw changedMeanwhile(shown(before));
        const old = Object.fromEntries(Object.keys(definition).map((key) => [key, before[key as keyof StoredForm]]));
        await audit.record(tx, viewer, 'callbackForm.changed', 'callbackForm', id, changesBetween(old, definition));
      });
      return present(id);
    },
    /** What came in by it stays, with its consents. */
    async remove(viewer: Viewer, id: string): Promise<void> {
      await inTransaction(database, async (tx) => {
        if (!(await removeForm(tx, id, clock.now()))) throw notFound('form');
        await audit.record(tx, viewer, 'callbackForm.removed', 'callbackForm', id, {});
      });
    },

    async publicForm(token: string): Promise<StoredForm> {
      const form = await findPublicForm(database, token);
      if (!form?.active) throw notFound('form');
      return form;
    },
    /** Whether a page of this origin may show the form. */
    isAllowed: (form: StoredForm, origin: string | undefined): origin is string => origin !== undefined && (origin === publicUrl.origin || form.origins.includes(origin)),
    draw: (form: StoredForm): z.output<typeof publicCallbackForm> => ({
      ...{ title: form.title, consentText: form.consentText, minimumSeconds: form.minimumSeconds, daysAhead: form.daysAhead, captcha: captcha !== null },
      stamp: makeStamp(form.secret, clock.now()),
    }),

    /**
     * Throws 409 `tooFast` or `formExpired`, 429 `tooManyForNumber`, 400 with the field. A machine is told nothing. Who asked already and still
     * waits gets no second callback: the newer wish counts.
     */
    async ask(form: StoredForm, input: z.output<typeof publicCallbackInput>, address: string): Promise<void> {
      const nowMs = clock.now();
      const verdict = judgeAnswer({ honeypot: input.website, openedAtMs: readStamp(form.secret, input.stamp), nowMs, minimumSeconds: form.minimumSeconds });
      if (verdict.kind === 'machine') return;
      if (verdict.kind === 'expired') throw new Refusal(409, 'formExpired', 'Ask for the form anew.');
      if (verdict.kind === 'tooFast') throw new Refusal(409, 'tooFast', 'Nobody is that fast: send it again in a moment.', { details: { retryAfterSeconds: Math.ceil(verdict.waitMs / 1_000) } });
      const consentText = form.consentText[input.locale];
      if (consentText !== '' && !input.consent) throw wrong('consent', 'agree first');
      const { e164, country } = normaliseNumber(input.number, options.defaultCountry());
      if (e164 === null) throw wrong('number', 'this is no telephone number');
      const wishedMs = input.wishedAt === null ? nowMs : Math.max(nowMs, Date.parse(input.wishedAt));
      if (wishedMs > nowMs + form.daysAhead * dayMs + dayMs) throw wrong('wishedAt', 'that is too far ahead');
      if (captcha !== null && !(await captcha.isPerson(input.captcha, address))) throw wrong('captcha', 'not solved');
      const known = await options.recognise(e164);
      const callback = await inTransaction(database, async (tx) => {
        await lockNumber(tx, e164);
        if ((await countAsked(tx, e164, nowMs - dayMs)) >= form.perNumberADay) throw new Refusal(429, 'tooManyForNumber', 'This number was asked for often enough today.', { field: 'number' });
        const waitingId = await findAsked(tx, e164, form.queueId);
        const waiting = waitingId === null ? null : await lockCallback(tx, waitingId);
        const id = waiting?.id ?? newId(nowMs);
        const timeZone = input.timeZone ?? guessZone(zonesOfCountry(country), options.companyZone());
        if (waiting?.state === 'open') await saveCallback(tx, { ...waiting, dueAtMs: wishedMs, remindAtMs: wishedMs, timeZone, contactName: input.name || waiting.contactName });
        else {
          await insertCallback(tx, {
            ...{ id, kind: 'web', number: e164, customerId: known?.customerId ?? null, contactName: input.name || (known?.name ?? ''), queueId: form.queueId, agentId: null, dueAtMs: wishedMs },
            ...{ timeZone, note: '', sourceCallId: null, queuedAtMs: null, priority: 0, createdBy: null, createdAtMs: nowMs },
          });
        }
        const answer = { name: input.name, number: input.number, wishedAt: input.wishedAt, consent: input.consent };
        await insertConsent(tx, { id: newId(nowMs), callbackId: id, formId: form.id, atMs: nowMs, text: consentText, locale: input.locale, address, page: input.page, answer });
        return findCallback(tx, id);
      });
      if (callback) options.onChanged(callback);
    },
  };
}
export type CallbackForms = ReturnType<typeof createCallbackForms>;
