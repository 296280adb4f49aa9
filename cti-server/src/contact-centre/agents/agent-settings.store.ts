import { and, asc, eq, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import { agentSettings, agentSkills, queueAgents, users } from '../../db/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Connection, Database, Transaction } from '../setup/index.ts';

export interface AgentSettingsRow {
  userId: string;
  name: string;
  active: boolean;
  extension: string | null;
  deskPhoneDigest: string | null;
  version: number;
  skills: { skillId: string; level: number }[];
  queueIds: string[];
}

/** Active users who may take calls, and whoever still has a desk phone. */
const isAgent = or(
  and(
    users.active,
    sql`exists (select 1 from user_roles ur join roles r on r.id = ur.role_id where ur.user_id = "users"."id" and 'calls.take' = any(r.rights))`,
  ),
  isNotNull(agentSettings.extension),
);

/** The agents whom the viewer's scope reaches: oneself, those of one's teams, or all. */
function inScope(viewer: Viewer): SQL | undefined {
  if (viewer.scope === 'all') return undefined;
  const own = eq(users.id, viewer.userId);
  if (viewer.scope === 'own' || viewer.teamIds.length === 0) return own;
  const teamIds = sql.join(
    viewer.teamIds.map((teamId) => sql`${teamId}::uuid`),
    sql`, `,
  );
  return or(own, sql`exists (select 1 from user_teams ut where ut.user_id = "users"."id" and ut.team_id in (${teamIds}))`);
}

const columns = {
  userId: users.id,
  name: users.name,
  active: users.active,
  extension: agentSettings.extension,
  deskPhoneDigest: agentSettings.deskPhoneDigest,
  version: sql<number>`coalesce(${agentSettings.version}, 0)`,
};

/** By name, then id. The search looks for a part of name or login, no matter the accents or capitals. */
export async function listAgentSettings(
  database: Database,
  viewer: Viewer,
  query: { search: string; after: readonly [name: string, id: string] | null; limit: number },
): Promise<AgentSettingsRow[]> {
  const rows = await database
    .select(columns)
    .from(users)
    .leftJoin(agentSettings, eq(agentSettings.userId, users.id))
    .where(
      and(
        isAgent,
        inScope(viewer),
        query.search === ''
          ? undefined
          : sql`position(lower(unaccent('unaccent'::regdictionary, ${query.search})) in search_text(${users.name}, ${users.login}, null)) > 0`,
        query.after ? sql`(${users.name}, ${users.id}) > (${query.after[0]}, ${query.after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(asc(users.name), asc(users.id))
    .limit(query.limit);
  return withAssignments(database, rows);
}

/** The settings of one agent in the viewer's scope, taken until the transaction ends; undefined when there is no such agent. */
export async function lockAgentSettings(tx: Transaction, viewer: Viewer, userId: string): Promise<AgentSettingsRow | undefined> {
  const select = () =>
    tx
      .select(columns)
      .from(users)
      .leftJoin(agentSettings, eq(agentSettings.userId, users.id))
      .where(and(eq(users.id, userId), isAgent, inScope(viewer)));
  if ((await select()).length === 0) return undefined;
  // agents without settings have no row yet, and what is not there cannot be locked
  await tx.insert(agentSettings).values({ userId }).onConflictDoNothing();
  await tx.select({ userId: agentSettings.userId }).from(agentSettings).where(eq(agentSettings.userId, userId)).for('update');
  const [locked] = await withAssignments(tx, await select());
  return locked;
}

async function withAssignments(connection: Connection, rows: Omit<AgentSettingsRow, 'skills' | 'queueIds'>[]): Promise<AgentSettingsRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.userId);
  const skills = Map.groupBy(
    await connection.select().from(agentSkills).where(inArray(agentSkills.userId, ids)).orderBy(asc(agentSkills.skillId)),
    (row) => row.userId,
  );
  const queues = Map.groupBy(
    await connection.select().from(queueAgents).where(inArray(queueAgents.userId, ids)).orderBy(asc(queueAgents.queueId)),
    (row) => row.userId,
  );
  return rows.map((row) => ({
    ...row,
    skills: (skills.get(row.userId) ?? []).map(({ skillId, level }) => ({ skillId, level })),
    queueIds: (queues.get(row.userId) ?? []).map(({ queueId }) => queueId),
  }));
}

/** Replaces skills and queues. The caller holds the lock. */
export async function saveAssignments(
  tx: Transaction,
  userId: string,
  assignments: { skills: readonly { skillId: string; level: number }[]; queueIds: readonly string[] },
): Promise<void> {
  await tx.delete(agentSkills).where(eq(agentSkills.userId, userId));
  await tx.delete(queueAgents).where(eq(queueAgents.userId, userId));
  if (assignments.skills.length > 0) await tx.insert(agentSkills).values(assignments.skills.map((one) => ({ userId, ...one })));
  if (assignments.queueIds.length > 0) await tx.insert(queueAgents).values(assignments.queueIds.map((queueId) => ({ userId, queueId })));
  await raiseVersion(tx, userId);
}

async function raiseVersion(tx: Transaction, userId: string): Promise<void> {
  await tx
    .update(agentSettings)
    .set({ version: sql`${agentSettings.version} + 1` })
    .where(eq(agentSettings.userId, userId));
}
