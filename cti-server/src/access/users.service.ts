import { z } from 'zod';
import { type Locale, locale as localeSchema, type Page, requiredLine, type User, type userInput, type versioned } from '../contracts/index.ts';
import { toInstantOrNull } from '../platform/clock.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, changedMeanwhile, forbidden, notFound, Refusal } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { AccessContext } from './access.context.ts';
import { inTransaction, lockUntilEnd, type Transaction } from './access.store.ts';
import { changesBetween } from './audit-rules.ts';
import { recordAudit } from './audit.store.ts';
import { administratorRole } from './built-in-roles.ts';
import { readCursor, toPage } from './cursor.ts';
import { hashPassword } from './passwords.ts';
import { allowanceOf, beyond } from './role-rules.ts';
import { listRoles, type RoleRow } from './roles.store.ts';
import { deleteSessionsOf } from './sessions.store.ts';
import { listTeams, type TeamRow } from './teams.store.ts';
import { countOtherAdministrators, findUser, insertUser, listUsers, lockUser, reportsTo, updateUser, type UserFields, type UserRow } from './users.store.ts';

type NewUser = z.output<typeof userInput>;
type UserChange = z.output<ReturnType<typeof versioned<(typeof userInput)['shape']>>>;

const listPosition = z.tuple([requiredLine(120), z.uuid()]);

/** The users of the house. Every use case is bounded by the viewer's scope and by the viewer's own rights. */
export function createUsers(context: AccessContext) {
  const { database, clock, cache, endings, turns } = context;

  async function list(viewer: Viewer, query: { search?: string | undefined; cursor?: string | undefined; limit: number }): Promise<Page<User>> {
    const after = query.cursor === undefined ? null : readCursor(query.cursor, listPosition);
    const rows = await listUsers(database, viewer, { search: query.search ?? '', after, limit: query.limit + 1 });
    const { items, nextCursor } = toPage(rows, query.limit, (row) => [row.name, row.id]);
    return { items: items.map(toUser), nextCursor };
  }

  async function get(viewer: Viewer, id: string): Promise<User> {
    const row = await findUser(database, viewer, id);
    if (!row) throw notFound('user');
    return toUser(row);
  }

  /**
   * Throws 403 `forbidden` for roles beyond the viewer's own and for teams outside the viewer's scope, 409 `alreadyExists` for a login
   * that is taken, 400 `invalidBody` without a password or with a role or team that does not exist.
   */
  async function create(viewer: Viewer, input: NewUser): Promise<User> {
    const { password } = input;
    if (password === undefined) throw new Refusal(400, 'invalidBody', 'password: a new user needs one', { field: 'password' });
    context.refuseDemoPassword(password, 'password');
    const passwordHash = await turns.inTurn(() => hashPassword(password));
    return saving(() =>
      inTransaction(database, async (tx) => {
        const house = await readHouse(tx);
        const fields = fieldsOf(input);
        refuseUnknown(house, fields);
        refuseRolesBeyond(viewer, house, fields.roleIds, []);
        refuseTeamsBeyond(viewer, fields.teamIds, []);
        if (viewer.scope !== 'all' && fields.teamIds.length === 0) throw forbidden('making a user who belongs to none of your teams');
        const id = newId(clock.now());
        await insertUser(tx, id, fields, passwordHash, clock.now());
        await recordAudit(tx, clock.now(), viewer, 'created', 'user', id, changesBetween(null, forAudit(house, fields)));
        const made = await findUser(tx, viewer, id);
        if (!made) throw new Error('The new user cannot be read.');
        return toUser(made);
      }),
    );
  }

  /**
   * Throws 409 `changedMeanwhile`, `lastAdministrator`, `ownAccount` (deactivating oneself) or `alreadyExists`, and 403 `forbidden` for
   * changing somebody who may do more than the viewer, or giving what the viewer does not have. Takes effect at once: a deactivated user's
   * sessions end, also those of a user who got a new password.
   */
  async function change(viewer: Viewer, id: string, input: UserChange): Promise<User> {
    const { password, version } = input;
    if (password !== undefined) {
      if (id === viewer.userId) throw new Refusal(403, 'forbidden', 'Change your own password with your current one.', { field: 'password' });
      context.refuseDemoPassword(password, 'password');
    }
    const passwordHash = password === undefined ? null : await turns.inTurn(() => hashPassword(password));
    const { user, ended, isDeactivated } = await saving(() =>
      inTransaction(database, async (tx) => {
        // always in this order, so that two who change administrators wait for each other instead of blocking each other
        if (input.roleIds !== undefined || input.active === false) await lockUntilEnd(tx, 'administrators');
        await lockUser(tx, id);
        const before = await findUser(tx, viewer, id);
        if (!before) throw notFound('user');
        const house = await readHouse(tx);
        if (id !== viewer.userId) refuseStronger(viewer, house, before);
        if (before.version !== version) throw changedMeanwhile(toUser(before));
        const fields = fieldsOf({ ...before, ...withoutUndefined(input) });
        refuseUnknown(house, fields);
        refuseRolesBeyond(viewer, house, fields.roleIds, before.roleIds);
        refuseTeamsBeyond(viewer, fields.teamIds, before.teamIds);
        if (fields.managerId !== null && fields.managerId !== before.managerId) {
          if (await reportsTo(tx, fields.managerId, id)) throw new Refusal(400, 'invalidBody', 'managerId: nobody reports to themselves', { field: 'managerId' });
        }
        await refuseLastAdministrator(tx, house, before, fields);
        if (before.active && !fields.active && id === viewer.userId) {
          throw new Refusal(409, 'ownAccount', 'You cannot deactivate yourself; ask another administrator.', { field: 'active' });
        }
        const changes = changesBetween(forAudit(house, before), forAudit(house, fields));
        const isDeactivated = before.active && !fields.active;
        if (Object.keys(changes).length === 0 && passwordHash === null) return { user: toUser(before), ended: [], isDeactivated };
        await updateUser(tx, id, fields, passwordHash);
        if (Object.keys(changes).length > 0) await recordAudit(tx, clock.now(), viewer, 'changed', 'user', id, changes);
        if (passwordHash !== null) await recordAudit(tx, clock.now(), viewer, 'passwordReset', 'user', id, {});
        const ended = isDeactivated || passwordHash !== null ? await deleteSessionsOf(tx, id) : [];
        const after = (await findUser(tx, viewer, id)) ?? { ...before, ...fields, version: before.version + 1 };
        return { user: toUser(after), ended, isDeactivated };
      }),
    );
    cache.dropUser(id);
    await endings.tell(ended, isDeactivated ? 'userDeactivated' : 'passwordChanged');
    await endings.tellViewersChanged([id]);
    return user;
  }

  return { list, get, create, change };
}

interface House {
  roles: ReadonlyMap<string, RoleRow>;
  teams: ReadonlyMap<string, TeamRow>;
}
async function readHouse(tx: Transaction): Promise<House> {
  const roles = await listRoles(tx);
  const teams = await listTeams(tx);
  return { roles: new Map(roles.map((role) => [role.id, role])), teams: new Map(teams.map((team) => [team.id, team])) };
}

const isDefined = <T>(value: T | undefined): value is T => value !== undefined;
const rolesOf = (house: House, ids: readonly string[]): RoleRow[] => ids.map((id) => house.roles.get(id)).filter(isDefined);

function refuseUnknown(house: House, fields: UserFields): void {
  for (const [field, ids, known] of [['roleIds', fields.roleIds, house.roles], ['teamIds', fields.teamIds, house.teams]] as const) {
    if (ids.some((id) => !known.has(id))) throw new Refusal(400, 'invalidBody', `${field}: there is no such one`, { field });
  }
}

/** Nobody gives away what they do not have, be it to others or to themselves. Roles that stay as they were are not asked about. */
function refuseRolesBeyond(viewer: Viewer, house: House, wanted: readonly string[], before: readonly string[]): void {
  for (const role of rolesOf(house, wanted.filter((id) => !before.includes(id)))) {
    const more = beyond(viewer, allowanceOf([role]));
    if (more.length > 0) throw new Refusal(403, 'forbidden', `You cannot give what you do not have: ${more.join(', ')}.`, { field: 'roleIds' });
  }
}

/** Somebody who may do more than oneself: with their password or login one would get all of it. */
function refuseStronger(viewer: Viewer, house: House, user: UserRow): void {
  const more = beyond(viewer, allowanceOf(rolesOf(house, user.roleIds)));
  if (more.length > 0) throw new Refusal(403, 'forbidden', `This user may do more than you: ${more.join(', ')}.`);
}

/** A team shows its agents and calls to whoever is in it: who sees only own teams cannot add anyone, nor themselves, to another. */
function refuseTeamsBeyond(viewer: Viewer, wanted: readonly string[], before: readonly string[]): void {
  if (viewer.scope === 'all') return;
  const changed = [...wanted.filter((id) => !before.includes(id)), ...before.filter((id) => !wanted.includes(id))];
  if (viewer.scope === 'own' ? changed.length > 0 : changed.some((id) => !viewer.teamIds.includes(id))) {
    throw new Refusal(403, 'forbidden', 'These are not your teams.', { field: 'teamIds' });
  }
}

async function refuseLastAdministrator(tx: Transaction, house: House, before: UserRow, after: UserFields): Promise<void> {
  const isAdministrator = (user: UserFields): boolean =>
    user.active && rolesOf(house, user.roleIds).some((role) => role.builtIn && role.name === administratorRole);
  if (!isAdministrator(before) || isAdministrator(after)) return;
  if ((await countOtherAdministrators(tx, before.id)) === 0) {
    throw new Refusal(409, 'lastAdministrator', 'This is the last active administrator.');
  }
}

function fieldsOf(input: Pick<NewUser, 'login' | 'name' | 'active'> & { locale: string; roleIds: readonly string[]; teamIds: readonly string[]; managerId: string | null }): UserFields {
  return {
    login: input.login.normalize('NFC'),
    name: input.name,
    locale: input.locale,
    active: input.active,
    roleIds: [...new Set(input.roleIds)].sort(),
    teamIds: [...new Set(input.teamIds)].sort(),
    managerId: input.managerId,
  };
}

/** Roles and teams by name: the audit must still be readable when they are gone. */
function forAudit(house: House, fields: UserFields): Record<string, unknown> {
  return {
    login: fields.login,
    name: fields.name,
    locale: fields.locale,
    active: fields.active,
    roles: rolesOf(house, fields.roleIds).map((role) => role.name),
    teams: fields.teamIds.map((id) => house.teams.get(id)?.name ?? id),
    managerId: fields.managerId,
  };
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(given: T): Partial<Given<T>> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

async function saving<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (brokenUnique(error) === 'users_login') throw alreadyExists('login', 'There is a user with this login.');
    if (brokenForeignKey(error) === 'users_manager_id_users_id_fk') throw new Refusal(400, 'invalidBody', 'managerId: there is no such user', { field: 'managerId' });
    // a role or team that somebody deleted at this moment
    if (brokenForeignKey(error) !== undefined) throw new Refusal(400, 'invalidBody', 'A role or team was deleted meanwhile.', { field: 'roleIds' });
    throw error;
  }
}

export function toUser(row: UserRow): User {
  const locale: Locale = localeSchema.catch('es').parse(row.locale);
  return {
    id: row.id,
    login: row.login,
    name: row.name,
    locale,
    active: row.active,
    roleIds: row.roleIds,
    teamIds: row.teamIds,
    managerId: row.managerId,
    managerName: row.managerName,
    lastSignInAt: toInstantOrNull(row.lastSignInAt?.getTime() ?? null),
    version: row.version,
  };
}
