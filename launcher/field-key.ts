import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { dataFolder } from './folders.ts';

/** The key of encrypted record fields: FIELD_KEY, or one that is made once and kept beside the database, never in it, readable by its owner only. */
export function fieldKey(): string {
  const given = process.env['FIELD_KEY'];
  if (given) return given;
  const file = join(dataFolder, 'field-key');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const made = randomBytes(32).toString('base64url');
    writeFileSync(file, `${made}\n`, { mode: 0o600 });
    return made;
  }
}
