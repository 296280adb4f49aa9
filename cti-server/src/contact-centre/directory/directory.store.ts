import { asc, eq, isNotNull, sql } from 'drizzle-orm';
import {
  agentSettings,
  agentSkills,
  calendars,
  type Database,
  dispositions,
  flows,
  flowVersions,
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
      flowVersions: await flowVersionsInUse(tx),
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

/** What flows have published last, and what callers may still be inside: versions and flows that were in force within the last day. */
const flowVersionsInUse = (tx: Pick<Database, 'select'>) =>
  tx
    .select({ version: flowVersions, isInForce: sql<boolean>`${flows.publishedVersionId} = ${flowVersions.id} and ${flows.deletedAt} is null` })
    .from(flowVersions)
    .innerJoin(flows, eq(flows.id, flowVersions.flowId))
    .where(
      sql`coalesce(${flows.deletedAt}, 'infinity') > now() - interval '1 day' and not exists (
        select 1 from flow_versions later
        where later.flow_id = ${flowVersions.flowId} and later.number > ${flowVersions.number} and later.published_at < now() - interval '1 day')`,
    );

export type DirectoryRows = Awaited<ReturnType<typeof readDirectory>>;

/** One of the user's roles lets them take calls. */
const takesCalls = sql`exists (
  select 1 from user_roles ur join roles r on r.id = ur.role_id where ur.user_id = "users"."id" and 'calls.take' = any(r.rights))`;
