import type { Disposition } from '@centralita/cti-server/contracts';

/** A disposition where it stands in the tree, in the order of the screen. */
export interface Branch {
  item: Disposition;
  depth: number;
  hasChildren: boolean;
  /** Brothers and sisters in their order, itself among them. */
  siblings: readonly Disposition[];
}

/** The whole tree from top to bottom. What hangs under nothing that is there stands at the top. */
export function branchesOf(items: readonly Disposition[]): Branch[] {
  const ids = new Set(items.map((item) => item.id));
  const byParent = Map.groupBy(items, (item) => (item.parentId !== null && ids.has(item.parentId) ? item.parentId : null));
  for (const group of byParent.values()) group.sort((a, b) => a.sortOrder - b.sortOrder || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
  const found: Branch[] = [];
  const walk = (parentId: string | null, depth: number): void => {
    const siblings = byParent.get(parentId) ?? [];
    for (const item of siblings) {
      found.push({ item, depth, hasChildren: byParent.has(item.id), siblings });
      walk(item.id, depth + 1);
    }
  };
  walk(null, 0);
  return found;
}

export type Direction = 'up' | 'down' | 'in' | 'out';
export interface Placement {
  id: string;
  parentId: string | null;
  sortOrder: number;
}

/** What must change so that the disposition goes up, down, under the one above it, or out beside its group; empty when it cannot. */
export function moved(items: readonly Disposition[], id: string, direction: Direction): Placement[] {
  const branches = branchesOf(items);
  const branch = branches.find((one) => one.item.id === id);
  if (!branch) return [];
  const { item, siblings } = branch;
  const place = siblings.indexOf(item);
  if (direction === 'up' || direction === 'down') {
    const other = siblings[place + (direction === 'up' ? -1 : 1)];
    if (!other) return [];
    const order = siblings.map((one) => (one === item ? other : one === other ? item : one));
    return numbered(order, item.parentId);
  }
  if (direction === 'in') {
    const above = siblings[place - 1];
    if (!above) return [];
    const children = branches.filter((one) => one.item.parentId === above.id).map((one) => one.item);
    return numbered([...children, item], above.id);
  }
  const group = branches.find((one) => one.item.id === item.parentId);
  if (!group) return [];
  const beside = group.siblings.flatMap((one) => (one === group.item ? [one, item] : [one]));
  return numbered(beside, group.item.parentId);
}

/** Tens, so that one can be put between by hand; only those that change. */
const numbered = (order: readonly Disposition[], parentId: string | null): Placement[] =>
  order
    .map((item, index) => ({ item, sortOrder: (index + 1) * 10 }))
    .filter(({ item, sortOrder }) => item.sortOrder !== sortOrder || item.parentId !== parentId)
    .map(({ item, sortOrder }) => ({ id: item.id, parentId, sortOrder }));
