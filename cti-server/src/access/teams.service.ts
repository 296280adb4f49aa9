import type { z } from 'zod';
import type { team, teamInput, versioned } from '../contracts/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, changedMeanwhile, forbidden, inUse, notFound, Refusal } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { AccessContext } from './access.context.ts';
import { inTransaction } from './access.store.ts';
import { changesBetween } from './audit-rules.ts';
import { recordAudit } from './audit.store.ts';
import { countUsersOfTeam, deleteTeam, insertTeam, isWithinTeam, listTeams, lockTeam, updateTeam } from './teams.store.ts';

type Team = z.output<typeof team>;
type TeamChange = z.output<ReturnType<typeof versioned<(typeof teamInput)['shape']>>>;

/** Teams bound what the scope `team` lets one see. They are changed by those who see the whole house. */
export function createTeams(context: AccessContext) {
  const { database, clock, endings } = context;

  const list = async (): Promise<{ items: Team[] }> => ({ items: await listTeams(database) });

  /** Throws 403 `forbidden` outside the scope `all`, 409 `alreadyExists` for a name that is taken. */
  const create = (viewer: Viewer, input: z.output<typeof teamInput>): Promise<Team> =>
    saving(() =>
      inTransaction(database, async (tx) => {
        refuseNarrow(viewer);
        const made = await insertTeam(tx, newId(clock.now()), input.name, input.parentId);
        await recordAudit(tx, clock.now(), viewer, 'created', 'team', made.id, changesBetween(null, { name: made.name, parentId: made.parentId }));
        return made;
      }),
    );

  /** Throws 403 `forbidden`, 404, 409 `changedMeanwhile`, `alreadyExists`. */
  const change = (viewer: Viewer, id: string, input: TeamChange): Promise<Team> =>
    saving(() =>
      inTransaction(database, async (tx) => {
        refuseNarrow(viewer);
        const before = await lockTeam(tx, id);
        if (!before) throw notFound('team');
        if (before.version !== input.version) throw changedMeanwhile(before);
        const fields = { name: input.name ?? before.name, parentId: input.parentId === undefined ? before.parentId : input.parentId };
        const changes = changesBetween({ name: before.name, parentId: before.parentId }, fields);
        if (Object.keys(changes).length === 0) return before;
        if (fields.parentId !== null && (await isWithinTeam(tx, id, fields.parentId))) throw new Refusal(400, 'invalidBody', 'parentId: a team cannot be part of itself', { field: 'parentId' });
        const after = await updateTeam(tx, id, fields);
        await recordAudit(tx, clock.now(), viewer, 'changed', 'team', id, changes);
        return after;
      }),
    );

  /** Throws 403 `forbidden`, 404, 409 `inUse`. */
  async function remove(viewer: Viewer, id: string): Promise<void> {
    await saving(() =>
      inTransaction(database, async (tx) => {
        refuseNarrow(viewer);
        const before = await lockTeam(tx, id);
        if (!before) throw notFound('team');
        if ((await countUsersOfTeam(tx, id)) > 0) throw inUse('Users belong to this team.');
        await deleteTeam(tx, id);
        await recordAudit(tx, clock.now(), viewer, 'deleted', 'team', id, changesBetween({ name: before.name }, null));
      }),
    );
    await endings.tellViewersChanged('all');
  }

  return { list, create, change, remove };
}

function refuseNarrow(viewer: Viewer): void {
  if (viewer.scope !== 'all') throw forbidden('changing teams while seeing only a part of the house');
}

async function saving<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (brokenUnique(error) === 'teams_name') throw alreadyExists('name', 'There is a team with this name.');
    if (brokenForeignKey(error) === 'teams_parent_id_teams_id_fk') throw new Refusal(400, 'invalidBody', 'parentId: there is no such team', { field: 'parentId' });
    if (brokenForeignKey(error) !== undefined) throw inUse('Something refers to this team.');
    throw error;
  }
}
