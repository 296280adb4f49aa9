import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareAsterisk } from './asterisk.ts';
import { buildConsole } from './console-build.ts';
import { projectFolder } from './folders.ts';
import { Steps } from './steps.ts';
import { findChromium, findSipp } from './tools.ts';

/** `npm run bench [-- NAME]`: fetches what the benchmarks need, then runs them all or the one named. */
const main = join(projectFolder, 'bench/main.ts');
if (!existsSync(main)) {
  process.stderr.write('✗ There are no benchmarks in bench/ yet.\n');
  process.exit(1);
}
const steps = new Steps();
await steps.run('Asterisk', (tell) => prepareAsterisk(tell));
await steps.run('sipp', (tell) => findSipp(tell));
await steps.run('Chromium', (tell) => findChromium(tell));
await steps.run('Console', () => buildConsole());
const child = spawn(process.execPath, [main, ...process.argv.slice(2)], { cwd: projectFolder, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
