import type { Disposition } from '@centralita/cti-server/contracts';
import { describe, expect, test } from 'vitest';
import { branchesOf, type Direction, moved } from './tree.ts';

const item = (id: string, parentId: string | null, sortOrder: number): Disposition => ({ id, name: id, parentId, sortOrder, active: true, queueIds: [], nextAction: 'none', version: 0 });
const tree = [item('sale', null, 10), item('claim', null, 20), item('invoice', 'claim', 10), item('delivery', 'claim', 20), item('other', null, 30)];

/** The tree after a move, as an indented list. */
function after(id: string, direction: Direction, items = tree): string[] {
  const places = new Map(moved(items, id, direction).map((place) => [place.id, place]));
  return branchesOf(items.map((one) => ({ ...one, ...places.get(one.id) }))).map((branch) => `${'-'.repeat(branch.depth)}${branch.item.id}`);
}

test('the tree is read from top to bottom', () => {
  expect(branchesOf([...tree].reverse()).map((branch) => `${'-'.repeat(branch.depth)}${branch.item.id}`)).toEqual(['sale', 'claim', '-invoice', '-delivery', 'other']);
});

describe('moving', () => {
  test('up and down, with all that is in it', () => {
    expect(after('claim', 'up')).toEqual(['claim', '-invoice', '-delivery', 'sale', 'other']);
    expect(after('invoice', 'down')).toEqual(['sale', 'claim', '-delivery', '-invoice', 'other']);
  });
  test('in goes to the end of the one above; out goes beside its group', () => {
    expect(after('other', 'in')).toEqual(['sale', 'claim', '-invoice', '-delivery', '-other']);
    expect(after('invoice', 'out')).toEqual(['sale', 'claim', '-delivery', 'invoice', 'other']);
  });
  test('where there is no way it stays', () => {
    for (const [id, direction] of [['sale', 'up'], ['sale', 'in'], ['sale', 'out'], ['other', 'down']] as const) expect(moved(tree, id, direction)).toEqual([]);
  });
  test('changes only what must, also when all stood at the same number', () => {
    expect(moved(tree, 'claim', 'up')).toEqual([
      { id: 'claim', parentId: null, sortOrder: 10 },
      { id: 'sale', parentId: null, sortOrder: 20 },
    ]);
    expect(after('b', 'up', [item('a', null, 0), item('b', null, 0), item('c', null, 0)])).toEqual(['b', 'a', 'c']);
  });
});
