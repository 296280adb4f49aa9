import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNodePart } from './part.ts';
import { freePort } from './ports.ts';

/** Runs where a Docker engine answers; `npm test` says loudly when none does. */
describe.skipIf(!process.env['CENTRALITA_DOCKER'])('on the official Postgres and Redis, in containers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'centralita-containers-'));
  const containers: StartedTestContainer[] = [];
  let databaseUrl: string;
  let redisUrl: string;

  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([
      new GenericContainer('postgres:18')
        .withEnvironment({ POSTGRES_USER: 'centralita', POSTGRES_PASSWORD: 'secret', POSTGRES_DB: 'centralita' })
        .withExposedPorts(5432)
        // It starts twice: once for itself while it makes the database, then for everyone.
        .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
        .start(),
      new GenericContainer('redis:7')
        .withExposedPorts(6379)
        .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
        .start(),
    ]);
    containers.push(postgres, redis);
    databaseUrl = `postgres://centralita:secret@${postgres.getHost()}:${postgres.getMappedPort(5432)}/centralita`;
    redisUrl = `redis://${redis.getHost()}:${redis.getMappedPort(6379)}`;
  }, 180_000);

  afterAll(async () => {
    for (const container of containers) await container.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('cti-server makes its tables and becomes ready', async () => {
    const port = await freePort();
    const server = await startNodePart({
      name: 'cti-server',
      script: ['cti-server/src/main.ts'],
      logFile: join(folder, 'cti-server.log'),
      readyUrl: `http://127.0.0.1:${port}/healthz`,
      env: {
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        HTTP_PORT: String(port),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        TELEPHONY: 'simulated',
        DEMO_MODE: 'true',
      },
    });
    try {
      expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    } finally {
      await server.stop();
    }
  }, 60_000);
});
