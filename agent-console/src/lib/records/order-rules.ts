/** A list with one thing moved to another place; the list itself stays. Places outside it change nothing. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  if (from < 0 || from >= copy.length || to < 0 || to >= copy.length || from === to) return copy;
  const [one] = copy.splice(from, 1);
  copy.splice(to, 0, one as T);
  return copy;
}
