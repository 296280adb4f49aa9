import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareAsterisk } from './asterisk.ts';
import { runChecks } from './check.ts';
import { buildConsole } from './console-build.ts';
import { projectFolder } from './folders.ts';
import { Steps } from './steps.ts';
import { findChromium, findRedis, findSipp } from './tools.ts';

/**
 * `npm test`: fetches what tests need, runs the checks and every test, and ends with one line: `N passed, N failed, N skipped`.
 * `npm test -- WORDS` runs only the files whose path holds one of the words, without the checks.
 */
process.env['NO_COLOR'] = '1';
const filter = process.argv.slice(2);
const everything = filter.length === 0;
const needsBrowser = everything || filter.some((word) => word.includes('e2e'));
const steps = new Steps();
let failed = 0;

await Promise.all([
  prepare('Asterisk', (tell) => prepareAsterisk(tell)),
  prepare('sipp', (tell) => findSipp(tell)),
  prepare('Redis', (tell) => findRedis(tell)),
  // it needs the processor while the others wait for the network
  ...(needsBrowser ? [prepare('Console', () => buildConsole())] : []),
]);
if (needsBrowser) {
  await steps
    .run(
      'Chromium',
      (tell) => findChromium(tell),
      ({ program }) => program,
    )
    .catch((error: Error) => {
      process.env['CENTRALITA_NO_BROWSER'] = error.message;
      steps.say(
        `\n!!! NO BROWSER: every test that needs one is skipped. Install chromium, or name one with CHROMIUM=…\n    ${error.message}\n`,
      );
    });
}
if (!(await dockerAnswers())) steps.say('\n!!! NO DOCKER ENGINE: the tests over containers of Postgres and Redis are skipped.\n');
if (everything) failed += (await runChecks([])).length;

const counts = await runVitest();
process.stdout.write(`\n${counts.passed} passed, ${counts.failed + failed} failed, ${counts.skipped} skipped\n`);
process.exit(counts.failed + failed > 0 || counts.passed === 0 ? 1 : 0);

/** A part that cannot be had counts as failed once, and the tests that do without it still run. */
async function prepare(title: string, work: (tell: (detail: string) => void) => Promise<unknown>): Promise<void> {
  await steps.run(title, work).catch((error: Error) => {
    failed += 1;
    steps.say(error.message);
  });
}

async function runVitest(): Promise<{ passed: number; failed: number; skipped: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-test-'));
  const countsFile = join(folder, 'counts.json');
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...filter], {
    cwd: projectFolder,
    stdio: 'inherit',
    env: { ...process.env, TEST_COUNTS: countsFile },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exit) => resolve(exit ?? 1));
  });
  try {
    const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as { passed: number; failed: number; skipped: number };
    // Vitest itself may fail although no test did: an unhandled error, or a set-up that broke.
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    return counts;
  } catch (noCounts) {
    process.stdout.write(`The tests did not run to their end (exit code ${code}): ${String(noCounts)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a Docker engine takes connections; where it does, the files `*.flow.test.ts` that need one run. */
async function dockerAnswers(): Promise<boolean> {
  const host = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  const address = host.startsWith('unix://')
    ? { path: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: Number(new URL(host).port) };
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.setTimeout(2_000, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(false));
  });
  process.env['CENTRALITA_DOCKER'] = answers ? 'yes' : '';
  return answers;
}
