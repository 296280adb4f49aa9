import { createPostgresBackend, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

/** Work that happens by the clock, once for the whole installation, whichever server does it. */
export interface Jobs {
  /** Runs `work` every `everyMs`, each time in one of the servers. A run that fails is logged and comes again at its next time. */
  every(name: string, everyMs: number, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** On Redis when there is Redis, else on Postgres: the same BullMQ over both. */
export function createJobs(options: { redis: Redis | null; databaseUrl: string; logger: Logger }): Jobs {
  const { logger } = options;
  const works = new Map<string, () => Promise<void>>();
  const queueName = 'centralita';
  const onRedis = options.redis;
  const postgres = { connectionString: options.databaseUrl, migrate: true, max: 4 };
  const onError = (error: Error): void => logger.warn({ err: error }, 'job queue');
  // the worker waits in blocking commands, so it has a connection of its own; whoever hands BullMQ a connection also closes it
  const forWorker = onRedis?.duplicate({ maxRetriesPerRequest: null }) ?? null;
  forWorker?.on('error', onError);
  const queue = onRedis ? new Queue(queueName, { connection: onRedis }) : new Queue(queueName, { connection: postgres }, createPostgresBackend);
  const run = async (job: { name: string }): Promise<void> => {
    const work = works.get(job.name);
    if (work) await work();
  };
  const worker = forWorker
    ? new Worker(queueName, run, { connection: forWorker, concurrency: 4 })
    : new Worker(queueName, run, { connection: postgres, concurrency: 4 }, createPostgresBackend);
  queue.on('error', onError);
  worker.on('error', onError);
  worker.on('failed', (job, error) => logger.error({ err: error, job: job?.name }, 'job failed'));
  return {
    every: async (name, everyMs, work) => {
      works.set(name, work);
      await queue.upsertJobScheduler(name, { every: everyMs }, { name, opts: { removeOnComplete: 10, removeOnFail: 50 } });
    },
    close: async () => {
      await worker.close();
      await queue.close();
      forWorker?.disconnect();
    },
  };
}
