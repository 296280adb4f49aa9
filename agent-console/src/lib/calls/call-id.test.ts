import { expect, test } from 'vitest';
import { z } from 'zod';
import { newCallId } from './call-id.ts';

test('is a UUID of version 7 that the server takes, and sorts by time', () => {
  for (let at = 0; at < 200; at++) expect(z.uuidv7().safeParse(newCallId(1_795_000_000_000 + at)).success).toBe(true);
  expect(newCallId(1_795_000_000_000) < newCallId(1_795_000_000_001)).toBe(true);
  expect(newCallId(0, new Uint8Array(10).fill(0xff))).toBe('00000000-0000-7fff-bfff-ffffffffffff');
});
