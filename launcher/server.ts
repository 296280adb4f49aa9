import { join } from 'node:path';
import type { RunningAsterisk } from './asterisk.ts';
import { builtConsole } from './console-build.ts';
import { startNodePart, type Part } from './part.ts';
import { freePort } from './ports.ts';

export interface CentralitaOptions {
  databaseUrl: string;
  asterisk: RunningAsterisk;
  /** Gets the log `cti-server.log`. */
  folder: string;
  /** A free one is taken when left out. */
  httpPort?: number;
  redisUrl?: string;
  demo?: boolean;
  /** Further settings of cti-server; they win. */
  env?: Record<string, string>;
}

export type RunningCentralita = Part & { url: string; httpPort: number };

/**
 * Starts cti-server against a database and an Asterisk, and waits until /healthz answers 200. `kill` and `start` are how tests see what
 * a crash leaves behind. The console must have been built ({@link buildConsole}) where a browser is to see it.
 */
export async function startCentralita(options: CentralitaOptions): Promise<RunningCentralita> {
  const httpPort = options.httpPort ?? (await freePort('tcp'));
  const url = `http://127.0.0.1:${httpPort}`;
  const part = await startNodePart({
    name: 'cti-server',
    script: ['cti-server/src/main.ts'],
    logFile: join(options.folder, 'cti-server.log'),
    readyUrl: `${url}/healthz`,
    env: {
      DATABASE_URL: options.databaseUrl,
      REDIS_URL: options.redisUrl ?? '',
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(httpPort),
      PUBLIC_URL: url,
      DEMO_MODE: String(options.demo ?? true),
      CONSOLE_DIR: builtConsole,
      TELEPHONY: 'asterisk',
      ARI_URL: options.asterisk.ariUrl,
      ARI_USER: options.asterisk.ariUser,
      ARI_PASSWORD: options.asterisk.ariPassword,
      SPEECH_COMMAND: JSON.stringify(options.asterisk.speechCommand),
      SOUNDS_DIR: join(options.folder, 'sounds'),
      SIP_WS_URL: options.asterisk.sipWebSocketUrl,
      SIP_MEDIA_ADDRESS: '127.0.0.1',
      ...options.env,
    },
  });
  return { ...part, url, httpPort };
}
