import { expect, test } from 'vitest';
import { Refusal } from '../platform/errors.ts';
import { createTurns, hashPassword, hashPrefix, isPassword } from './passwords.ts';

test('a password matches its own hash only, and each hash has its own salt', async () => {
  const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(one).not.toBe(two);
  expect(await isPassword(one, 'correct horse')).toBe(true);
  expect(await isPassword(one, 'correct horsE')).toBe(false);
  expect(await isPassword(null, 'correct horse')).toBe(false);
});

test('hashes carry the recommended cost, which nobody’s hash shares', async () => {
  expect((await hashPassword('x')).startsWith(hashPrefix)).toBe(true);
});

test('the same characters from another keyboard are the same password', async () => {
  expect(await isPassword(await hashPassword('contrase\u00f1a'), 'contrasen\u0303a')).toBe(true);
});

test('works only so much at once, in order, and refuses when too many wait', async () => {
  const turns = createTurns(2, 2);
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  const work = (n: number) =>
    turns.inTurn(() => {
      begun.push(n);
      return new Promise<number>((resolve) => finish.push(() => resolve(n)));
    });
  const running = [work(1), work(2), work(3), work(4)];
  await expect(work(5)).rejects.toBeInstanceOf(Refusal);
  expect(begun).toEqual([1, 2]);
  finish[0]?.();
  expect(await running[0]).toBe(1);
  await Promise.resolve();
  expect(begun).toEqual([1, 2, 3]);
  finish[1]?.();
  finish[2]?.();
  await Promise.all(running.slice(0, 3));
  finish[3]?.();
  expect(await Promise.all(running)).toEqual([1, 2, 3, 4]);
  await expect(turns.inTurn(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await turns.inTurn(() => Promise.resolve('free again'))).toBe('free again');
});
