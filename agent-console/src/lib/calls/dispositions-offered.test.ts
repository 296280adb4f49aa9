import { expect, test } from 'vitest';
import { offeredFor } from './dispositions-offered.ts';

const one = (id: string, more: Partial<Parameters<typeof offeredFor>[0][number]> = {}) => ({ id, name: id, active: true, sortOrder: 0, queueIds: [], parentId: null, ...more });

test('the ends of the branches are offered, in the order of the tree, with the groups above them', () => {
  const all = [one('sold', { parentId: 'sales', sortOrder: 2 }), one('wrong number', { sortOrder: 9 }), one('sales', { sortOrder: 1 }), one('offer sent', { parentId: 'sales', sortOrder: 1 })];
  expect(offeredFor(all, null).map(({ one: { id }, groups }) => [...groups, id].join(' / '))).toEqual(['sales / offer sent', 'sales / sold', 'wrong number']);
});

test('what is switched off, stands under something switched off, or is of another queue is not offered', () => {
  const all = [one('off', { active: false }), one('group', { active: false }), one('in it', { parentId: 'group' }), one('elsewhere', { queueIds: ['q2'] }), one('here', { queueIds: ['q1'] })];
  expect(offeredFor(all, 'q1').map((found) => found.one.id)).toEqual(['here']);
  expect(offeredFor(all, null)).toEqual([]);
});
