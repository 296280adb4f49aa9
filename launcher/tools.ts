import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fetchMissingPackages, libraryPath } from '../asterisk-config/install/debian.ts';
import { browserPackages, redisPackages, sippPackages } from '../asterisk-config/install/packages.ts';
import { cacheFolder } from './folders.ts';
import { freePort, takesConnections } from './ports.ts';

const run = promisify(execFile);

/** A program that tests and benchmarks use, and the environment it needs. */
export interface Tool {
  program: string;
  env: NodeJS.ProcessEnv;
}

const found = new Map<string, Promise<Tool>>();

/** sipp, for calls from the outside: the machine's own, or unpacked into the cache. */
export const findSipp = (onStep?: (step: string) => void): Promise<Tool> =>
  once('sipp', () => unpackedTool('sipp', '/usr/bin/sipp', sippPackages, onStep));

/** redis-server: the machine's own, or unpacked into the cache; it is never installed, which would start it as a service. */
export const findRedis = (onStep?: (step: string) => void): Promise<Tool> =>
  once('redis-server', () => unpackedTool('redis-server', '/usr/bin/redis-server', redisPackages, onStep));

/** Chromium: the machine's own, or installed with apt by root, or unpacked into the cache by anyone else. CHROMIUM names another. */
export const findChromium = (onStep?: (step: string) => void): Promise<Tool> =>
  once('chromium', async () => {
    const named = process.env['CHROMIUM'];
    if (named) return { program: named, env: process.env };
    if (existsSync('/usr/bin/chromium')) return { program: '/usr/bin/chromium', env: process.env };
    if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
      onStep?.('installing chromium');
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await run('apt-get', ['-qq', 'update'], { env });
      await run('apt-get', ['-qq', '-y', '--no-install-recommends', 'install', ...browserPackages], { env, maxBuffer: 1 << 26 });
      return { program: '/usr/bin/chromium', env: process.env };
    }
    const tool = await unpackedTool('chromium', '/usr/lib/chromium/chromium', browserPackages, onStep);
    // Its starter script knows only installed places, so the browser itself is started.
    return { program: join(cacheFolder, 'tools/chromium/root/usr/lib/chromium/chromium'), env: tool.env };
  });

function once(name: string, look: () => Promise<Tool>): Promise<Tool> {
  const looking = found.get(name) ?? look();
  found.set(name, looking);
  return looking;
}

async function unpackedTool(name: string, program: string, packages: readonly string[], onStep?: (step: string) => void): Promise<Tool> {
  if (existsSync(program)) return { program, env: process.env };
  const folder = join(cacheFolder, 'tools', name);
  if (!existsSync(join(folder, 'versions.json'))) {
    await mkdir(folder, { recursive: true });
    await fetchMissingPackages({ packages, folder, ...(onStep ? { onStep: (step: string) => onStep(`${name}: ${step}`) } : {}) });
  }
  return { program: join(folder, 'root', program), env: { ...process.env, LD_LIBRARY_PATH: libraryPath(folder) } };
}

/** A Redis of its own on a free port, keeping nothing on disk. */
export async function startThrowawayRedis(): Promise<{ url: string; port: number; stop(): Promise<void> }> {
  const { program, env } = await findRedis();
  const port = await freePort('tcp');
  const folder = join(tmpdir(), `centralita-redis-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true });
  const child = spawn(
    program,
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--maxmemory-policy',
      'noeviction',
      '--dir',
      folder,
    ],
    {
      env,
      stdio: 'ignore',
    },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const until = performance.now() + 10_000;
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null || child.pid === undefined || performance.now() > until)
      throw new Error(`redis-server (${program}) did not come up on port ${port}.`);
    await pause(20);
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
