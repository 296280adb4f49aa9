import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project: where package.json is. */
export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Everything that this installation keeps: database, passwords, logs, recordings. CENTRALITA_HOME names another place. */
export const dataFolder = resolve(process.env['CENTRALITA_HOME'] ?? join(projectFolder, '.centralita'));

/** What can be fetched or made again: Asterisk, prompts, test tools. CENTRALITA_CACHE names another place, to be shared by several copies. */
export const cacheFolder = resolve(process.env['CENTRALITA_CACHE'] ?? join(projectFolder, '.centralita/cache'));

export function ensureFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

/** Whether another user of this machine can walk into the folder: a root-only home in its path says no. */
export function othersCanEnter(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    const mode = statSync(at, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
