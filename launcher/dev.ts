import { join } from 'node:path';
import { dataFolder, projectFolder } from './folders.ts';
import { startNodePart, type Part } from './part.ts';
import type { Settings } from './settings.ts';
import { runInstallation } from './start.ts';

/**
 * `npm run dev`: the same installation, but our own processes start again when a file of theirs changes, and Vite serves the console and
 * puts changes into the open page.
 */
const vitePort = Number(process.env['VITE_PORT'] ?? 5173 + Number(process.env['CENTRALITA_PORT_OFFSET'] ?? 0));
const address = `http://127.0.0.1:${vitePort}`;

process.exit(
  await runInstallation(
    process.argv.slice(2),
    {
      nodeArguments: ['--watch', '--watch-preserve-output'],
      buildConsole: false,
      env: { PUBLIC_URL: address, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'debug' },
    },
    { afterStart: startVite },
  ),
);

async function startVite(settings: Settings, started: (part: Part) => void): Promise<string> {
  await startNodePart({
    name: 'vite',
    cwd: join(projectFolder, 'agent-console'),
    script: [
      join(projectFolder, 'node_modules/vite/bin/vite.js'),
      'dev',
      '--host',
      '127.0.0.1',
      '--port',
      String(vitePort),
      '--strictPort',
    ],
    env: { CENTRALITA_SERVER: `http://127.0.0.1:${settings.httpPort}` },
    logFile: join(dataFolder, 'logs/vite.log'),
    readyUrl: address,
    onSpawn: started,
  });
  return address;
}
