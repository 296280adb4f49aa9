import { sql } from 'drizzle-orm';
import { type CallbackForm, callbackFormInput } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../setup/index.ts';

export interface StoredForm extends Omit<CallbackForm, 'snippet'> {
  secret: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  token: string;
  secret: string;
  definition: Record<string, unknown>;
  version: number;
  callbacks: number;
  last_at: Date | string | null;
}

const toForm = (row: Row): StoredForm => ({
  ...callbackFormInput.parse(row.definition),
  ...{ id: row.id, token: row.token, secret: row.secret, version: row.version, callbacks: row.callbacks },
  lastAt: row.last_at === null ? null : new Date(row.last_at).toISOString(),
});

const columns = sql`f.id, f.token, f.secret, f.definition, f.version, (select count(distinct c.callback_id)::int from callback_consents c where c.form_id = f.id) as callbacks,
  (select max(c.at) from callback_consents c where c.form_id = f.id) as last_at`;

export async function listForms(connection: Connection): Promise<StoredForm[]> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from callback_forms f where f.deleted_at is null order by f.created_at, f.id`);
  return rows.map(toForm);
}

export async function findForm(connection: Connection, id: string): Promise<StoredForm | undefined> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from callback_forms f where f.deleted_at is null and f.id = ${id}::uuid`);
  return rows[0] && toForm(rows[0]);
}

/** What is asked with every answer, without counting what came in. */
export async function findPublicForm(connection: Connection, token: string): Promise<StoredForm | undefined> {
  const { rows } = await connection.execute<Row>(sql`select f.id, f.token, f.secret, f.definition, f.version, 0 as callbacks, null as last_at from callback_forms f where f.deleted_at is null and f.token = ${token}`);
  return rows[0] && toForm(rows[0]);
}

export async function insertForm(tx: Transaction, form: { id: string; token: string; secret: string; definition: object; nowMs: number }): Promise<void> {
  await tx.execute(sql`
    insert into callback_forms (id, token, secret, definition, created_at)
    values (${form.id}::uuid, ${form.token}, ${form.secret}, ${JSON.stringify(form.definition)}::jsonb, ${new Date(form.nowMs).toISOString()}::timestamptz)`);
}

/** False when it is not at `version` any more. */
export async function updateForm(tx: Transaction, id: string, version: number, definition: object): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    update callback_forms set definition = ${JSON.stringify(definition)}::jsonb, version = version + 1 where id = ${id}::uuid and version = ${version} and deleted_at is null returning id`);
  return rows.length > 0;
}

export async function removeForm(tx: Transaction, id: string, nowMs: number): Promise<boolean> {
  const { rows } = await tx.execute(sql`update callback_forms set deleted_at = ${new Date(nowMs).toISOString()}::timestamptz where id = ${id}::uuid and deleted_at is null returning id`);
  return rows.length > 0;
}

export interface Consent {
  id: string;
  callbackId: string;
  formId: string;
  atMs: number;
  /** As it was shown; empty when the form asked for none. */
  text: string;
  locale: string;
  address: string;
  page: string;
  answer: Record<string, unknown>;
}

export async function insertConsent(tx: Transaction, consent: Consent): Promise<void> {
  await tx.execute(sql`
    insert into callback_consents (id, callback_id, form_id, at, text, locale, address, page, answer)
    values (${consent.id}::uuid, ${consent.callbackId}::uuid, ${consent.formId}::uuid, ${new Date(consent.atMs).toISOString()}::timestamptz, ${consent.text}, ${consent.locale},
            ${consent.address}, ${consent.page}, ${JSON.stringify(consent.answer)}::jsonb)`);
}

export async function listConsents(connection: Connection, callbackId: string): Promise<{ at: string; text: string; page: string }[]> {
  const { rows } = await connection.execute<{ at: Date | string; text: string; page: string }>(sql`select at, text, page from callback_consents where callback_id = ${callbackId}::uuid order by at desc limit 50`);
  return rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() }));
}

/** Two answers with one number wait for each other until the transaction ends. */
export async function lockNumber(tx: Transaction, number: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('callback asked'), hashtext(${number}))`);
}

/** How often this number was asked for on websites since then. */
export async function countAsked(tx: Transaction, number: string, sinceMs: number): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from callbacks c join callback_consents a on a.callback_id = c.id where c.number = ${number} and a.at >= ${new Date(sinceMs).toISOString()}::timestamptz`);
  return rows[0]?.count ?? 0;
}

/** The one that waits already for this number and queue, asked for on a website. */
export async function findAsked(tx: Transaction, number: string, queueId: string): Promise<string | null> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select id from callbacks where number = ${number} and queue_id = ${queueId}::uuid and kind = 'web' and state = 'open' order by created_at desc limit 1`);
  return rows[0]?.id ?? null;
}
