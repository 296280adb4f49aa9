/**
 * The whole house for one test file: a real Asterisk, a real Postgres, cti-server as a process of its own, the built console in a headless
 * Chromium with a tone for a microphone, and sipp for the outside world. `close` ends all of it.
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import type { TestContext } from 'vitest';
import type { Queue } from '../cti-server/src/contracts/index.ts';
import { migrateDatabase, openDatabase, type Database } from '../cti-server/src/db/index.ts';
import { createTestDatabase } from '../cti-server/src/db/testing.ts';
import {
  buildConsole,
  findChromium,
  findSipp,
  startAsterisk,
  startCentralita,
  startThrowawayPostgres,
  type RunningAsterisk,
  type RunningCentralita,
  type RunningPostgres,
  type Tool,
} from '../launcher/index.ts';
import { signIn, type Api } from './api.ts';
import { openCaller, type Caller, type CallerOptions } from './caller.ts';
import { openDesk, type DeskPage } from './desk-page.ts';
import { wavTone } from './levels.ts';
import { lastCallOf, type LedgerCall } from './ledger.ts';
import { openObserver, type Observer } from './observer.ts';

export const demoPassword = 'demo-centralita';
/** What the fake microphone of every browser says. */
export const microphoneHz = 700;

export interface HouseOptions {
  /** A Postgres of this house alone, which the test may stop and start. */
  ownPostgres?: boolean;
  /** False: no browser is started. */
  browser?: boolean;
  /** Greetings and announcements as in the demo; otherwise off, because most tests need not hear them. */
  announcements?: boolean;
  /** Asterisk is installed but not running at first. */
  asteriskAway?: boolean;
  /** Calls to the outside go to this port of 127.0.0.1, where a test's sipp answers. */
  trunkPort?: number;
}

export interface House {
  readonly asterisk: RunningAsterisk;
  readonly server: RunningCentralita;
  readonly postgres: RunningPostgres | null;
  readonly database: Database;
  readonly sipp: Tool;
  readonly admin: Api;
  readonly observer: Observer;
  /** A caller from the outside; hangs up at the end of {@link House.tidyUp}. */
  rings(options?: Partial<CallerOptions>): Promise<Caller>;
  /** A new browser window of its own, signed in to nothing yet. */
  openDesk(options?: Parameters<typeof openDesk>[2]): Promise<DeskPage>;
  api(login: string): Promise<Api>;
  /** Makes a customer that callers can be. */
  customer(name: string, number: string): Promise<{ id: string; name: string; number: string }>;
  changeQueue(name: string, change: Partial<Queue>): Promise<void>;
  /** The last call of this number as the ledger has it. */
  callOf(number: string): Promise<LedgerCall>;
  /**
   * Ends every caller. What a failed test has left on its screens and in the logs is
   * kept in test-results.
   */
  tidyUp(test?: TestContext): Promise<void>;
  close(): Promise<void>;
}

const queueOf900 = 'Atención al cliente';
export { queueOf900 };

/** Each file takes sound ports of its own, in case something of the last one has not ended yet. */
const rtpFirst = 41_000 + (process.pid % 6) * 1000;

export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'centralita-e2e-'));
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const [sipp] = await Promise.all([findSipp(), buildConsole()]);
    const { url: databaseUrl, database, postgres, close: closeDatabase } = await openDatabaseFor(options.ownPostgres ?? false);
    closers.push(closeDatabase);
    const asterisk = await startAsterisk({ folder: join(folder, 'asterisk'), rtpPorts: [rtpFirst, rtpFirst + 999], ...(options.trunkPort === undefined ? {} : { trunkPeers: [`127.0.0.1:${String(options.trunkPort)}`] }) });
    closers.push(() => asterisk.stop());
    if (options.asteriskAway) await asterisk.stop();
    const server = await startCentralita({ databaseUrl, asterisk, folder, env: { SIP_PORT: String(asterisk.sipPort) } });
    closers.push(() => server.stop());
    const browser = options.browser === false ? null : await startBrowser(folder);
    if (browser) closers.push(() => browser.close());
    const admin = await signIn(server.url, 'admin', demoPassword);
    const observer = options.asteriskAway ? absentObserver : await openObserver(asterisk);

    const callers = new Set<Caller>();
    const desks = new Set<DeskPage>();
    const house: House = {
      asterisk,
      server,
      postgres,
      database,
      sipp,
      admin,
      observer,
      async rings(more = {}) {
        const caller = await openCaller({ sipp, switchPort: asterisk.sipPort, ...more });
        callers.add(caller);
        return caller;
      },
      async openDesk(more = {}) {
        if (!browser) throw new Error('This house was opened without a browser.');
        const desk = await openDesk(browser, server.url, more);
        desks.add(desk);
        return desk;
      },
      api: (login) => signIn(server.url, login, demoPassword),
      async customer(name, number) {
        const made = await admin.send<{ id: string }>('POST', '/api/customers', { name, phones: [{ number }] });
        return { id: made.id, name, number };
      },
      async changeQueue(name, change) {
        const queues = await admin.get<{ items: Queue[] }>('/api/queues');
        const queue = queues.items.find((one) => one.name === name);
        if (!queue) throw new Error(`There is no queue ${name}.`);
        await admin.send('PATCH', `/api/queues/${queue.id}`, { ...change, version: queue.version });
      },
      callOf: (number) => lastCallOf(database, number),
      async tidyUp(test) {
        if (test?.task.result?.state === 'fail') await keepTraces(test.task.name, [...desks].filter((desk) => !desk.page.isClosed()), { server: server.logFile, asterisk: asterisk.logFile });
        for (const caller of callers) await caller.close();
        callers.clear();
      },
      async close() {
        await house.tidyUp();
        for (const desk of desks) await desk.close();
        await closeAll(closers);
      },
    };
    if (!options.announcements) await house.changeQueue(queueOf900, { playGreeting: false, announcePosition: false });
    return house;
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Where Asterisk is not there at first, it is looked at by the server's own words. */
const absentObserver: Observer = {
  channels: () => Promise.reject(new Error('Asterisk was away when this house was opened.')),
  bridges: () => Promise.reject(new Error('Asterisk was away when this house was opened.')),
  holdsNothing: () => Promise.reject(new Error('Asterisk was away when this house was opened.')),
};

async function keepTraces(name: string, desks: DeskPage[], logs: Record<string, string>): Promise<void> {
  const folder = join('test-results', name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80));
  await mkdir(folder, { recursive: true });
  for (const [index, desk] of desks.entries()) {
    await desk.page.screenshot({ path: join(folder, `screen-${String(index + 1)}.png`) }).catch(() => undefined); // the window may be gone: then the logs must do
    await writeFile(join(folder, `console-${String(index + 1)}.log`), desk.said().join('\n'));
  }
  for (const [of, file] of Object.entries(logs)) await copyFile(file, join(folder, `${of}.log`)).catch(() => undefined); // a part that never started has none
}

async function closeAll(closers: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function openDatabaseFor(own: boolean): Promise<{ url: string; database: Database; postgres: RunningPostgres | null; close(): Promise<unknown> }> {
  if (!own) {
    const made = await createTestDatabase();
    return { url: made.url, database: made.database, postgres: null, close: () => made.drop() };
  }
  const postgres = await startThrowawayPostgres();
  await migrateDatabase(postgres.url);
  const database = openDatabase(postgres.url, {
    applicationName: 'test',
    onError: () => {
      // The test stops this Postgres on purpose; the query that was running tells of it.
    },
  });
  const close = async (): Promise<void> => {
    await database.$client.end();
    await postgres.stop();
  };
  return { url: postgres.url, database, postgres, close };
}

async function startBrowser(folder: string): Promise<Browser> {
  const { program, env } = await findChromium();
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, wavTone(microphoneHz, 2));
  return chromium.launch({
    executablePath: program,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
