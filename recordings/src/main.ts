import process from 'node:process';
import { keepWorker } from '@centralita/cti-server/db';
import { pino } from 'pino';
import { readConfig } from './config.ts';

/** Keeps what was said. Until queues record there is nothing to keep: it says that it is there, and waits. */
try {
  const config = readConfig();
  const logger = pino({ level: config.logLevel, name: 'recordings' });
  await keepWorker({ name: 'recordings', databaseUrl: config.databaseUrl, detail: 'noRecording', logger });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(78);
}
