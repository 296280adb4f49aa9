import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { testedAsterisk } from '../asterisk-config/install/packages.ts';
import { whyNoDebian } from '../asterisk-config/install/debian.ts';
import { hasOwnTrunk, prepareAsterisk, startAsterisk, type RunningAsterisk } from './asterisk.ts';
import { ownCertificate } from './certificate.ts';
import { buildConsole, builtConsole } from './console-build.ts';
import { cacheFolder, dataFolder, projectFolder } from './folders.ts';
import { startNodePart, type Part } from './part.ts';
import { startPostgres, type RunningPostgres } from './postgres.ts';
import { fieldKey } from './field-key.ts';
import { setupCode } from './setup-code.ts';
import { WrongSetting, type Settings } from './settings.ts';
import type { Steps } from './steps.ts';

/** What differs between `npm start` and `npm run dev`. */
export interface Manner {
  /** Leading arguments for the Node processes, for instance `--watch`. */
  nodeArguments: readonly string[];
  /** Builds the console beforehand; a development server of its own makes that unnecessary. */
  buildConsole: boolean;
  /** Settings of the server processes that win over the computed ones. */
  env: Record<string, string>;
}

const logs = join(dataFolder, 'logs');

/** Stops before anything is begun on a system where Asterisk can be neither found nor unpacked. */
export function checkSystem(settings: Settings): void {
  if (settings.ariUrl || process.env['ASTERISK_PROGRAM'] || existsSync(join(cacheFolder, 'asterisk/versions.json'))) return;
  const reason = whyNoDebian();
  if (reason && !existsSync('/usr/sbin/asterisk'))
    throw new WrongSetting(
      `Asterisk is unpacked from Debian's packages, and that is not possible here: ${reason}.\n` +
        'Run everything in containers instead:  docker compose up\n' +
        'Or point to what you have:             ARI_URL=http://… ARI_PASSWORD=… SIP_WS_URL=ws://… [DATABASE_URL=postgres://…] npm start',
    );
}

/**
 * Starts every part in the order in which they need each other, saying each step. `started` is told each part at once, so that whoever
 * called can take down what already runs when a later step fails.
 */
export async function startEverything(settings: Settings, steps: Steps, manner: Manner, started: (part: Part) => void): Promise<void> {
  const [databaseUrl, asterisk] = await Promise.all([
    settings.databaseUrl ?? startDatabase(settings, steps, started),
    settings.ariUrl ? null : startSwitch(settings, steps, started),
    manner.buildConsole
      ? steps.run(
          'Console',
          () => buildConsole(),
          (built) => (built ? 'built' : 'unchanged'),
        )
      : null,
  ]);
  const env = { ...serverEnvironment(settings, databaseUrl, asterisk), ...manner.env };
  const running = new Set<Part>();
  const onSpawn = (part: Part): void => {
    // A restart is the same part again.
    if (!running.has(part)) started(part);
    running.add(part);
  };
  const node = async (name: string, readyUrl?: string): Promise<Part> =>
    startNodePart({
      name,
      script: [...manner.nodeArguments, `${name}/src/main.ts`],
      env,
      logFile: join(logs, `${name}.log`),
      onSpawn,
      outlivesParent: true,
      ...(readyUrl ? { readyUrl } : {}),
    });
  const host = settings.httpHost === '0.0.0.0' ? '127.0.0.1' : settings.httpHost;
  await steps.run(
    'cti-server',
    () => node('cti-server', `http://${host}:${settings.httpPort}/healthz`),
    () => `port ${settings.httpPort}`,
  );
  for (const name of ['dialer', 'recordings'])
    if (existsSync(join(projectFolder, name, 'src/main.ts'))) await steps.run(name, () => node(name));
  if (settings.lan) await startEdge(settings, settings.lan, asterisk, steps, started);
}

async function startDatabase(settings: Settings, steps: Steps, started: (part: Part) => void): Promise<string> {
  const running = await steps.run(
    'Database',
    async () => {
      const postgres: RunningPostgres = await startPostgres({
        folder: join(dataFolder, 'postgres'),
        port: settings.postgresPort,
        outlivesParent: true,
      });
      started({ name: 'Postgres', ...postgres });
      return postgres;
    },
    (postgres) => `PostgreSQL 18 on port ${postgres.port}${postgres.endedOrphan ? ', after ending one that a killed run had left' : ''}`,
  );
  return running.url;
}

const trunksFile = join(dataFolder, 'pjsip_trunks.conf');

async function startSwitch(settings: Settings, steps: Steps, started: (part: Part) => void): Promise<RunningAsterisk> {
  await steps.run(
    'Asterisk',
    (tell) => prepareAsterisk(tell),
    ({ installation }) => describeVersion(installation.version),
  );
  return steps.run(
    'Phone line',
    async () => {
      const asterisk = await startAsterisk({
        folder: join(dataFolder, 'asterisk'),
        httpPort: settings.ariPort,
        sipPort: settings.sipPort,
        rtpPorts: settings.rtpPorts,
        address: settings.address,
        trunkPeers: settings.trunkPeers,
        outlivesParent: true,
        trunksFile,
        ...(process.env['ARI_PASSWORD'] ? { ariPassword: process.env['ARI_PASSWORD'] } : {}),
      });
      started({ name: 'Asterisk', ...asterisk });
      return asterisk;
    },
    (asterisk) => `SIP on ${settings.address}:${asterisk.sipPort}`,
  );
}

function serverEnvironment(settings: Settings, databaseUrl: string, asterisk: RunningAsterisk | null): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    HTTP_HOST: settings.httpHost,
    HTTP_PORT: String(settings.httpPort),
    PUBLIC_URL: settings.publicUrl,
    DEMO_MODE: String(settings.demo),
    CONSOLE_DIR: process.env['CONSOLE_DIR'] ?? builtConsole,
    TELEPHONY: process.env['TELEPHONY'] ?? 'asterisk',
    SETUP_CODE: settings.demo ? '' : setupCode(),
    FIELD_KEY: fieldKey(),
    ...(settings.lan ? { TRUST_PROXY: 'true' } : {}),
    ...(asterisk
      ? {
          ARI_URL: asterisk.ariUrl,
          ARI_USER: asterisk.ariUser,
          ARI_PASSWORD: asterisk.ariPassword,
          SPEECH_COMMAND: process.env['SPEECH_COMMAND'] ?? JSON.stringify(asterisk.speechCommand),
          SOUNDS_DIR: process.env['SOUNDS_DIR'] ?? join(dataFolder, 'sounds'),
          // the demo can call out without a trunk: the exchange plays the person at the other end
          ...(settings.demo && settings.trunkPeers.length === 0 && !hasOwnTrunk(trunksFile) ? { TRUNK_DIAL: process.env['TRUNK_DIAL'] ?? 'Local/{number}@demo-world/n' } : {}),
          SIP_WS_URL: process.env['SIP_WS_URL'] ?? (settings.lan ? '/sip' : asterisk.sipWebSocketUrl),
          SIP_MEDIA_ADDRESS: process.env['SIP_MEDIA_ADDRESS'] ?? settings.address,
        }
      : {}),
  };
}

async function startEdge(
  settings: Settings,
  lan: NonNullable<Settings['lan']>,
  asterisk: RunningAsterisk | null,
  steps: Steps,
  started: (part: Part) => void,
): Promise<void> {
  await steps.run(
    'HTTPS',
    async () => {
      const files =
        lan.certificateFile && lan.keyFile
          ? { certificateFile: lan.certificateFile, keyFile: lan.keyFile }
          : await ownCertificate(dataFolder, settings.address);
      started(
        await startNodePart({
          name: 'edge',
          script: ['launcher/edge.ts'],
          outlivesParent: true,
          logFile: join(logs, 'edge.log'),
          readyPort: lan.port,
          env: {
            EDGE_HOST: lan.host,
            EDGE_PORT: String(lan.port),
            EDGE_CERTIFICATE: files.certificateFile,
            EDGE_KEY: files.keyFile,
            EDGE_CONSOLE: `http://127.0.0.1:${settings.httpPort}`,
            EDGE_SIP: `${(asterisk?.ariUrl ?? settings.ariUrl ?? '').replace(/^http/, 'ws')}/ws`,
          },
        }),
      );
    },
    () => `port ${lan.port}`,
  );
}

function describeVersion(version: string): string {
  const short = /^[\d.]+/.exec(version)?.[0] ?? version;
  return `${short} with announcements in four languages${short === testedAsterisk ? '' : ` (tested with ${testedAsterisk})`}`;
}
