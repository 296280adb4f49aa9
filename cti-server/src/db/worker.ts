import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import { systemClock } from '../platform/clock.ts';
import { beat, leave } from './heartbeat.ts';
import { openDatabase } from './open.ts';

const beatEveryMs = 2_000;

/** What a worker says of itself and of its failures. */
interface WorkerLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/**
 * Keeps a worker process known to the installation until it is told to stop (SIGINT, SIGTERM), then runs `close` and ends. The database may
 * be away at any time: the worker goes on trying.
 */
export async function keepWorker(options: { name: string; databaseUrl: string; detail: string; logger: WorkerLogger; close?: () => Promise<void> }): Promise<void> {
  const { name, logger } = options;
  const database = openDatabase(options.databaseUrl, { max: 4, applicationName: name, onError: (error) => logger.warn({ err: error }, 'database connection lost') });
  const self = { id: randomUUID(), name, host: hostname(), pid: process.pid, startedAtMs: systemClock.now(), detail: options.detail };
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const tick = async (): Promise<void> => {
    try {
      await beat(database, self, systemClock.now());
    } catch (error) {
      logger.warn({ err: error }, 'heartbeat');
    }
  };
  await tick();
  logger.info({ pid: process.pid }, 'ready');
  const timer = setInterval(() => void tick(), beatEveryMs);
  await stopped;
  clearInterval(timer);
  await options.close?.();
  await leave(database, self.id).catch((error: unknown) => logger.warn({ err: error }, 'heartbeat'));
  await database.$client.end();
}
