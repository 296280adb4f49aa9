import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startThrowawayRedis } from '../../../launcher/index.ts';
import { fanOuts } from '../app.testing.ts';
import { createTestDatabase, type TestDatabase } from '../db/testing.ts';
import { until } from '../until.testing.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { type Logger, silentLogger } from './logger.ts';

describe.each(fanOuts)('work by the clock, over $over,', ({ redis }) => {
  let test: TestDatabase;
  let server: Awaited<ReturnType<typeof startThrowawayRedis>> | null = null;
  const connections: Redis[] = [];
  const opened: Jobs[] = [];
  beforeAll(async () => {
    test = await createTestDatabase();
    if (redis) server = await startThrowawayRedis();
  });
  afterAll(async () => {
    for (const jobs of opened) await jobs.close();
    for (const connection of connections) connection.disconnect();
    await server?.stop();
    await test.drop();
  });
  const open = (logger: Logger = silentLogger): Jobs => {
    const connection = server ? new Redis(server.url, { maxRetriesPerRequest: null }) : null;
    if (connection) connections.push(connection);
    const jobs = createJobs({ redis: connection, databaseUrl: test.url, logger });
    opened.push(jobs);
    return jobs;
  };

  it('is done by whichever of two servers is free, again and again, and a failure is logged and does not end it', async () => {
    const failures: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (fields) => void failures.push(fields['job']) };
    const servers = [open(logger), open(logger)];
    let runs = 0;
    const work = (): Promise<void> => {
      runs += 1;
      return runs === 2 ? Promise.reject(new Error('not this time')) : Promise.resolve();
    };
    for (const jobs of servers) await jobs.every('sweep', 100, work);
    await until('it ran five times', () => runs >= 5);
    await until('the failure is logged', () => failures.length > 0);
    expect(failures).toEqual(['sweep']);
  });

  it('ends with its server, and nothing is left connected that would complain', async () => {
    const warnings: unknown[] = [];
    const jobs = open({ ...silentLogger, warn: (fields) => void warnings.push(fields) });
    let runs = 0;
    await jobs.every('once more', 50, () => Promise.resolve(void (runs += 1)));
    await until('it ran', () => runs > 0);
    await jobs.close();
    opened.splice(opened.indexOf(jobs), 1);
    expect(warnings).toEqual([]);
  });
});
