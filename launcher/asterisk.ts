import { existsSync, readFileSync } from 'node:fs';
import { execFile, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installAsterisk, type AsteriskInstallation } from '../asterisk-config/install/installation.ts';
import { makePrompts } from '../asterisk-config/install/prompts.ts';
import { keptPassword, renderAsterisk, type AsteriskSettings } from '../asterisk-config/install/render.ts';
import { cacheFolder, ensureFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { endProcess, identityOf, lastLines, spawnLogged, type ProcessIdentity } from './processes.ts';

const run = promisify(execFile);

export interface AsteriskOptions {
  /** Run folder of this instance: configuration, astdb, recordings, logs. Made when it is not there. Keep its path under 90 letters. */
  folder: string;
  /** ARI and SIP over websocket; a free one is taken when left out. */
  httpPort?: number;
  /** SIP over UDP; a free one is taken when left out. */
  sipPort?: number;
  /** First and last UDP port for sound; default 40000 to 40999. Give each instance that runs at the same time a range of its own. */
  rtpPorts?: readonly [number, number];
  ariUser?: string;
  /** Made and kept in `folder/ari-password` when left out. */
  ariPassword?: string;
  /** Address that phones and browsers are told to send sound to; default 127.0.0.1, which also keeps SIP on this machine. */
  address?: string;
  /** SIP phones on 127.0.0.1 may ring the hotline; default true. */
  loopbackGuest?: boolean;
  /** Peers of the trunk, `address` or `address:port`. Calls to outside go to the first one, over the endpoint `trunk`. */
  trunkPeers?: readonly string[];
  /** The operator's own file of trunks. */
  trunksFile?: string;
  /** Text added to the named configuration files (or new files), for instance `{ 'modules.conf': 'load = app_queue.so' }`. */
  extraConfig?: Record<string, string>;
  /** Lives on when the process that started it is killed, so that calls do too; default false: tests and benches leave nothing behind. */
  outlivesParent?: boolean;
  onStep?: (step: string) => void;
}

export interface RunningAsterisk {
  folder: string;
  version: string;
  /** For instance `http://127.0.0.1:8088`: the environment's ARI_URL. */
  ariUrl: string;
  ariUser: string;
  ariPassword: string;
  /** For instance `ws://127.0.0.1:8088/ws`: where browsers send SIP. */
  sipWebSocketUrl: string;
  httpPort: number;
  sipPort: number;
  /** Where finished recordings of ARI are. */
  recordingFolder: string;
  logFile: string;
  /** Program and leading arguments of espeak-ng: the environment's SPEECH_COMMAND, as JSON. */
  speechCommand: readonly string[];
  /** The present process: another one after a restart. */
  identity(): ProcessIdentity;
  /** Settles when the present process has ended, whatever ended it. */
  ended(): Promise<void>;
  /** Runs a command of Asterisk's console and answers what it prints, for instance `core show channels concise`. */
  command(line: string): Promise<string>;
  /** Ends Asterisk; every call is cut. Harmless when it has ended already. */
  stop(): Promise<void>;
  /** Ends it without warning, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and folder after `stop`, `kill` or a crash; waits until it is ready. */
  start(): Promise<void>;
}

/** Asterisk 22 and its prompts on disk: fetched and made at the first call, found again later. */
export async function prepareAsterisk(
  onStep?: (step: string) => void,
): Promise<{ installation: AsteriskInstallation; promptsFolder: string }> {
  const installation = await installAsterisk(join(ensureFolder(cacheFolder), 'asterisk'), onStep);
  if (!installation.speechCommand)
    throw new Error('espeak-ng, which speaks the announcements, is missing beside this Asterisk: install the package espeak-ng.');
  onStep?.('speaking the announcements');
  const promptsFolder = join(cacheFolder, 'prompts');
  await makePrompts(installation.speechCommand, promptsFolder);
  return { installation, promptsFolder };
}

/**
 * Starts an Asterisk of its own and waits until it takes calls (about 0.6 s once it is installed). Several run beside each other when
 * their folders, ports and sound ranges differ. Throws with the end of its log when it does not come up within 20 s.
 */
export async function startAsterisk(options: AsteriskOptions): Promise<RunningAsterisk> {
  const { installation, promptsFolder } = await prepareAsterisk(options.onStep);
  const folder = ensureFolder(options.folder);
  const [rtpFirst, rtpLast] = options.rtpPorts ?? [40_000, 40_999];
  const settings: AsteriskSettings = {
    httpPort: options.httpPort ?? (await freePort('tcp')),
    sipPort: options.sipPort ?? (await freePort('udp')),
    rtpFirst,
    rtpLast,
    ariUser: options.ariUser ?? 'centralita',
    ariPassword: options.ariPassword ?? (await keptPassword(join(folder, 'ari-password'))),
    address: options.address ?? '127.0.0.1',
    loopbackGuest: options.loopbackGuest ?? true,
    trunkPeers: options.trunkPeers ?? [],
  };
  await renderAsterisk({
    runFolder: folder,
    installation,
    promptsFolder,
    settings,
    ...(options.trunksFile ? { trunksFile: options.trunksFile } : {}),
    ...(options.extraConfig ? { extraConfig: options.extraConfig } : {}),
  });
  const logFile = join(folder, 'log/console.log');
  const base = [...installation.command, '-C', join(folder, 'etc/asterisk.conf')];
  let child: ChildProcess | null = null;
  let identity: ProcessIdentity = { pid: -1, startTicks: -1 };
  let ended: Promise<void> = Promise.resolve();

  const command = async (line: string): Promise<string> => {
    const [program = '', ...args] = base;
    return (await run(program, [...args, '-rx', line], { maxBuffer: 1 << 26 })).stdout;
  };
  const start = async (): Promise<void> => {
    const started = await spawnLogged({ command: [...base, '-f'], cwd: folder, logFile, endsWithParent: !options.outlivesParent });
    child = started;
    identity = identityOf(started);
    ended = new Promise((resolve) => started.once('exit', () => resolve()));
    const until = performance.now() + 20_000;
    for (;;) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(`Asterisk ended while starting:\n${lastLines(logFile)}`);
      const answer = await command('core waitfullybooted').catch(() => '');
      if (answer.includes('fully booted')) return;
      if (performance.now() > until) {
        await endProcess(identity, 'SIGKILL', 0);
        throw new Error(`Asterisk did not come up within 20 s:\n${lastLines(logFile)}`);
      }
      await pause(25);
    }
  };
  await start();
  return {
    folder,
    version: installation.version,
    ariUrl: `http://127.0.0.1:${settings.httpPort}`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    sipWebSocketUrl: `ws://127.0.0.1:${settings.httpPort}/ws`,
    httpPort: settings.httpPort,
    sipPort: settings.sipPort,
    recordingFolder: join(folder, 'spool/recording'),
    logFile,
    speechCommand: installation.speechCommand ?? [],
    identity: () => identity,
    ended: () => ended,
    command,
    async stop() {
      if (!child) return;
      await endProcess(identity, 'SIGTERM', 5_000);
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

/** Whether the operator's file of trunks has one of its own: without it a call to the outside has nowhere to go. */
export const hasOwnTrunk = (trunksFile: string): boolean => existsSync(trunksFile) && /^\s*\[trunk\]/m.test(readFileSync(trunksFile, 'utf8'));
