import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './folders.ts';
import { Steps } from './steps.ts';

/** One look at the whole project by one tool. */
interface Check {
  name: string;
  command: readonly string[];
  cwd?: string;
}

const folders = [
  'cti-server/src',
  'dialer/src',
  'recordings/src',
  'launcher',
  'asterisk-config',
  'docker',
  'e2e',
  'bench',
  'agent-console/src',
];
const present = folders.filter((folder) => existsSync(join(projectFolder, folder)));

/** The longest first. */
const checks: Check[] = [
  { name: 'lint', command: ['eslint', '--max-warnings=0', '--cache', '--cache-location', 'node_modules/.cache/eslint', '.'] },
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  // what runs inside a page needs the browser's types, which servers must not see
  { name: 'types of page code', command: ['tsc', '--noEmit', '-p', 'e2e'] },
  { name: 'console', command: ['npm', 'run', '--silent', 'check', '-w', '@centralita/agent-console'] },
  { name: 'walls', command: ['depcruise', '--config', '.dependency-cruiser.cjs', ...present] },
  { name: 'compose', command: ['dclint', 'docker-compose.yml', '-c', '.dclintrc.yaml'] },
];

/**
 * Types, lint, the walls between the parts, and the compose file. Every check runs even when an earlier one fails, so that all that is
 * wrong is seen at once. Answers the names of those that failed. `npm run check -- lint walls` runs only these.
 */
export async function runChecks(wanted: readonly string[]): Promise<string[]> {
  const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no check called ${unknown.join(', ')}; there are ${checks.map(({ name }) => name).join(', ')}.`);
  const steps = new Steps();
  const failed: string[] = [];
  const left = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
  // each tool keeps one processor busy: two at a time take little more than the longer one
  const worker = async (): Promise<void> => {
    for (let check = left.shift(); check; check = left.shift()) {
      const { name, command } = check;
      const told = await steps.run(name, () => look(command)).then(
        () => '',
        (error: Error) => error.message,
      );
      if (!told) continue;
      failed.push(name);
      process.stdout.write(`${told.replace(/^/gm, '    ')}\n`);
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

/** Rejects with what the tool said when it found something. */
function look([program = '', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd: projectFolder, encoding: 'utf8', maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (!error) resolve();
      else reject(new Error(`${stdout}${stderr}`.trim() || `${program}: ${error.message}`));
    });
  });
}

if (import.meta.main) {
  const failed = await runChecks(process.argv.slice(2));
  if (failed.length > 0) process.stdout.write(`\n✗ ${failed.join(', ')}\n`);
  process.exit(failed.length > 0 ? 1 : 0);
}
