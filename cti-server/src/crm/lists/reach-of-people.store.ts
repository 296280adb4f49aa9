import { sql, type SQL } from 'drizzle-orm';

/** More people than this are looked up at once; up to this many, each one's lines are read in order and put together. */
const mostInOrder = 60;

/** What a list shows to whom only these people's lines are: the whole when `userIds` is null. */
export function withinPeople(column: string, userIds: readonly string[] | null): { reaches: SQL[]; inOrder?: SQL[] | undefined } {
  if (userIds === null) return { reaches: [sql`true`] };
  const name = sql`t.${sql.identifier(column)}`;
  return {
    reaches: [sql`${name} = any (${sql.param([...userIds])}::uuid[])`],
    inOrder: userIds.length > mostInOrder ? undefined : userIds.map((userId) => sql`${name} = ${userId}::uuid`),
  };
}
