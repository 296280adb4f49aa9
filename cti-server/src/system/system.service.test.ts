import { hostname } from 'node:os';
import process from 'node:process';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import type { Clock } from '../platform/clock.ts';
import type { ProcessesStore, ProcessRecord } from './processes.store.ts';
import { SystemService } from './system.service.ts';

const now = Date.UTC(2026, 0, 5, 9, 0, 0);
const clock: Clock = { now: () => now, setTimer: () => ({ cancel: () => undefined }) };
const record = (one: Partial<ProcessRecord> & { id: string }): ProcessRecord => ({
  name: 'cti-server',
  host: hostname(),
  pid: process.pid,
  startedAtMs: now - 60_000,
  seenAtMs: now - 3_000,
  detail: '',
  ...one,
});

/** Keeps in memory what the table `processes` keeps. */
function memoryStore(...rows: ProcessRecord[]): ProcessesStore {
  return {
    beat: async (self, nowMs) => {
      rows = [...rows.filter((row) => row.id !== self.id), { ...self, seenAtMs: nowMs }];
    },
    leave: async (id) => {
      rows = rows.filter((row) => row.id !== id);
    },
    list: async () => rows,
    ping: async () => undefined,
  };
}

const started: SystemService[] = [];
let peers = 0;
async function start(serverId: string, store: ProcessesStore): Promise<SystemService> {
  const system = new SystemService({
    serverId,
    store,
    clock,
    logger: pino({ level: 'silent' }),
    lines: () => [],
    pingRedis: null,
    movesWaitingSinceMs: () => null,
    onPeers: (count) => {
      peers = count;
    },
    onBeat: () => undefined,
  });
  await system.start();
  started.push(system);
  return system;
}
afterEach(async () => {
  for (const system of started.splice(0)) await system.stop();
});

describe('a server that starts again', () => {
  test('knows at once that the one before is dead when it has its process id, as in a container', async () => {
    const system = await start('second', memoryStore(record({ id: 'first' })));
    expect(await system.deadServers()).toEqual(['first']);
    expect(peers).toBe(0);
  });

  test('takes neither a server of another machine nor one that runs beside it for dead', async () => {
    const store = memoryStore(record({ id: 'elsewhere', host: 'another-machine' }));
    await start('beside', store);
    const system = await start('second', store);
    expect(await system.deadServers()).toEqual([]);
    expect(peers).toBe(2);
  });

  test('is healthy although the one before was killed, once that is known to be gone', async () => {
    const system = await start('second', memoryStore(record({ id: 'first', seenAtMs: now - 20_000 })));
    expect(await system.status()).toMatchObject({ ok: true });
  });

  test('still tells of a process that nobody has replaced', async () => {
    const system = await start('second', memoryStore(record({ id: 'worker', name: 'dialer', seenAtMs: now - 20_000 })));
    const { ok, parts } = await system.status();
    expect(ok).toBe(false);
    expect(parts).toContainEqual(expect.objectContaining({ name: 'dialer', state: 'down' }));
  });
});
