import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { Bus } from './bus.ts';
import type { Logger } from './logger.ts';
import type { Realtime } from './realtime.ts';

/** How long a peer may take to answer a question. */
const answerMs = 3_000;

export interface SocketBus extends Bus {
  /** Whether other servers are known to live; kept by the heartbeat (processes). */
  setPeers(count: number): void;
}

/**
 * Messages among servers over Socket.io's own adapter: Redis streams when there is Redis, else Postgres' LISTEN/NOTIFY. Only servers speak
 * over it; what browsers get is pushed by the server they are connected to.
 */
export function createSocketBus(options: { realtime: Realtime; redis: Redis | null; pool: pg.Pool; logger: Logger }): SocketBus {
  const { realtime, logger } = options;
  const io = realtime.io;
  if (options.redis) io.adapter(createRedisAdapter(options.redis, { streamName: 'centralita' }));
  else io.adapter(createPostgresAdapter(options.pool, { channelPrefix: 'centralita', errorHandler: (error) => logger.warn({ err: error }, 'fan-out over Postgres') }));
  let peers = 0;
  // Socket.io types server-side events per name; ours are named by the slices, so the check happens where they are read
  const wire = io as unknown as {
    serverSideEmit(topic: string, message: unknown): boolean;
    timeout(ms: number): { serverSideEmitWithAck(topic: string, message: unknown): Promise<unknown[]> };
    on(topic: string, listener: (message: unknown, answer?: (value: unknown) => void) => void): void;
  };
  return {
    setPeers: (count) => (peers = count),
    hasPeers: () => peers > 0,
    tell: (topic, message) => {
      if (peers > 0) wire.serverSideEmit(topic, message);
    },
    on: (topic, listener) => wire.on(topic, (message) => listener(message)),
    ask: async (topic, question) => {
      if (peers === 0) return null;
      try {
        const answers = await wire.timeout(answerMs).serverSideEmitWithAck(topic, question);
        return answers.find((answer) => answer !== null && answer !== undefined) ?? null;
      } catch (error) {
        // one that did not answer in time hides the answers of the others: they come with the error
        const answers: unknown = error instanceof Error && 'responses' in error ? error.responses : [];
        return Array.isArray(answers) ? (answers.find((answer) => answer !== null && answer !== undefined) ?? null) : null;
      }
    },
    answer: (topic, handler) =>
      wire.on(topic, (question, answer) => {
        handler(question).then(
          (value) => answer?.(value ?? null),
          (error: unknown) => {
            logger.error({ err: error, topic }, 'a question of another server failed');
            answer?.(null);
          },
        );
      }),
  };
}
