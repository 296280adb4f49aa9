import { expect, it } from 'vitest';
import { newId } from './ids.ts';

it('an id is a UUID of version 7 that begins with its time', () => {
  const id = newId(0x0190_1234_5678);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(id.startsWith('01901234-5678-7')).toBe(true);
});

it('ids of later moments sort after those of earlier ones', () => {
  const ids = [1, 2, 1_000, 1_700_000_000_000, 1_700_000_000_001].map(newId);
  expect([...ids].sort()).toEqual(ids);
});

it('of ten thousand ids of one moment none is given twice', () => {
  expect(new Set(Array.from({ length: 10_000 }, () => newId(1_700_000_000_000))).size).toBe(10_000);
});
