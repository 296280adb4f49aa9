import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureFolder, projectFolder } from './folders.ts';

const run = promisify(execFile);
const consoleFolder = join(projectFolder, 'agent-console');
/** Made by the build itself (the last two by the translations' compiler), so they say nothing about whether a build is due. */
const made = new Set(['node_modules', 'build', 'paraglide', 'cache', 'README.md']);
const isMade = (name: string): boolean => made.has(name) || name.startsWith('.');

/** Where cti-server finds the built console. */
export const builtConsole = join(consoleFolder, 'build');
const stamp = join(ensureFolder(join(projectFolder, '.centralita')), 'console-built-from');

/** Builds the console when its sources, the contracts or the packages have changed since the last build. Answers whether it had to. */
export async function buildConsole(): Promise<boolean> {
  const sources = fingerprint();
  if (existsSync(join(builtConsole, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return false;
  try {
    await run('npm', ['run', 'build', '-w', '@centralita/agent-console'], {
      cwd: projectFolder,
      maxBuffer: 1 << 26,
      env: { ...process.env, NO_COLOR: '1' },
    });
  } catch (error) {
    const told =
      error instanceof Error && 'stderr' in error && 'stdout' in error ? `${String(error.stdout)}\n${String(error.stderr)}` : String(error);
    throw new Error(`The console could not be built:\n${told.trim().split('\n').slice(-30).join('\n')}`, { cause: error });
  }
  writeFileSync(stamp, sources);
  return true;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of [
    ...filesIn(consoleFolder),
    ...filesIn(join(projectFolder, 'cti-server/src/contracts')),
    join(projectFolder, 'package-lock.json'),
  ])
    hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !isMade(entry.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}
