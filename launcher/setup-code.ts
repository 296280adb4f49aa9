import { randomInt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder } from './folders.ts';

/** Without letters and digits that look like one another. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/**
 * The code that the very first visitor must know to make himself administrator: SETUP_CODE, or one that is made once and kept, readable by
 * its owner only.
 */
export function setupCode(): string {
  const given = process.env['SETUP_CODE'];
  if (given) return given;
  const file = join(dataFolder, 'setup-code');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const group = (): string => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
    const made = [group(), group(), group()].join('-');
    writeFileSync(file, `${made}\n`, { mode: 0o600 });
    return made;
  }
}
