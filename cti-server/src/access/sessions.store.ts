import { and, eq, gt, lte, ne, sql } from 'drizzle-orm';
import { roles, sessions, userRoles, users, userTeams } from '../db/index.ts';
import type { Connection, Database, Transaction } from './access.store.ts';
import { seenEveryMs } from './session-rules.ts';

export interface NewSession {
  id: string;
  tokenHash: string;
  csrfToken: string;
  userId: string;
  createdAt: Date;
  expiresAt: Date;
  address: string;
  userAgent: string;
}
export interface EndedSession {
  id: string;
  userId: string;
}

export async function insertSession(tx: Transaction, session: NewSession): Promise<void> {
  await tx.insert(sessions).values({ ...session, seenAt: session.createdAt });
}

/** The session behind a token's hash with its user, roles and teams, in one look by index. Undefined when it ended or its user is inactive. */
export async function findLiveSession(database: Database, tokenHash: string, nowMs: number) {
  const [found] = await database
    .select({
      id: sessions.id,
      csrfToken: sessions.csrfToken,
      createdAt: sessions.createdAt,
      seenAt: sessions.seenAt,
      expiresAt: sessions.expiresAt,
      userId: users.id,
      login: users.login,
      name: users.name,
      locale: users.locale,
      roles: sql<{ id: string; rights: string[]; scope: string; recordRights: Record<string, Record<string, string>> }[]>`(
        select coalesce(json_agg(json_build_object('id', ${roles.id}, 'rights', ${roles.rights}, 'scope', ${roles.scope}, 'recordRights', ${roles.recordRights})), '[]')
        from ${userRoles} join ${roles} on ${roles.id} = ${userRoles.roleId} where ${userRoles.userId} = ${users.id})`,
      teamIds: sql<string[]>`array(select ${userTeams.teamId}::text from ${userTeams} where ${userTeams.userId} = ${users.id} order by 1)`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, new Date(nowMs)), users.active));
  return found;
}
export type LiveSession = NonNullable<Awaited<ReturnType<typeof findLiveSession>>>;

/** Writes down that the session was used, unless another server did within the last minute. A session that is over stays over. */
export async function touchSession(database: Database, id: string, nowMs: number, expiresAtMs: number): Promise<void> {
  await database
    .update(sessions)
    .set({ seenAt: new Date(nowMs), expiresAt: new Date(expiresAtMs) })
    .where(and(eq(sessions.id, id), lte(sessions.seenAt, new Date(nowMs - seenEveryMs)), gt(sessions.expiresAt, new Date(nowMs))));
}

export const deleteSession = (connection: Connection, id: string): Promise<EndedSession[]> =>
  connection.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id, userId: sessions.userId });

/** All sessions of a user, but for one that may stay. */
export const deleteSessionsOf = (tx: Transaction, userId: string, exceptId?: string): Promise<EndedSession[]> =>
  tx
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), exceptId === undefined ? undefined : ne(sessions.id, exceptId)))
    .returning({ id: sessions.id, userId: sessions.userId });

export const deleteExpiredSessions = (database: Database, nowMs: number): Promise<EndedSession[]> =>
  database.delete(sessions).where(lte(sessions.expiresAt, new Date(nowMs))).returning({ id: sessions.id, userId: sessions.userId });
