import { execFile, execFileSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './ports.ts';
import { databaseOwner, reachableBinaries, reachableFolder, type Owner } from './postgres-place.ts';
import { commandLine, endProcess, identify, identityOf, lastLines, spawnLogged, type ProcessIdentity } from './processes.ts';

const run = promisify(execFile);
const account = 'centralita';

export interface PostgresOptions {
  /** Where the database lives. Another place is used, and answered in `folder`, when Postgres' own user cannot reach this one. */
  folder: string;
  /** A free one is taken when left out. */
  port?: number;
  /** Never flushes to disk: quick, and worthless after a power cut. For tests. */
  throwaway?: boolean;
  /** Further settings, for instance `{ log_min_duration_statement: '50' }`. */
  settings?: Record<string, string>;
  /** Lives on when the process that started it is killed; default false: tests and benches leave nothing behind. */
  outlivesParent?: boolean;
}

export interface RunningPostgres {
  /** Connects as the owner to the database `centralita`. */
  url: string;
  port: number;
  folder: string;
  logFile: string;
  /** An earlier run had left its Postgres behind; it was ended. */
  endedOrphan: boolean;
  /** The present main process: another one after a restart. */
  identity(): ProcessIdentity;
  /** Settles when the present process has ended, whatever ended it. */
  ended(): Promise<void>;
  /** Ends it in good order: open transactions are rolled back, everything committed is on disk. Harmless when it has ended already. */
  stop(): Promise<void>;
  /** Ends it without warning, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port after `stop`, `kill` or a crash; waits until it takes connections. */
  start(): Promise<void>;
}

/**
 * Starts the Postgres 18 that came with npm, making its database at the first call, and waits until it takes connections. Listens on
 * 127.0.0.1 only, with a password that is made once. As root it runs under the user `postgres`, which is made when it is missing.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const owner = databaseOwner();
  const folder = reachableFolder(options.folder, owner);
  const binaries = await reachableBinaries(owner);
  const cluster = join(folder, 'cluster');
  const logFile = join(folder, 'postgres.log');
  const password = await initialise({ binaries, cluster, folder, owner, throwaway: options.throwaway ?? false });
  const endedOrphan = await endOrphan(cluster);
  const port = options.port ?? (await freePort('tcp'));
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    ...(options.throwaway ? throwawaySettings : keepingSettings()),
    ...options.settings,
  };
  const command = [
    join(binaries, 'bin/postgres'),
    '-D',
    cluster,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];

  let child: ChildProcess | null = null;
  let identity: ProcessIdentity = { pid: -1, startTicks: -1 };
  let ended: Promise<void> = Promise.resolve();
  const start = async (): Promise<void> => {
    const started = await spawnLogged({
      command,
      cwd: folder,
      env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      logFile,
      endsWithParent: !options.outlivesParent,
      ...owner,
    });
    child = started;
    identity = identityOf(started);
    ended = new Promise((resolve) => started.once('exit', () => resolve()));
    // After a crash it first reads its log again; that can take a while and must not be cut short.
    const until = performance.now() + 120_000;
    while (postmaster(cluster)?.state !== 'ready' || postmaster(cluster)?.pid !== identity.pid) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(`Postgres ended while starting:\n${lastLines(logFile)}`);
      if (performance.now() > until) throw new Error(`Postgres did not come up within two minutes:\n${lastLines(logFile)}`);
      await pause(10);
    }
  };
  await start();
  return {
    url: `postgres://${account}${password ? `:${password}` : ''}@127.0.0.1:${port}/${account}`,
    port,
    folder,
    logFile,
    endedOrphan,
    identity: () => identity,
    ended: () => ended,
    async stop() {
      if (!child) return;
      await endProcess(identity, 'SIGINT', 30_000);
      await ended;
    },
    async kill() {
      if (!child) return;
      await endProcess(identity, 'SIGKILL', 0);
      await ended;
    },
    start,
  };
}

/** Suits a machine that does other things too: an eighth of its memory, and a log that is not checkpointed all the time. */
function keepingSettings(): Record<string, string> {
  const megabytes = Math.round(Math.max(64, Math.min(1_024, totalmem() / 8 / 2 ** 20)));
  return {
    shared_buffers: `${megabytes}MB`,
    effective_cache_size: `${megabytes * 4}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_connections: '200',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    wal_compression: 'on',
    random_page_cost: '1.1',
    // Compiling a query costs more than our short queries take.
    jit: 'off',
    log_line_prefix: '%m [%p] %a ',
    log_lock_waits: 'on',
    log_min_duration_statement: '1000',
  };
}

const throwawaySettings: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '128MB',
  max_connections: '300',
  jit: 'off',
  log_line_prefix: '%m [%p] %a ',
};

/** Makes the cluster and the database once. Answers the owner's password; a throwaway has none. */
async function initialise(options: {
  binaries: string;
  cluster: string;
  folder: string;
  owner: Owner;
  throwaway: boolean;
}): Promise<string> {
  const { binaries, cluster, folder, owner, throwaway } = options;
  const passwordFile = join(folder, 'password');
  if (existsSync(join(cluster, 'PG_VERSION')) && existsSync(join(folder, 'complete'))) {
    const major = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
    if (major !== '18')
      throw new Error(
        `The database in ${cluster} was made by Postgres ${major}; this release brings Postgres 18. Dump it with the old release and load it into the new one.`,
      );
    return throwaway ? '' : readFileSync(passwordFile, 'utf8').trim();
  }
  // A first start that was cut short leaves half a cluster; there is nothing in it yet.
  rmSync(cluster, { recursive: true, force: true });
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(passwordFile, owner.uid, owner.gid);
  const environment = { env: { LC_ALL: 'C.UTF-8', TZ: 'UTC', PATH: '/usr/bin:/bin' }, cwd: folder, ...owner };
  const authentication = throwaway ? ['--auth=trust', '--no-sync'] : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(
    join(binaries, 'bin/initdb'),
    ['-D', cluster, '-U', account, '--encoding=UTF8', '--locale=C.UTF-8', ...authentication],
    environment,
  );
  execFileSync(join(binaries, 'bin/postgres'), ['--single', '-D', cluster, 'postgres'], {
    ...environment,
    input: `create database ${account};\n`,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  writeFileSync(join(folder, 'complete'), '');
  return throwaway ? '' : password;
}

/** The address of the built-in Postgres of this folder while it runs; null when it does not. */
export function runningPostgres(wishedFolder: string): string | null {
  const folder = reachableFolder(wishedFolder, databaseOwner());
  const lock = postmaster(join(folder, 'cluster'));
  if (lock?.state !== 'ready' || !existsSync(join(folder, 'password'))) return null;
  const port = readFileSync(join(folder, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[3]?.trim() ?? '';
  return `postgres://${account}:${readFileSync(join(folder, 'password'), 'utf8').trim()}@127.0.0.1:${port}/${account}`;
}

/** Ends a Postgres that an earlier, killed run left behind on this cluster, and clears a lock that belongs to nobody. */
async function endOrphan(cluster: string): Promise<boolean> {
  const lock = postmaster(cluster);
  if (!lock) return false;
  const identity = identify(lock.pid);
  if (identity && commandLine(lock.pid).includes(cluster)) {
    await endProcess(identity, 'SIGINT', 30_000);
    return true;
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true });
  return false;
}

function postmaster(cluster: string): { pid: number; state: string } | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), state: (lines[7] ?? '').trim() };
  } catch {
    return null;
  }
}

const throwawayName = /^centralita-postgres-(\d+)-[0-9a-f]+$/;

/** A throwaway Postgres in a new temporary folder, which `stop` removes; one that a killed process left is removed by the next. */
export async function startThrowawayPostgres(settings: Record<string, string> = {}): Promise<RunningPostgres> {
  sweepThrowaways();
  const folder = join(tmpdir(), `centralita-postgres-${process.pid}-${randomBytes(4).toString('hex')}`);
  const started = await startPostgres({ folder, throwaway: true, settings });
  return {
    ...started,
    async stop() {
      await started.stop();
      await rm(started.folder, { recursive: true, force: true });
    },
  };
}

function sweepThrowaways(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = throwawayName.exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (!pid || identify(Number(pid)) || postmasterLives(join(folder, 'cluster'))) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's: his next run clears it.
    }
  }
}

function postmasterLives(cluster: string): boolean {
  const lock = postmaster(cluster);
  return lock !== null && identify(lock.pid) !== null;
}
