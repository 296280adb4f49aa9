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
export async function insertTeam(tx: Transaction, id: string, name: string): Promise<TeamRow> {
  const [made] = await tx.insert(teams).values({ id, name }).returning();
  if (!made) throw new Error('The new team was not returned.');
  return made;
}

export async function renameTeam(tx: Transaction, id: string, name: string): Promise<TeamRow> {
  const [changed] = await tx.update(teams).set({ name, version: sql`${teams.version} + 1` }).where(eq(teams.id, id)).returning();
  if (!changed) throw new Error('The changed team was not returned.');
  return changed;
}

/** Throws Postgres' foreign key violation when something refers to the team. */
export async function deleteTeam(tx: Transaction, id: string): Promise<void> {
  await tx.delete(teams).where(eq(teams.id, id));
}

export const countUsersOfTeam = (tx: Transaction, id: string): Promise<number> => tx.$count(userTeams, eq(userTeams.teamId, id));
