import { sql } from 'drizzle-orm';
import { type LeadForm, leadFormInput } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';
import { isOpenStage } from './moves.store.ts';

export interface StoredForm extends LeadForm {
  secret: string;
}

interface Row extends Record<string, unknown> {
  id: string;
  token: string;
  secret: string;
  definition: Record<string, unknown>;
  version: number;
  leads: string;
  last_at: Date | string | null;
}

const toForm = (row: Row): StoredForm => ({
  ...leadFormInput.parse(row.definition),
  ...{ id: row.id, token: row.token, secret: row.secret, version: row.version, leads: Number(row.leads) },
  lastLeadAt: row.last_at === null ? null : new Date(row.last_at).toISOString(),
});

const columns = sql`f.id, f.token, f.secret, f.definition, f.version,
  (select count(distinct c.lead_id) from lead_consents c where c.form_id = f.id) as leads, (select max(c.at) from lead_consents c where c.form_id = f.id) as last_at`;

export async function listForms(connection: Connection): Promise<StoredForm[]> {
  const { rows } = await connection.execute<Row>(sql`select ${columns} from lead_forms f where f.deleted_at is null order by f.created_at, f.id`);
  return rows.map(toForm);
}

export async function findForm(connection: Connection, by: { id: string } | { token: string }): Promise<StoredForm | undefined> {
  const { rows } = await connection.execute<Row>(sql`
    select ${columns} from lead_forms f where f.deleted_at is null and ${'id' in by ? sql`f.id = ${by.id}::uuid` : sql`f.token = ${by.token}`}`);
  return rows[0] && toForm(rows[0]);
}

/** What is asked with every answer, without counting what came in. */
export async function findPublicForm(connection: Connection, token: string): Promise<StoredForm | undefined> {
  const { rows } = await connection.execute<Row>(sql`
    select f.id, f.token, f.secret, f.definition, f.version, 0 as leads, null as last_at from lead_forms f where f.deleted_at is null and f.token = ${token}`);
  return rows[0] && toForm(rows[0]);
}

export async function insertForm(tx: Transaction, form: { id: string; token: string; secret: string; definition: object; nowMs: number }): Promise<void> {
  await tx.execute(sql`
    insert into lead_forms (id, token, secret, definition, created_at)
    values (${form.id}::uuid, ${form.token}, ${form.secret}, ${JSON.stringify(form.definition)}::jsonb, ${new Date(form.nowMs).toISOString()}::timestamptz)`);
}

/** False when it is not at `version` any more. */
export async function updateForm(tx: Transaction, id: string, version: number, definition: object): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    update lead_forms set definition = ${JSON.stringify(definition)}::jsonb, version = version + 1 where id = ${id}::uuid and version = ${version} and deleted_at is null returning id`);
  return rows.length > 0;
}

export async function removeForm(tx: Transaction, id: string, nowMs: number): Promise<boolean> {
  const { rows } = await tx.execute(sql`update lead_forms set deleted_at = ${new Date(nowMs).toISOString()}::timestamptz where id = ${id}::uuid and deleted_at is null returning id`);
  return rows.length > 0;
}

export interface Consent {
  id: string;
  leadId: string;
  formId: string;
  atMs: number;
  text: string;
  agreed: boolean;
  address: string;
  page: string;
  values: Record<string, unknown>;
}

export async function insertConsent(tx: Transaction, consent: Consent): Promise<void> {
  await tx.execute(sql`
    insert into lead_consents (id, lead_id, form_id, at, text, agreed, address, page, values)
    values (${consent.id}::uuid, ${consent.leadId}::uuid, ${consent.formId}::uuid, ${new Date(consent.atMs).toISOString()}::timestamptz, ${consent.text}, ${consent.agreed},
            ${consent.address}, ${consent.page}, ${JSON.stringify(consent.values)}::jsonb)`);
}

export async function listConsents(connection: Connection, leadId: string): Promise<(Omit<Consent, 'leadId' | 'formId' | 'values'> & { formName: string })[]> {
  const { rows } = await connection.execute<{ id: string; at: Date | string; text: string; agreed: boolean; address: string; page: string; form_name: string }>(sql`
    select c.id, c.at, c.text, c.agreed, c.address, c.page, f.definition->>'name' as form_name from lead_consents c join lead_forms f on f.id = c.form_id
    where c.lead_id = ${leadId}::uuid order by c.at desc, c.id desc limit 200`);
  return rows.map((row) => ({ id: row.id, atMs: new Date(row.at).getTime(), text: row.text, agreed: row.agreed, address: row.address, page: row.page, formName: row.form_name }));
}

/** The same person again: an open lead with this number or address, the one heard from last. Two answers at once wait for each other. */
export async function findSameLead(tx: Transaction, phone: string | null, email: string | null): Promise<string | undefined> {
  for (const key of [phone, email?.toLowerCase()].filter((one) => one != null).sort()) await tx.execute(sql`select pg_advisory_xact_lock(hashtext('lead captured'), hashtext(${key}))`);
  const same = [...(phone === null ? [] : [sql`t.phone = ${phone}`]), ...(email === null ? [] : [sql`fold_text(t.email) collate "C" = fold_text(${email}) collate "C"`])];
  if (same.length === 0) return undefined;
  const { rows } = await tx.execute<{ id: string }>(sql`
    select t.id from leads t where t.deleted_at is null and ${isOpenStage} and (${sql.join(same, sql` or `)}) order by t.updated_at desc, t.id limit 1`);
  return rows[0]?.id;
}
