import { randomUUID } from 'node:crypto';
import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-streams-adapter';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
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
export function createSocketBus(options: { realtime: Realtime; redis: Redis | null; pool: pg.Pool; clock: Clock; logger: Logger }): SocketBus {
  const { realtime, clock, logger } = options;
  const io = realtime.io;
  if (options.redis) io.adapter(createRedisAdapter(options.redis, { streamName: 'centralita' }));
  else io.adapter(createPostgresAdapter(givingBack(options.pool), { channelPrefix: 'centralita', errorHandler: (error) => logger.warn({ err: error }, 'fan-out over Postgres') }));
  let peers = 0;
  // Socket.io types server-side events per name; ours are named by the slices, so the check happens where they are read
  const wire = io as unknown as {
    serverSideEmit(topic: string, message: unknown): boolean;
    on(topic: string, listener: (message: unknown) => void): void;
  };
  /** Questions asked here that are still open, by their id. */
  const open = new Map<string, (answer: unknown) => void>();
  const handlers = new Map<string, (question: unknown) => Promise<unknown>>();
  wire.on('ask', (message) => {
    const { id, topic, question } = message as { id: string; topic: string; question: unknown };
    const handler = handlers.get(topic);
    if (!handler) return;
    handler(question).then(
      (value) => wire.serverSideEmit('answer', { id, value: value ?? null }),
      (error: unknown) => {
        logger.error({ err: error, topic }, 'a question of another server failed');
        wire.serverSideEmit('answer', { id, value: null });
      },
    );
  });
  wire.on('answer', (message) => {
    const { id, value } = message as { id: string; value: unknown };
    open.get(id)?.(value);
  });
  return {
    setPeers: (count) => {
      const isNew = count > peers;
      peers = count;
      // until now nothing was told to it
      if (isNew) wire.serverSideEmit('caughtSight', null);
    },
    hasPeers: () => peers > 0,
    tell: (topic, message) => {
      if (peers > 0) wire.serverSideEmit(topic, message);
    },
    on: (topic, listener) => wire.on(topic, (message) => listener(message)),
    onCaughtSight: (listener) => wire.on('caughtSight', () => listener()),
    // Socket.io's own serverSideEmitWithAck waits for every server it has ever seen lately, a dead one too; the first who knows is enough
    ask: (topic, question) => {
      if (peers === 0) return Promise.resolve(null);
      return new Promise((resolve) => {
        const id = randomUUID();
        let missing = peers;
        const settle = (value: unknown): void => {
          timer.cancel();
          open.delete(id);
          resolve(value);
        };
        const timer = clock.setTimer(answerMs, () => settle(null));
        open.set(id, (value) => {
          missing -= 1;
          if (value !== null || missing === 0) settle(value);
        });
        wire.serverSideEmit('ask', { id, topic, question });
      });
    },
    answer: (topic, handler) => void handlers.set(topic, handler),
  };
}

/**
 * Socket.io's adapter keeps one connection to listen on and takes another when it breaks, but never gives the broken one back: each outage
 * of the database would cost the pool a place.
 */
function givingBack(pool: pg.Pool): pg.Pool {
  const part: { query: unknown; connect: () => Promise<pg.PoolClient> } = {
    query: pool.query.bind(pool),
    connect: async () => {
      const client = await pool.connect();
      client.once('end', () => client.release(true));
      return client;
    },
  };
  return part as unknown as pg.Pool;
}
