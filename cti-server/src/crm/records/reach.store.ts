/** How far a right reaches, as SQL: what somebody may not see is never read, rather than left out afterwards. */
import { sql, type SQL } from 'drizzle-orm';
import type { RecordScope } from '../../contracts/index.ts';
import type { Connection } from '../database.store.ts';
import type { LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

interface Person {
  userId: string;
}

/** The users whose records a scope reaches; null: everybody's. One's own are in each. */
export async function usersWithin(connection: Connection, viewer: Person, scope: RecordScope): Promise<string[] | null> {
  switch (scope) {
    case 'all':
      return null;
    case 'none':
      return [];
    case 'own':
      return [viewer.userId];
    case 'subordinates':
      return ids(connection, sql`
        with recursive below (id) as (
          select ${viewer.userId}::uuid
          union select u.id from users u join below b on u.manager_id = b.id)
        select id from below`);
    case 'team':
      return withOneself(viewer, await ids(connection, sql`
        select distinct o.user_id as id from user_teams m join user_teams o on o.team_id = m.team_id where m.user_id = ${viewer.userId}::uuid`));
    case 'department':
      return withOneself(viewer, await ids(connection, sql`
        with recursive up (id, parent_id) as (
          select t.id, t.parent_id from teams t join user_teams m on m.team_id = t.id where m.user_id = ${viewer.userId}::uuid
          union select t.id, t.parent_id from teams t join up on t.id = up.parent_id),
        down (id) as (
          select id from up where parent_id is null
          union select t.id from teams t join down d on t.parent_id = d.id)
        select distinct m.user_id as id from user_teams m join down d on d.id = m.team_id`));
  }
}

const withOneself = (viewer: Person, found: string[]): string[] => [...new Set([viewer.userId, ...found])];
async function ids(connection: Connection, query: SQL): Promise<string[]> {
  const { rows } = await connection.execute<{ id: string }>(query);
  return rows.map((row) => row.id);
}

/**
 * Conditions on `t` that together are what somebody may see, each apart from the others so that each can be read by an index of its own:
 * owned by one of these users, shared with the viewer, and, where a type has a pool, nobody's: that is for everybody to see, and for
 * nobody to change who does not reach everything.
 */
export function reachParts(type: LiveType, viewer: Person, userIds: readonly string[] | null, to: 'see' | 'change' = 'see'): SQL[] {
  if (userIds === null) return [sql`true`];
  const owner = sql`t.${sql.identifier(baseColumns(type.declaration).ownerId)}`;
  const owned = userIds.length === 1 ? sql`${owner} = ${userIds[0]}::uuid` : sql`${owner} = any (${sql.param([...userIds])}::uuid[])`;
  const shared = sql`t.id in (select s.record_id from record_shares s where s.user_id = ${viewer.userId}::uuid and s.record_type = ${type.declaration.name})`;
  const parts = userIds.length === 0 ? [shared] : [owned, sql`(${owner} is null or not (${owned})) and ${shared}`];
  if (type.declaration.unownedIsForAll && to === 'see') parts.push(sql`${owner} is null and not (${shared})`);
  return parts;
}

/** The same as one condition, for looking at single records. */
export const withinReach = (type: LiveType, viewer: Person, userIds: readonly string[] | null, to: 'see' | 'change' = 'see'): SQL =>
  sql`(${sql.join(reachParts(type, viewer, userIds, to).map((part) => sql`(${part})`), sql` or `)})`;
