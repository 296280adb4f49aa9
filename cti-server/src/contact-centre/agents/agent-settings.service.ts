import { z } from 'zod';
import { type agentSettings, type agentSettingsInput, type agentSettingsQuery, id, type Page } from '../../contracts/index.ts';
import { changesBetween, readCursor, toPage } from '../../access/index.ts';
import { brokenForeignKey, changedMeanwhile, notFound } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { deskPhoneEndpoint } from '../directory/index.ts';
import { refuseUnknownQueues, refuseUnknownSkills } from '../queues/index.ts';
import { firstRepeated, inTransaction, namedTwice, type SetupDependencies, unknownId } from '../setup/index.ts';
import { type AgentSettingsRow, listAgentSettings, lockAgentSettings, saveAssignments } from './agent-settings.store.ts';

export type AgentSettings = z.infer<typeof agentSettings>;

export interface DeskPhonePresence {
  /** Whether a desk phone is registered at the switch at this moment. */
  isDeskPhonePresent(endpoint: string): boolean;
}

const position = z.tuple([z.string(), id]);

/** Skills and queues of the agents whom the viewer's scope reaches. An agent outside of it does not exist for the viewer. */
export function createAgentSettings(dependencies: SetupDependencies & { presence: DeskPhonePresence }) {
  const { database, directory, audit, presence } = dependencies;

  const toSettings = (row: AgentSettingsRow): AgentSettings => ({
    userId: row.userId,
    name: row.name,
    skills: row.skills,
    queueIds: row.queueIds,
    deskPhone:
      row.extension === null ? null : { extension: row.extension, present: presence.isDeskPhonePresent(deskPhoneEndpoint(row.extension)) },
    version: row.version,
  });

  return {
    async list(viewer: Viewer, query: z.output<typeof agentSettingsQuery>): Promise<Page<AgentSettings>> {
      const after = query.cursor === undefined ? null : readCursor(query.cursor, position);
      const rows = await listAgentSettings(database, viewer, { search: query.search ?? '', after, limit: query.limit + 1 });
      const { items, nextCursor } = toPage(rows, query.limit, (row) => [row.name, row.userId]);
      return { items: items.map(toSettings), nextCursor };
    },

    /** Replaces skills and queues. Throws 404, 409 `changedMeanwhile`, 400 `invalidBody` for an id that does not exist or is named twice. */
    async change(viewer: Viewer, userId: string, input: z.output<typeof agentSettingsInput>): Promise<AgentSettings> {
      const queueIds = [...new Set(input.queueIds)];
      const skillIds = input.skills.map((one) => one.skillId);
      const repeated = firstRepeated(skillIds);
      if (repeated >= 0) throw namedTwice(`skills.${String(repeated)}.skillId`);
      try {
        const saved = await inTransaction(database, async (tx) => {
          const before = await lockAgentSettings(tx, viewer, userId);
          if (!before) throw notFound('agent');
          if (before.version !== input.version) throw changedMeanwhile(toSettings(before));
          await refuseUnknownSkills(tx, skillIds);
          await refuseUnknownQueues(tx, input.queueIds);
          await saveAssignments(tx, userId, { skills: input.skills, queueIds });
          const after: AgentSettingsRow = { ...before, skills: input.skills, queueIds, version: before.version + 1 };
          await audit.record(tx, viewer, 'changed', 'agentSettings', userId, changesBetween(contentOf(before), contentOf(after)));
          return toSettings(after);
        });
        await directory.changed();
        return saved;
      } catch (error) {
        // deleted between our look and our save
        const foreignKey = brokenForeignKey(error);
        if (foreignKey?.startsWith('agent_skills')) throw unknownId('skills', 'skill');
        if (foreignKey?.startsWith('queue_agents')) throw unknownId('queueIds', 'queue');
        throw error;
      }
    },
  };
}

const contentOf = (row: AgentSettingsRow) => ({
  skills: row.skills.toSorted((a, b) => a.skillId.localeCompare(b.skillId)),
  queueIds: row.queueIds.toSorted(),
});
