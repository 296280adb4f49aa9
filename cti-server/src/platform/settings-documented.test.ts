import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { settingNames } from './config.ts';

it('every setting stands in the operators’ page', async () => {
  const page = await readFile(new URL('../../../docs/operators.md', import.meta.url), 'utf8');
  expect(settingNames.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
