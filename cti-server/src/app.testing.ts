import { asc, eq, isNull } from 'drizzle-orm';
import { startThrowawayRedis } from '../../launcher/index.ts';
import { type App, startApp } from './app.ts';
import { HurryingClock } from './clock.testing.ts';
import { Console } from './console.testing.ts';
import type { Customer, Queue } from './contracts/index.ts';
import { agents as agentRows, callEvents, calls, type Database } from './db/index.ts';
import { createTestDatabase } from './db/testing.ts';
import { readConfig } from './platform/config.ts';
import { createSimulatedLine, type Faults, type Heard, type OnRing, type SimulatedLine } from './telephony/simulated/index.ts';
import { until } from './until.testing.ts';

export interface HouseOptions {
  /** Jobs and fan-out over a Redis of this house; else over its database. */
  redis?: boolean;
  servers?: number;
  faults?: Faults;
  seed?: number;
  /** Another database than a fresh copy of the run's template: one that the test may take down. */
  database?: { url: string; database: Database; drop(): Promise<void> };
  /** How long the switch takes for a request. */
  requestMs?: number;
  /** How long one spoken prompt lasts. */
  promptMs?: number;
  logLevel?: string;
}

export interface RunningServer {
  app: App;
  url: string;
  port: number;
  line: SimulatedLine;
  clock: ReturnType<HurryingClock['forServer']>;
  isDead: boolean;
}

/** A caller outside, with a leg at the switch. */
export interface Caller {
  legId: string;
  /** The call as the ledger knows it, once it does. */
  callId(): Promise<string>;
  hangsUp(): void;
  hears(): Heard;
}

export interface LedgerLine {
  seq: number;
  kind: string;
  agentId: string | null;
  queueId: string | null;
  customerId: string | null;
  data: Record<string, unknown>;
}

const answersSoon: OnRing = { kind: 'answers', afterMs: 5 };

/**
 * A whole house for tests: cti-server on a database of its own in demo mode, with a simulated switch. Servers can be added, and killed
 * without a farewell; all share the clock and the switch.
 */
export async function openHouse(options: HouseOptions = {}) {
  const clock = new HurryingClock();
  const test = options.database ?? (await createTestDatabase());
  const { database } = test;
  const redis = options.redis ? await startThrowawayRedis() : null;
  const servers: RunningServer[] = [];
  const consoles: Console[] = [];
  const callers: Caller[] = [];

  /** One more server on the same database and the same switch. On the port of a killed one, browsers find it by themselves. */
  const startServer = async (port = 0): Promise<RunningServer> => {
    const ofServer = clock.forServer();
    const first = servers[0]?.line;
    const line = createSimulatedLine({
      lineId: 'main',
      clock,
      promptMs: options.promptMs ?? 40,
      callerRetryMs: 200,
      requestMs: options.requestMs ?? 0,
      seed: options.seed ?? 1,
      faults: options.faults ?? {},
      ...(first ? { sharing: first } : {}),
    });
    const config = readConfig({
      DATABASE_URL: test.url,
      REDIS_URL: redis?.url,
      HTTP_PORT: String(port),
      DEMO_MODE: 'true',
      LOG_LEVEL: options.logLevel ?? 'silent',
      CONSOLE_DIR: 'there-is-no-console',
      SIP_WS_URL: '/sip',
      TELEPHONY: 'simulated',
    });
    const app = await startApp({ config, clock: ofServer, lines: [{ port: line, kind: 'simulated' }] });
    const server = { app, url: app.address, port: Number(new URL(app.address).port), line, clock: ofServer, isDead: false };
    servers.push(server);
    return server;
  };

  /** Ends a server as a power cut would: no farewell, nothing saved, nothing let go. */
  const kill = async (server: RunningServer): Promise<void> => {
    server.isDead = true;
    server.clock.freeze();
    server.line.anotherServerTakesOver();
    const { io } = server.app.realtime;
    const pool = server.app.database.$client;
    const never = (): Promise<never> => new Promise<never>(() => undefined);
    Object.assign(pool, { query: never, connect: never });
    // moves have connections of their own
    Object.assign(server.app.centre.writer, { save: never });
    await Promise.race([io.close(), new Promise((resolve) => setTimeout(resolve, 500))]);
  };

  const living = (): RunningServer => {
    const server = servers.find((one) => !one.isDead);
    if (!server) throw new Error('no server lives');
    return server;
  };

  for (let count = 0; count < (options.servers ?? 1); count++) await startServer();
  const firstLine = (): SimulatedLine => servers[0]?.line ?? living().line;

  const consoleAt = (login: string, server = living()): Console => {
    const made = new Console(login, { url: server.url, line: firstLine(), now: () => clock.now() });
    consoles.push(made);
    return made;
  };
  let admin: Console | null = null;
  const administrator = async (): Promise<Console> => (admin ??= await consoleAt('admin').signIn());

  const house = {
    clock,
    database,
    databaseUrl: test.url,
    redisUrl: redis?.url,
    servers,
    startServer,
    kill,
    living,
    consoleAt,
    administrator,
    get line(): SimulatedLine {
      return firstLine();
    },

    /** An agent of the demo at work: signed in, reachable, ready. */
    agentAt: async (login: string, onRing: OnRing = answersSoon, server = living()): Promise<Console> => (await consoleAt(login, server).signIn()).starts(onRing),

    /** A queue of its own with a number and the agents that serve it. */
    async queue(number: string, logins: readonly string[], fields: Partial<Queue> = {}): Promise<Queue> {
      const boss = await administrator();
      const made = await boss.do<Queue>('POST', '/api/queues', { name: `Queue ${number}`, playGreeting: false, announcePosition: false, ...fields });
      await boss.do('POST', '/api/numbers', { number, queueId: made.id });
      for (const login of logins) await house.assign(login, { queueIds: [made.id] });
      return made;
    },
    /** Gives an agent further queues and skills. */
    async assign(login: string, more: { queueIds?: string[]; skills?: { skillId: string; level: number }[] }): Promise<void> {
      const boss = await administrator();
      const name = login.charAt(0).toUpperCase() + login.slice(1);
      const { items } = await boss.do<{ items: { userId: string; name: string; queueIds: string[]; skills: { skillId: string; level: number }[]; version: number }[] }>('GET', '/api/agent-settings?limit=200');
      const found = items.find((one) => one.name === name);
      if (!found) throw new Error(`no agent ${name}`);
      await boss.do('PUT', `/api/agent-settings/${found.userId}`, {
        queueIds: [...found.queueIds, ...(more.queueIds ?? [])],
        skills: [...found.skills.map(({ skillId, level }) => ({ skillId, level })), ...(more.skills ?? [])],
        version: found.version,
      });
    },
    async customer(name: string, ...numbers: string[]): Promise<Customer> {
      return (await administrator()).do('POST', '/api/customers', { name, phones: numbers.map((number) => ({ number })) });
    },

    /** A caller rings in from outside. */
    rings(toNumber: string, fromNumber = '+34600111222'): Caller {
      const legId = firstLine().arrive({ fromNumber, toNumber });
      const caller: Caller = {
        legId,
        callId: () =>
          until(`the call of ${legId} is in the ledger`, async () => (await database.select().from(calls)).find((row) => (row.state as { customerLegId?: string }).customerLegId === legId)?.id),
        hangsUp: () => firstLine().callerHangsUp(legId),
        hears: () => firstLine().hears(legId),
      };
      callers.push(caller);
      return caller;
    },

    async ledger(callId: string): Promise<LedgerLine[]> {
      return (await database.select().from(callEvents).where(eq(callEvents.callId, callId)).orderBy(asc(callEvents.seq))) as LedgerLine[];
    },
    async kinds(callId: string): Promise<string[]> {
      return (await house.ledger(callId)).map((line) => line.kind);
    },
    /** The call's ledger once it holds an event of this kind. */
    async untilLedger(callId: string, kind: string): Promise<LedgerLine> {
      return until(`${kind} in the ledger`, async () => (await house.ledger(callId)).find((line) => line.kind === kind), async () => (await house.kinds(callId)).join(', '));
    },
    async callRow(callId: string) {
      const [row] = await database.select().from(calls).where(eq(calls.id, callId));
      if (!row) throw new Error('no such call');
      return row;
    },
    async untilEnded(callId: string) {
      return until('the call ended', async () => {
        const row = await house.callRow(callId);
        return row.endedAt ? row : null;
      }, async () => JSON.stringify((await house.callRow(callId)).state));
    },

    /** Everybody hangs up and goes home; fails when a leg, a room or an open call is left. To be run after each test of a shared house. */
    async goHome(): Promise<void> {
      firstLine().setFaults({});
      for (const caller of callers.splice(0)) caller.hangsUp();
      await until('no call is open', async () => (await database.select({ id: calls.id }).from(calls).where(isNull(calls.endedAt))).length === 0, async () =>
        JSON.stringify((await database.select().from(calls).where(isNull(calls.endedAt))).map((row) => row.state)),
      );
      const left = consoles.splice(0).filter((one) => one !== admin);
      for (const one of left) {
        if (one.session === null) continue;
        const desk = await one.ask<import('./contracts/index.ts').Desk>('GET', '/api/desk');
        if (desk.status === 200) {
          for (const wrapUp of [...desk.body.pendingWrapUps, ...(desk.body.wrapUp ? [desk.body.wrapUp] : [])]) {
            await one.ask('POST', `/api/calls/${wrapUp.callId}/wrap-up/complete`, { dispositionId: await one.anyDisposition() });
          }
          await one.ask('DELETE', '/api/session');
        }
        one.close();
        one.deviceGoes();
      }
      if (admin) consoles.push(admin);
      const boss = await administrator();
      for (const row of await database.select().from(agentRows)) {
        const { status } = row.state as { status: { state: string } };
        if (status.state === 'offline') continue;
        await boss.ask('POST', `/api/agents/${row.userId}/free`);
        await boss.ask('POST', `/api/agents/${row.userId}/state`, { state: 'offline' });
      }
      await until('the switch is empty', () => firstLine().inspect().legs.length === 0 && firstLine().inspect().rooms.length === 0, () => JSON.stringify(firstLine().inspect()));
    },

    async close(): Promise<void> {
      for (const one of consoles) one.close();
      for (const server of servers) if (!server.isDead) await server.app.close();
      await redis?.stop();
      await test.drop();
    },
  };
  return house;
}
export type House = Awaited<ReturnType<typeof openHouse>>;

/** Every flow holds over both: `describe.each(fanOuts)`. */
export const fanOuts = [
  { over: 'Postgres', redis: false },
  { over: 'Redis', redis: true },
] as const;
