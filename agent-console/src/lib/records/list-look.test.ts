import { expect, test } from 'vitest';
import { addressOf, lookFrom, nextSort, type ListLook } from './list-look.ts';

const base: ListLook = { look: 'list', columns: ['name', 'city'], filter: [], sort: null };

test('a heading orders up, then down, then not', () => {
  expect(nextSort(null, 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBeNull();
  expect(nextSort('-name', 'city')).toBe('city');
});
test('an address says only what differs, and leads back to the same look', () => {
  expect(addressOf(null, base, base, '').toString()).toBe('');
  const look: ListLook = { look: 'kanban', columns: ['name'], filter: [{ field: 'city', op: 'eq', value: 'León' }], sort: '-name' };
  expect(lookFrom(new URLSearchParams(addressOf('v', look, base, 'x').toString()), base)).toEqual(look);
});
test('an order that a view has can be taken away by an address', () => {
  const ordered = { ...base, sort: 'name' };
  expect(lookFrom(addressOf(null, base, ordered, ''), ordered).sort).toBeNull();
});
