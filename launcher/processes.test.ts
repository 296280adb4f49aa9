import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort, isPortFree, portHolder } from './ports.ts';
import { startNodePart, type Part } from './part.ts';
import { commandLine, endProcess, identify, identityOf, isAlive } from './processes.ts';
import { RunRecord, settleEarlierRun } from './run-state.ts';
import { supervise } from './supervise.ts';

const folder = mkdtempSync(join(tmpdir(), 'centralita-processes-'));
const started: { kill(): unknown }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A process that lives until it is ended, and says when it is there. */
async function sleeper(code = "process.stdout.write('here'); setInterval(() => {}, 1000)") {
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  started.push({ kill: () => child.kill('SIGKILL') });
  await once(child.stdout, 'data');
  return child;
}

describe('a process', () => {
  test('is the same one only with the same moment of start', async () => {
    const child = await sleeper();
    const identity = identityOf(child);
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startTicks: identity.startTicks + 1 })).toBe(false);
    expect(await endProcess(identity, 'SIGTERM', 5_000)).toBe(true);
    expect(identify(identity.pid)).toBeNull();
  });

  test('that ignores the request to end is killed after its time of grace', async () => {
    const child = await sleeper("process.on('SIGTERM', () => {}); process.stdout.write('here'); setInterval(() => {}, 1000)");
    const identity = identityOf(child);
    expect(await endProcess(identity, 'SIGTERM', 100)).toBe(false);
    expect(isAlive(identity)).toBe(false);
  });
});

describe('a port', () => {
  test('that is busy is told with who holds it', async () => {
    const port = await freePort();
    expect(await isPortFree(port, 'tcp')).toBe(true);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    expect(await isPortFree(port, 'tcp')).toBe(false);
    expect(portHolder(port, 'tcp')).toContain(`(process ${process.pid})`);
    server.close();
    await once(server, 'close');
    expect(portHolder(port, 'tcp')).toBeNull();
  });
});

describe('an earlier run', () => {
  const file = (): string => join(mkdtempSync(join(tmpdir(), 'centralita-run-')), 'run.json');
  const written = async (change: (state: { launcher: { startTicks: number }; parts: { commandLine: string }[] }) => void) => {
    const child = await sleeper();
    const path = file();
    new RunRecord(path, 'http://127.0.0.1:1').write([{ name: 'Asterisk', identity: () => identityOf(child) }]);
    const state = JSON.parse(readFileSync(path, 'utf8'));
    change(state);
    writeFileSync(path, JSON.stringify(state));
    return { path, identity: identityOf(child) };
  };

  test('that still lives is named, and nothing of it is touched', async () => {
    const { path, identity } = await written(() => {});
    expect(await settleEarlierRun(path)).toEqual({ state: 'running', pid: process.pid, address: 'http://127.0.0.1:1' });
    expect(isAlive(identity)).toBe(true);
  });

  test('that was killed has what it left behind ended', async () => {
    const { path, identity } = await written((state) => (state.launcher.startTicks -= 1));
    expect(await settleEarlierRun(path)).toEqual({ state: 'killed', ended: ['Asterisk'] });
    expect(isAlive(identity)).toBe(false);
    expect(await settleEarlierRun(path)).toEqual({ state: 'none' });
  });

  test('leaves a stranger alone that now has the number of one of its processes', async () => {
    const { path, identity } = await written((state) => {
      state.launcher.startTicks -= 1;
      for (const part of state.parts) part.commandLine = 'asterisk -f';
    });
    expect(await settleEarlierRun(path)).toEqual({ state: 'killed', ended: [] });
    expect(isAlive(identity)).toBe(true);
    expect(commandLine(identity.pid)).toContain('setInterval');
  });

  test('whose account is damaged is as good as none', async () => {
    const path = file();
    writeFileSync(path, '{"bootId":');
    expect(await settleEarlierRun(path)).toEqual({ state: 'none' });
  });
});

describe('a supervised part', () => {
  test('is started again after a crash, and not after it was told to end', async () => {
    const part: Part = await startNodePart({
      name: 'sleeper',
      script: ['-e', 'setInterval(() => {}, 1000)'],
      env: {},
      logFile: join(folder, 'sleeper.log'),
    });
    started.push(part);
    const lines: string[] = [];
    const restarted = Promise.withResolvers<void>();
    const stopWatching = supervise(
      part,
      (line) => lines.push(line),
      () => restarted.resolve(),
    );
    const first = part.identity();
    process.kill(first.pid, 'SIGKILL');
    await restarted.promise;
    expect(part.identity().pid).not.toBe(first.pid);
    expect(lines[0]).toContain('sleeper ended unexpectedly');
    stopWatching();
    const told = lines.length;
    await part.stop();
    expect(lines.slice(told).join()).not.toContain('unexpectedly');
  });

  test('that ends while starting says so with the end of its log', async () => {
    await expect(
      startNodePart({
        name: 'broken',
        script: ['-e', "console.error('no such setting'); process.exit(1)"],
        env: {},
        logFile: join(folder, 'broken.log'),
        readyUrl: 'http://127.0.0.1:9/',
      }),
    ).rejects.toThrow(/broken ended while starting:\n.*no such setting/s);
  });
});
