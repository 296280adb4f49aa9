/** A result of a call that an agent may choose. */
export interface Choosable {
  id: string;
  name: string;
  active: boolean;
  sortOrder: number;
  queueIds: readonly string[];
  parentId: string | null;
}

export interface Offered<One extends Choosable> {
  one: One;
  /** The names of the groups above it, the outermost first. */
  groups: string[];
}

/**
 * What is offered for a call of this queue, in the order of the tree: only what stands at the end of a branch, and neither it nor a group
 * above it is switched off. A group that is meant for other queues hides all under it.
 */
export function offeredFor<One extends Choosable>(all: readonly One[], queueId: string | null): Offered<One>[] {
  const fits = (one: One): boolean => one.active && (one.queueIds.length === 0 || (queueId !== null && one.queueIds.includes(queueId)));
  const under = (parentId: string | null): One[] =>
    all.filter((one) => one.parentId === parentId && fits(one)).sort((a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name));
  const walk = (parentId: string | null, groups: string[], depth: number): Offered<One>[] =>
    depth > 10
      ? []
      : under(parentId).flatMap((one) => (all.some((other) => other.parentId === one.id && other.active) ? walk(one.id, [...groups, one.name], depth + 1) : [{ one, groups }]));
  return walk(null, [], 0);
}
