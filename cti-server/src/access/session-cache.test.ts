import { expect, test } from 'vitest';
import type { Viewer } from '../platform/viewer.ts';
import { type CachedSession, servesForMs, SessionCache } from './session-cache.ts';

const session = (userId: string, loadedAtMs = 0): CachedSession => ({
  viewer: { userId } as Viewer,
  createdAtMs: 0,
  seenAtMs: 0,
  expiresAtMs: 10_000_000,
  loadedAtMs,
});

test('serves for a few seconds only', () => {
  const cache = new SessionCache();
  cache.keep('a', session('ana'), cache.generation);
  expect(cache.find('a', servesForMs - 1)).toBeDefined();
  expect(cache.find('a', servesForMs)).toBeUndefined();
});

test('never serves a session past its end, nor after the clock was set back', () => {
  const cache = new SessionCache();
  cache.keep('a', { ...session('ana'), expiresAtMs: 10 }, cache.generation);
  expect(cache.find('a', 10)).toBeUndefined();
  cache.keep('b', session('ana', 5_000), cache.generation);
  expect(cache.find('b', 4_999)).toBeUndefined();
});

test('drops one user’s sessions and keeps the others', () => {
  const cache = new SessionCache();
  cache.keep('a', session('ana'), cache.generation);
  cache.keep('b', session('bruno'), cache.generation);
  cache.dropUser('ana');
  expect(cache.find('a', 0)).toBeUndefined();
  expect(cache.find('b', 0)).toBeDefined();
});

test('does not keep what was read before a drop and arrives after it', () => {
  const cache = new SessionCache();
  const generation = cache.generation;
  cache.dropUser('ana');
  cache.keep('a', session('ana'), generation);
  expect(cache.find('a', 0)).toBeUndefined();
});

test('stays within its size', () => {
  const cache = new SessionCache(2);
  for (const key of ['a', 'b', 'c']) cache.keep(key, session(key), cache.generation);
  expect(cache.find('a', 0)).toBeUndefined();
  expect(cache.find('c', 0)).toBeDefined();
});
