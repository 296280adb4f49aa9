import type { z } from 'zod';
import type { role, roleInput, Scope, versioned } from '../contracts/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, changedMeanwhile, inUse, notFound, Refusal } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { AccessContext } from './access.context.ts';
import { inTransaction, type Transaction } from './access.store.ts';
import { changesBetween } from './audit-rules.ts';
import { recordAudit } from './audit.store.ts';
import { allowanceOf, beyond, type RoleAllowance, sortRights } from './role-rules.ts';
import { knownRecordRights } from './record-rights-rules.ts';
import { countUsersOfRole, deleteRole, insertRole, listRoles, lockRole, type RoleFields, type RoleRow, updateRole } from './roles.store.ts';

type Role = z.output<typeof role>;
type RoleInput = z.output<typeof roleInput>;
type RoleChange = z.output<ReturnType<typeof versioned<(typeof roleInput)['shape']>>>;

/** Own roles beside the built-in ones. Nobody can make, change or delete a role that allows more than they may themselves. */
export function createRoles(context: AccessContext) {
  const { database, clock, endings } = context;

  const list = async (): Promise<{ items: Role[] }> => ({ items: (await listRoles(database)).map(toRole) });

  /** Throws 403 `forbidden` for rights beyond the viewer's own, 409 `alreadyExists` for a name that is taken. */
  const create = (viewer: Viewer, input: RoleInput): Promise<Role> =>
    saving(() =>
      inTransaction(database, async (tx) => {
        const fields = { ...input, rights: sortRights(input.rights) };
        refuseBeyond(viewer, fields);
        const made = await insertRole(tx, newId(clock.now()), fields);
        await recordAudit(tx, clock.now(), viewer, 'created', 'role', made.id, changesBetween(null, forAudit(made)));
        return toRole(made);
      }),
    );

  /** Holds for everyone with this role at once. Throws 403 `forbidden` (also for built-in roles), 404, 409 `changedMeanwhile`, `alreadyExists`. */
  async function change(viewer: Viewer, id: string, input: RoleChange): Promise<Role> {
    const changed = await saving(() =>
      inTransaction(database, async (tx) => {
        const before = await lockOwnRole(tx, viewer, id);
        if (before.version !== input.version) throw changedMeanwhile(toRole(before));
        const fields: RoleFields = {
          name: input.name ?? before.name,
          rights: sortRights(input.rights ?? before.rights),
          scope: input.scope ?? before.scope,
          recordRights: input.recordRights ?? before.recordRights,
        };
        refuseBeyond(viewer, fields);
        const changes = changesBetween(forAudit(before), forAudit(fields));
        if (Object.keys(changes).length === 0) return toRole(before);
        const after = await updateRole(tx, id, fields);
        await recordAudit(tx, clock.now(), viewer, 'changed', 'role', id, changes);
        return toRole(after);
      }),
    );
    await endings.tellViewersChanged('all');
    return changed;
  }

  /** Throws 403 `forbidden` for a built-in one, 404, 409 `inUse`. */
  const remove = (viewer: Viewer, id: string): Promise<void> =>
    saving(() =>
      inTransaction(database, async (tx) => {
        const before = await lockOwnRole(tx, viewer, id);
        if ((await countUsersOfRole(tx, id)) > 0) throw inUse('Users have this role.');
        await deleteRole(tx, id);
        await recordAudit(tx, clock.now(), viewer, 'deleted', 'role', id, changesBetween(forAudit(before), null));
      }),
    );

  return { list, create, change, remove };
}

async function lockOwnRole(tx: Transaction, viewer: Viewer, id: string): Promise<RoleRow> {
  const found = await lockRole(tx, id);
  if (!found) throw notFound('role');
  if (found.builtIn) throw new Refusal(403, 'forbidden', 'Built-in roles cannot be changed or deleted; copy it to make your own.');
  refuseBeyond(viewer, found);
  return found;
}

function refuseBeyond(viewer: Viewer, fields: RoleAllowance): void {
  const more = beyond(viewer, allowanceOf([fields]));
  if (more.length > 0) throw new Refusal(403, 'forbidden', `This role allows more than you may yourself: ${more.join(', ')}.`, { field: 'rights' });
}

const forAudit = (fields: RoleFields): Record<string, unknown> => ({ name: fields.name, rights: sortRights(fields.rights), scope: fields.scope, recordRights: fields.recordRights });

async function saving<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (brokenUnique(error) === 'roles_name') throw alreadyExists('name', 'There is a role with this name.');
    if (brokenForeignKey(error) !== undefined) throw inUse('Users have this role.');
    throw error;
  }
}

const toScope = (scope: string): Scope => (scope === 'all' || scope === 'team' ? scope : 'own');
const toRole = (row: RoleRow): Role => ({
  id: row.id,
  name: row.name,
  builtIn: row.builtIn,
  rights: sortRights(row.rights),
  scope: toScope(row.scope),
  recordRights: knownRecordRights(row.recordRights),
  version: row.version,
});
