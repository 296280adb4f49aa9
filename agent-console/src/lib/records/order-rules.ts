/** A list with one thing moved to another place; the list itself stays. Places outside it change nothing. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  if (from < 0 || from >= copy.length || to < 0 || to >= copy.length || from === to) return copy;
  const [one] = copy.splice(from, 1);
  copy.splice(to, 0, one as T);
  return copy;
}

/** A thing of one list put into another (or the same) at a place. */
export function movedAcross<T>(lists: readonly (readonly T[])[], from: { list: number; at: number }, to: { list: number; at: number }): T[][] {
  const copies = lists.map((list) => [...list]);
  const taken = copies[from.list]?.splice(from.at, 1) ?? [];
  const target = copies[to.list];
  if (taken.length === 0 || target === undefined) return lists.map((list) => [...list]);
  // Taken out above its own new place, that place has moved up by one.
  const at = from.list === to.list && from.at < to.at ? to.at - 1 : to.at;
  target.splice(Math.min(Math.max(at, 0), target.length), 0, ...taken);
  return copies;
}
