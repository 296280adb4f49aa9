import process from 'node:process';
import { keepWorker } from '@centralita/cti-server/db';
import { pino } from 'pino';
import { readConfig } from './config.ts';

/** Decides whom to call and when. Until campaigns exist there is nobody to call: it says that it is there, and waits. */
try {
  const config = readConfig();
  const logger = pino({ level: config.logLevel, name: 'dialer' });
  await keepWorker({ name: 'dialer', databaseUrl: config.databaseUrl, detail: 'noCampaigns', logger });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(78);
}
