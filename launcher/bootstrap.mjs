// The one file that runs on whatever Node the machine has, with nothing installed. It installs the packages when they are missing or
// have changed, then hands over to the Node 24 that came with them, which runs TypeScript as it is.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const launcher = dirname(fileURLToPath(import.meta.url));
const project = resolve(launcher, '..');
const packages = join(project, 'node_modules');
const programs = join(packages, '.bin');
const stamp = join(packages, '.installed-from');
const commands = ['start', 'dev', 'test', 'bench', 'check', 'audit'];

const [command = '', ...args] = process.argv.slice(2);
if (!commands.includes(command)) {
  console.error(`Usage: npm run <${commands.join(' | ')}>`);
  process.exit(2);
}
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `Node ${process.versions.node} is too old even to begin with: install Node 20 or newer. The right one (24) is then fetched by itself.`,
  );
  process.exit(1);
}

const lockFile = join(project, 'package-lock.json');
const lock = readFileSync(lockFile, 'utf8');
const wanted = createHash('sha256').update(lock).digest('hex');
if (!isInstalled()) {
  const code = await install();
  if (code !== 0) process.exit(code);
}
process.exit(await handOver());

/** Whether node_modules holds exactly what the lock file says. */
function isInstalled() {
  if (!existsSync(join(programs, 'node'))) return false;
  if (existsSync(stamp)) return readFileSync(stamp, 'utf8') === wanted;
  // Somebody ran npm himself: npm's own list of what it installed tells whether that is enough.
  try {
    const there = JSON.parse(readFileSync(join(packages, '.package-lock.json'), 'utf8')).packages;
    const differs = Object.entries(JSON.parse(lock).packages).some(
      ([path, entry]) => path.startsWith('node_modules/') && !entry.optional && !entry.link && there[path]?.version !== entry.version,
    );
    if (differs) return false;
    writeFileSync(stamp, wanted);
    return true;
  } catch {
    return false;
  }
}

async function install() {
  const started = Date.now();
  const total = Object.keys(JSON.parse(lock).packages).length;
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const isTerminal = process.stdout.isTTY === true;
  const tell = () => {
    const line = `… Installing ${total} packages, usually one to two minutes: ${seconds()}`;
    process.stdout.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  };
  tell();
  const progress = setInterval(tell, isTerminal ? 500 : 15_000);
  const npmArgs = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const child = npm && /\.c?js$/.test(npm) ? spawn(process.execPath, [npm, ...npmArgs], options()) : spawn('npm', npmArgs, options());
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (told = (told + text).slice(-20_000)));
  const code = await new Promise((done) => {
    child.once('error', (error) => {
      told += error.message;
      done(1);
    });
    child.once('exit', (exit) => done(exit ?? 1));
  });
  clearInterval(progress);
  if (isTerminal) process.stdout.write('\r\x1b[K');
  if (code === 0 && !existsSync(join(programs, 'node'))) {
    console.error(
      `✗ npm has no Node 24 for ${process.platform} ${process.arch} in this project's list. Use \`docker compose up\` instead.`,
    );
    return 1;
  }
  if (code !== 0) {
    console.error(
      `${told.trim()}\n✗ Installing the packages failed after ${seconds()}. Is the npm registry reachable? Try \`npm ci\` to see more.`,
    );
    return code;
  }
  writeFileSync(stamp, wanted);
  console.log(`✓ Packages installed (${seconds()})`);
  return 0;

  function options() {
    return { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] };
  }
}

/** Runs the command with Node 24, passes signals on and answers its exit code. */
async function handOver() {
  const child = spawn(join(programs, 'node'), [join(launcher, `${command}.ts`), ...args], {
    cwd: project,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH ?? ''}` },
  });
  // Ctrl-C reaches the whole terminal group, the child too; this process only has to outlive it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`✗ ${error.message}`);
      done(1);
    });
    child.once('exit', (code, signal) => done(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
