import { expect, test } from 'vitest';
import { looksLikeNumber } from './number-typed.ts';

test('digits as people write them are a number, a name is none', () => {
  for (const typed of ['112', '+34 600 111 222', '(91) 123-45-67', '0034600111222', '101']) expect(looksLikeNumber(typed), typed).toBe(true);
  for (const typed of ['', '1', 'ana', 'planta 2', '+', '--', 'calle 12']) expect(looksLikeNumber(typed), typed).toBe(false);
});
