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

  it('is done by one of two servers at a time, again and again, and a failure is logged and does not end it', async () => {
    const failures: unknown[] = [];
    const logger: Logger = { ...silentLogger, error: (fields) => void failures.push(fields['job']) };
    const servers = [open(logger), open(logger)];
    let running = 0;
    let mostAtOnce = 0;
    let runs = 0;
    const work = async (): Promise<void> => {
      running += 1;
      runs += 1;
      mostAtOnce = Math.max(mostAtOnce, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (runs === 2) throw new Error('not this time');
    };
    for (const jobs of servers) await jobs.every('sweep', 100, work);
    await until('it ran five times', () => runs >= 5);
    expect(mostAtOnce).toBe(1);
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
