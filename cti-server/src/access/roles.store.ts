import { and, asc, eq, sql } from 'drizzle-orm';
import { roles, userRoles } from '../db/index.ts';
import { newId } from '../platform/ids.ts';
import type { Connection, Transaction } from './access.store.ts';
import { administratorRole, builtInRoles } from './built-in-roles.ts';

export type RoleRow = typeof roles.$inferSelect;

export const listRoles = (connection: Connection): Promise<RoleRow[]> => connection.select().from(roles).orderBy(asc(roles.builtIn), asc(roles.name));

/** Takes the role's row until the transaction ends. */
export async function lockRole(tx: Transaction, id: string): Promise<RoleRow | undefined> {
  const [found] = await tx.select().from(roles).where(eq(roles.id, id)).for('update');
  return found;
}

export interface RoleFields {
  name: string;
  rights: string[];
  scope: string;
  recordRights: Record<string, Record<string, string>>;
}

/** Throws Postgres' unique violation when the name is taken. */
export async function insertRole(tx: Transaction, id: string, fields: RoleFields): Promise<RoleRow> {
  const [made] = await tx.insert(roles).values({ id, ...fields }).returning();
  if (!made) throw new Error('The new role was not returned.');
  return made;
}

export async function updateRole(tx: Transaction, id: string, fields: RoleFields): Promise<RoleRow> {
  const [changed] = await tx.update(roles).set({ ...fields, version: sql`${roles.version} + 1` }).where(eq(roles.id, id)).returning();
  if (!changed) throw new Error('The changed role was not returned.');
  return changed;
}

/** Throws Postgres' foreign key violation when somebody got the role meanwhile. */
export async function deleteRole(tx: Transaction, id: string): Promise<void> {
  await tx.delete(roles).where(eq(roles.id, id));
}

export const countUsersOfRole = (tx: Transaction, id: string): Promise<number> => tx.$count(userRoles, eq(userRoles.roleId, id));

/**
 * Makes the built-in roles, or gives them the rights that this version of the program knows. Answers their ids by name. To be called
 * under the lock of the first start.
 */
export async function saveBuiltInRoles(tx: Transaction, nowMs: number): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, ...role } of builtInRoles) {
    const allowed = { builtIn: true, rights: [...role.rights], scope: role.scope, recordRights: role.recordRights };
    const [found] = await tx.update(roles).set(allowed).where(sql`lower(${roles.name}) = ${name}`).returning({ id: roles.id });
    const id = found?.id ?? newId(nowMs);
    if (!found) await tx.insert(roles).values({ id, name, ...allowed });
    ids.set(name, id);
  }
  return ids;
}

export async function findAdministratorRole(connection: Connection): Promise<string> {
  const [found] = await connection.select({ id: roles.id }).from(roles).where(and(eq(roles.name, administratorRole), roles.builtIn));
  if (!found) throw new Error('The built-in roles are missing: firstStart() has to run before.');
  return found.id;
}
