import { and, asc, eq, inArray, ne, or, sql, type SQL } from 'drizzle-orm';
import { roles, userRoles, users, userTeams } from '../db/index.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Connection, Database, Transaction } from './access.store.ts';
import { administratorRole } from './built-in-roles.ts';

const userColumns = {
  id: users.id,
  login: users.login,
  name: users.name,
  locale: users.locale,
  active: users.active,
  roleIds: sql<string[]>`array(select ur.role_id::text from user_roles ur where ur.user_id = "users"."id" order by 1)`,
  teamIds: sql<string[]>`array(select ut.team_id::text from user_teams ut where ut.user_id = "users"."id" order by 1)`,
  managerId: users.managerId,
  managerName: sql<string | null>`(select m.name from users m where m.id = "users"."manager_id")`,
  lastSignInAt: users.lastSignInAt,
  version: users.version,
};
export interface UserRow {
  id: string;
  login: string;
  name: string;
  locale: string;
  active: boolean;
  roleIds: string[];
  teamIds: string[];
  managerId: string | null;
  managerName: string | null;
  lastSignInAt: Date | null;
  version: number;
}

/** The users whom the viewer's scope reaches: oneself, those of one's teams, or all. */
function inScope(viewer: Viewer): SQL | undefined {
  if (viewer.scope === 'all') return undefined;
  const own = eq(users.id, viewer.userId);
  if (viewer.scope === 'own' || viewer.teamIds.length === 0) return own;
  const teamIds = sql.join(viewer.teamIds.map((teamId) => sql`${teamId}::uuid`), sql`, `);
  return or(own, sql`exists (select 1 from user_teams ut where ut.user_id = "users"."id" and ut.team_id in (${teamIds}))`);
}

/** By name, then id. The search looks for a part of name or login, no matter the accents or capitals. */
export async function listUsers(
  database: Database,
  viewer: Viewer,
  query: { search: string; after: readonly [name: string, id: string] | null; limit: number },
): Promise<UserRow[]> {
  return database
    .select(userColumns)
    .from(users)
    .where(
      and(
        inScope(viewer),
        query.search === ''
          ? undefined
          : sql`position(lower(unaccent('unaccent'::regdictionary, ${query.search})) in search_text(${users.name}, ${users.login}, null)) > 0`,
        query.after ? sql`(${users.name}, ${users.id}) > (${query.after[0]}, ${query.after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(asc(users.name), asc(users.id))
    .limit(query.limit);
}

export async function findUser(connection: Connection, viewer: Viewer, id: string): Promise<UserRow | undefined> {
  const [found] = await connection.select(userColumns).from(users).where(and(eq(users.id, id), inScope(viewer)));
  return found;
}

/** Takes the user's row until the transaction ends. */
export async function lockUser(tx: Transaction, id: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, id)).for('update');
}

export interface UserFields {
  login: string;
  name: string;
  locale: string;
  active: boolean;
  roleIds: string[];
  teamIds: string[];
  managerId: string | null;
}

/** Whether somebody reports to this user, directly or through others, or is this user. */
export async function reportsTo(tx: Transaction, userId: string, managerId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ found: boolean }>(sql`
    with recursive up (id) as (select ${userId}::uuid union select u.manager_id from users u join up on u.id = up.id where u.manager_id is not null)
    select exists (select from up where id = ${managerId}::uuid) as found`);
  return rows[0]?.found ?? false;
}

/** Throws Postgres' unique violation when the login is taken. */
export async function insertUser(tx: Transaction, id: string, fields: UserFields, passwordHash: string, nowMs: number): Promise<void> {
  const { roleIds, teamIds, ...columns } = fields;
  await tx.insert(users).values({ id, ...columns, passwordHash, createdAt: new Date(nowMs) });
  await insertMemberships(tx, id, roleIds, teamIds);
}

/** Replaces all fields, roles and teams, and raises the version. `passwordHash` null leaves the password. */
export async function updateUser(tx: Transaction, id: string, fields: UserFields, passwordHash: string | null): Promise<void> {
  const { roleIds, teamIds, ...columns } = fields;
  await tx
    .update(users)
    .set({ ...columns, ...(passwordHash === null ? {} : { passwordHash }), version: sql`${users.version} + 1` })
    .where(eq(users.id, id));
  await tx.delete(userRoles).where(eq(userRoles.userId, id));
  await tx.delete(userTeams).where(eq(userTeams.userId, id));
  await insertMemberships(tx, id, roleIds, teamIds);
}

async function insertMemberships(tx: Transaction, userId: string, roleIds: readonly string[], teamIds: readonly string[]): Promise<void> {
  if (roleIds.length > 0) await tx.insert(userRoles).values(roleIds.map((roleId) => ({ userId, roleId })));
  if (teamIds.length > 0) await tx.insert(userTeams).values(teamIds.map((teamId) => ({ userId, teamId })));
}

/** How many other active users hold the administrator's role. Only to be trusted under the lock of administrators. */
export function countOtherAdministrators(tx: Transaction, userId: string): Promise<number> {
  return tx.$count(
    users,
    and(
      ne(users.id, userId),
      users.active,
      sql`exists (select 1 from user_roles ur join roles r on r.id = ur.role_id
                  where ur.user_id = "users"."id" and r.built_in and r.name = ${administratorRole})`,
    ),
  );
}

/** The roles' rights of one user, to compare with those of somebody else. */
export function findRolesOf(connection: Connection, userId: string) {
  return connection
    .select({ id: roles.id, name: roles.name, rights: roles.rights, scope: roles.scope, recordRights: roles.recordRights })
    .from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(eq(userRoles.userId, userId));
}

export async function isAnyUser(connection: Connection): Promise<boolean> {
  const found = await connection.select({ id: users.id }).from(users).limit(1);
  return found.length > 0;
}

export async function findSecretByLogin(database: Connection, login: string): Promise<{ id: string; name: string; passwordHash: string } | undefined> {
  const [found] = await database
    .select({ id: users.id, name: users.name, passwordHash: users.passwordHash })
    .from(users)
    .where(sql`lower(${users.login}) = lower(${login.normalize('NFC')})`);
  return found;
}

export async function findPasswordOf(database: Database, userId: string): Promise<string | null> {
  const [found] = await database.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, userId));
  return found?.passwordHash ?? null;
}

/** False when the user was deactivated, or the password changed, since the hash was read. */
export async function markSignedIn(tx: Transaction, userId: string, passwordHash: string, nowMs: number): Promise<boolean> {
  const marked = await tx
    .update(users)
    .set({ lastSignInAt: new Date(nowMs) })
    .where(and(eq(users.id, userId), users.active, eq(users.passwordHash, passwordHash)))
    .returning({ id: users.id });
  return marked.length > 0;
}

/** False when the password is no longer the one that was checked. */
export async function changePasswordHash(tx: Transaction, userId: string, before: string, after: string): Promise<boolean> {
  const changed = await tx
    .update(users)
    .set({ passwordHash: after })
    .where(and(eq(users.id, userId), eq(users.passwordHash, before)))
    .returning({ id: users.id });
  return changed.length > 0;
}

export async function findProfile(connection: Connection, userId: string) {
  const [found] = await connection
    .select({ login: users.login, name: users.name, locale: users.locale, theme: users.theme })
    .from(users)
    .where(eq(users.id, userId));
  return found;
}

export async function savePreferences(
  tx: Transaction,
  userId: string,
  preferences: { locale: string; theme: string },
  isOwnRecordChanged: boolean,
): Promise<void> {
  await tx
    .update(users)
    // the language stands on the administrator's form too, the theme does not
    .set({ ...preferences, ...(isOwnRecordChanged ? { version: sql`${users.version} + 1` } : {}) })
    .where(eq(users.id, userId));
}

export async function findNames(database: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await database
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(found.map((user) => [user.id, user.name]));
}
