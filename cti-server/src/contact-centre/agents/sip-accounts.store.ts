import { and, asc, eq, gt, isNotNull, notExists, sql } from 'drizzle-orm';
import { sessions, sipEndpoints } from '../../db/index.ts';
import type { Database } from '../setup/index.ts';

/**
 * Notes that this session has an account on this line, before the switch is asked. Answers the account's name, which is the one of before
 * when the session had one; null when the session has ended.
 */
export async function noteSessionAccount(
  database: Database,
  account: { endpoint: string; userId: string; sessionId: string; lineId: string; nowMs: number },
): Promise<string | null> {
  const { nowMs, endpoint, userId, sessionId, lineId } = account;
  const now = new Date(nowMs).toISOString();
  const noted = await database.execute<{ endpoint: string }>(sql`
    insert into sip_endpoints as e (endpoint, user_id, session_id, line_id, created_at)
    select ${endpoint}, ${userId}::uuid, s.id, ${lineId}, ${now}::timestamptz
    from sessions s where s.id = ${sessionId}::uuid and s.expires_at > ${now}::timestamptz
    on conflict (session_id, line_id) do update set created_at = excluded.created_at
    returning e.endpoint`);
  return noted.rows[0]?.endpoint ?? null;
}

export interface SessionAccount {
  endpoint: string;
  lineId: string;
}

export function listAccountsOfSession(database: Database, sessionId: string): Promise<SessionAccount[]> {
  return database.select(account).from(sipEndpoints).where(eq(sipEndpoints.sessionId, sessionId)).orderBy(asc(sipEndpoints.endpoint));
}

const account = { endpoint: sipEndpoints.endpoint, lineId: sipEndpoints.lineId };

/** Accounts whose session is over, after the given one in order of names. */
export function listOrphans(database: Database, nowMs: number, after: string, limit: number): Promise<SessionAccount[]> {
  const alive = database
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sipEndpoints.sessionId), gt(sessions.expiresAt, new Date(nowMs))));
  return database
    .select(account)
    .from(sipEndpoints)
    .where(and(isNotNull(sipEndpoints.sessionId), notExists(alive), gt(sipEndpoints.endpoint, after)))
    .orderBy(asc(sipEndpoints.endpoint))
    .limit(limit);
}

export async function isSessionAlive(database: Database, sessionId: string, nowMs: number): Promise<boolean> {
  const found = await database
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, sessionId), gt(sessions.expiresAt, new Date(nowMs))));
  return found.length > 0;
}

export async function forgetSessionAccount(database: Database, endpoint: string): Promise<void> {
  await database.delete(sipEndpoints).where(eq(sipEndpoints.endpoint, endpoint));
}
