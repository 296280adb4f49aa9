import { and, asc, eq, isNotNull, isNull, not, sql } from 'drizzle-orm';
import { agentSettings, sipEndpoints, users } from '../../db/index.ts';
import type { Connection, Database, Transaction } from '../setup/index.ts';

/** Any number of our own: extensions are given out one at a time, over all servers. */
const extensionLock = 7_220_051;

/** All extensions in use, under a lock until the transaction ends: nobody else takes a free one meanwhile. */
export async function lockExtensions(tx: Transaction): Promise<Set<string>> {
  await tx.execute(sql`select pg_advisory_xact_lock(${extensionLock})`);
  const rows = await tx.select({ extension: agentSettings.extension }).from(agentSettings).where(isNotNull(agentSettings.extension));
  return new Set(rows.flatMap((row) => row.extension ?? []));
}

/** Sets or (null) takes away an agent's desk phone. The caller holds the lock on the settings. */
export async function saveDeskPhone(tx: Transaction, userId: string, saved: { extension: string; digest: string } | null): Promise<void> {
  await tx
    .update(agentSettings)
    .set({ extension: saved?.extension ?? null, deskPhoneDigest: saved?.digest ?? null, version: sql`${agentSettings.version} + 1` })
    .where(eq(agentSettings.userId, userId));
}

/** The line that holds a desk phone's account, and null when none was noted. */
export async function findLineOf(tx: Connection, endpoint: string): Promise<string | null> {
  const [found] = await tx.select({ lineId: sipEndpoints.lineId }).from(sipEndpoints).where(eq(sipEndpoints.endpoint, endpoint));
  return found?.lineId ?? null;
}

export interface DeskPhoneAccount {
  endpoint: string;
  userId: string;
  name: string;
  digest: string;
}

const deskPhone = {
  endpoint: sql<string>`'desk-' || ${agentSettings.extension}`,
  userId: users.id,
  name: users.name,
  digest: sql<string>`${agentSettings.deskPhoneDigest}`,
};
const hasDeskPhone = and(isNotNull(agentSettings.extension), isNotNull(agentSettings.deskPhoneDigest));
const hasAccount = sql`exists (select 1 from sip_endpoints e where e.endpoint = 'desk-' || "agent_settings"."extension")`;

/** The desk phones that a line holds, to be handed to a fresh switch. */
export function listDeskPhones(database: Database, lineId: string): Promise<DeskPhoneAccount[]> {
  return database
    .select(deskPhone)
    .from(sipEndpoints)
    .innerJoin(users, eq(users.id, sipEndpoints.userId))
    .innerJoin(agentSettings, eq(agentSettings.userId, users.id))
    .where(and(eq(sipEndpoints.lineId, lineId), isNull(sipEndpoints.sessionId), hasDeskPhone, users.active))
    .orderBy(asc(sipEndpoints.endpoint));
}

/** Desk phones of active users that no line holds: their user was away for a time. */
export function listMissingAccounts(database: Database): Promise<DeskPhoneAccount[]> {
  return database
    .select(deskPhone)
    .from(agentSettings)
    .innerJoin(users, eq(users.id, agentSettings.userId))
    .where(and(users.active, hasDeskPhone, not(hasAccount)));
}

/** Accounts of desk phones whose user was deactivated. */
export function listAccountsOfInactive(database: Database): Promise<{ endpoint: string; lineId: string }[]> {
  return database
    .select({ endpoint: sipEndpoints.endpoint, lineId: sipEndpoints.lineId })
    .from(sipEndpoints)
    .innerJoin(users, eq(users.id, sipEndpoints.userId))
    .where(and(isNull(sipEndpoints.sessionId), not(users.active)));
}

export async function noteAccount(
  connection: Connection,
  account: { endpoint: string; userId: string; lineId: string; nowMs: number },
): Promise<void> {
  const { nowMs, ...columns } = account;
  await connection
    .insert(sipEndpoints)
    .values({ ...columns, sessionId: null, createdAt: new Date(nowMs) })
    .onConflictDoUpdate({ target: sipEndpoints.endpoint, set: { userId: account.userId, lineId: account.lineId } });
}

export async function forgetAccount(connection: Connection, endpoint: string): Promise<void> {
  await connection.delete(sipEndpoints).where(eq(sipEndpoints.endpoint, endpoint));
}
