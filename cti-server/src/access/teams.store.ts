import { asc, eq, sql } from 'drizzle-orm';
import { teams, userTeams } from '../db/index.ts';
import type { Connection, Transaction } from './access.store.ts';

export type TeamRow = typeof teams.$inferSelect;

export const listTeams = (connection: Connection): Promise<TeamRow[]> => connection.select().from(teams).orderBy(asc(teams.name), asc(teams.id));

/** Takes the team's row until the transaction ends. */
export async function lockTeam(tx: Transaction, id: string): Promise<TeamRow | undefined> {
  const [found] = await tx.select().from(teams).where(eq(teams.id, id)).for('update');
  return found;
}

/** Throws Postgres' unique violation when the name is taken. */
export async function insertTeam(tx: Transaction, id: string, name: string, parentId: string | null): Promise<TeamRow> {
  const [made] = await tx.insert(teams).values({ id, name, parentId }).returning();
  if (!made) throw new Error('The new team was not returned.');
  return made;
}

/** Whether `above` is within the team already, or the team itself. */
export async function isWithinTeam(tx: Transaction, id: string, above: string): Promise<boolean> {
  const { rows } = await tx.execute<{ found: boolean }>(sql`
    with recursive up (id) as (select ${above}::uuid union select t.parent_id from teams t join up on t.id = up.id where t.parent_id is not null)
    select exists (select from up where id = ${id}::uuid) as found`);
  return rows[0]?.found ?? false;
}

export async function updateTeam(tx: Transaction, id: string, fields: { name: string; parentId: string | null }): Promise<TeamRow> {
  const [changed] = await tx.update(teams).set({ ...fields, version: sql`${teams.version} + 1` }).where(eq(teams.id, id)).returning();
  if (!changed) throw new Error('The changed team was not returned.');
  return changed;
}

/** Throws Postgres' foreign key violation when something refers to the team. */
export async function deleteTeam(tx: Transaction, id: string): Promise<void> {
  await tx.delete(teams).where(eq(teams.id, id));
}

export const countUsersOfTeam = (tx: Transaction, id: string): Promise<number> => tx.$count(userTeams, eq(userTeams.teamId, id));
