import { asc, eq, isNotNull, sql } from 'drizzle-orm';
import {
  agentSettings,
  agentSkills,
  calendars,
  type Database,
  dispositions,
  numbers,
  queueAgents,
  queues,
  queueSkills,
  reasonCodes,
  sipEndpoints,
  users,
} from '../../db/index.ts';

export type { Database };

/** Everything the directory holds, as of one instant. */
export function readDirectory(database: Database) {
  return database.transaction(
    async (tx) => ({
      queues: await tx.select().from(queues).orderBy(asc(queues.name), asc(queues.id)),
      calendars: await tx.select().from(calendars),
      queueSkills: await tx.select().from(queueSkills).orderBy(asc(queueSkills.skillId)),
      numbers: await tx.select().from(numbers).where(eq(numbers.active, true)),
      agents: await tx
        .select({
          userId: users.id,
          name: users.name,
          active: users.active,
          extension: agentSettings.extension,
          teamIds: sql<string[]>`array(select ut.team_id::text from user_teams ut where ut.user_id = "users"."id" order by 1)`,
        })
        .from(users)
        .leftJoin(agentSettings, eq(agentSettings.userId, users.id))
        .where(takesCalls)
        .orderBy(asc(users.name), asc(users.id)),
      queueAgents: await tx.select().from(queueAgents),
      agentSkills: await tx.select().from(agentSkills),
      endpoints: await tx
        .select({ endpoint: sipEndpoints.endpoint, userId: sipEndpoints.userId })
        .from(sipEndpoints)
        .where(isNotNull(sipEndpoints.sessionId)),
      reasonCodes: await tx.select().from(reasonCodes),
      dispositions: await tx.select().from(dispositions),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}
export type DirectoryRows = Awaited<ReturnType<typeof readDirectory>>;

/** One of the user's roles lets them take calls. */
const takesCalls = sql`exists (
  select 1 from user_roles ur join roles r on r.id = ur.role_id where ur.user_id = "users"."id" and 'calls.take' = any(r.rights))`;
