import { eq } from 'drizzle-orm';
import { callbackAttempts, calls, customers, queueAgents, queues } from '../../db/index.ts';
import type { Callback, FollowUps, Page, RealtimeEvent } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import { noPeers } from '../../platform/bus.ts';
import { type Clock, systemClock, type Timer } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { TopicSource } from '../../platform/realtime.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { createSimulatedLine } from '../../telephony/simulated/index.ts';
import { createFollowUps } from '../follow-ups.ts';
import { type Answer, openTestHouse, type TestHouse } from '../setup/testing.ts';

/** Stands until it is told to go on; then timers run in their order. */
export class HandClock implements Clock {
  #nowMs = systemClock.now();
  readonly #timers = new Set<{ atMs: number; run: () => void }>();
  now = (): number => this.#nowMs;
  setTimer(ms: number, run: () => void): Timer {
    const timer = { atMs: this.#nowMs + ms, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }
  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = untilMs;
  }
}

/** What is pushed to screens, without sockets: the newest of each person. */
class Screens {
  readonly newest = new Map<string, FollowUps>();
  #source: TopicSource | null = null;
  provide(_topic: string, source: TopicSource): void {
    this.#source = source;
  }
  publish(room: string, _topic: string, event: RealtimeEvent): void {
    if (event.kind === 'followUps') this.newest.set(room, event.followUps);
  }
  hasListeners(room: string): boolean {
    return this.newest.has(room);
  }
  async looksOn(viewer: Viewer): Promise<() => FollowUps> {
    const [room] = this.#source?.rooms(viewer) ?? [];
    const event = await this.#source?.snapshot(viewer);
    if (room === undefined || event?.kind !== 'followUps') throw new Error('no such topic');
    this.newest.set(room, event.followUps);
    return () => this.newest.get(room) ?? event.followUps;
  }
}

/** Callbacks and voicemail over a database of their own, with two queues: Sales (Ana, Bruno) and Service (Lin), and a simulated switch. */
export async function openFollowUpsHouse(options: { bus?: Bus; captcha?: { url: string; secret: string } } = {}, more?: (http: TestHouse['http'], dependencies: TestHouse['dependencies']) => void) {
  const clock = new HandClock();
  const house = await openTestHouse(clock);
  const { database } = house;
  const line = createSimulatedLine({ lineId: 'main', clock });
  line.start();
  const screens = new Screens();
  const history: { customerId: string; voicemailId: string }[] = [];
  const config = { defaultCountry: 'ES', timeZone: 'Europe/Madrid', publicUrl: new URL('http://127.0.0.1:1'), captchaVerifyUrl: options.captcha?.url, captchaSecret: options.captcha?.secret };
  const open = (bus: Bus = options.bus ?? noPeers) =>
    createFollowUps({
      ...{ database, directory: house.directory, audit: house.dependencies.audit, clock, logger: silentLogger, bus, realtime: screens, config },
      heldLines: () => [{ lineId: 'main', port: line }],
      customerExists: async (id) => (await database.select().from(customers).where(eq(customers.id, id))).length > 0,
      recognise: (number) => Promise.resolve(number === '+34600000001' ? { customerId: marta, name: 'Marta' } : null),
      tellHistory: (told) => Promise.resolve(void history.push(told)),
    });
  const marta = newId(clock.now());
  const teams = { sales: await house.addTeam('Sales'), service: await house.addTeam('Service') };
  const agentRights = { rights: ['calls.take'], scope: 'own' } as const;
  const people = {
    ana: await house.addUser('Ana', { ...agentRights, teamIds: [teams.sales] }),
    bruno: await house.addUser('Bruno', { ...agentRights, teamIds: [teams.sales] }),
    lin: await house.addUser('Lin', { ...agentRights, teamIds: [teams.service] }),
    salesHead: await house.addUser('Head', { rights: ['floor.read', 'floor.manage', 'queues.manage'], scope: 'team', teamIds: [teams.sales] }),
    boss: await house.addUser('Boss', { rights: ['floor.read', 'floor.manage', 'queues.manage', 'calls.take'], scope: 'all' }),
    outsider: await house.addUser('Outsider', { rights: ['customers.read'], scope: 'all' }),
  };
  const addQueue = async (name: string, agents: readonly Viewer[]): Promise<string> => {
    const id = newId(clock.now());
    const columns = { language: 'es', playGreeting: false, announcePosition: false, announceEverySeconds: 45, ringTimeoutSeconds: 20, shortAbandonSeconds: 5, serviceLevelSeconds: 20 };
    await database.insert(queues).values({ id, name, priority: 50, active: true, ...columns });
    await database.insert(queueAgents).values(agents.map((agent) => ({ queueId: id, userId: agent.userId })));
    return id;
  };
  const sales = await addQueue('Sales', [people.ana, people.bruno]);
  const service = await addQueue('Service', [people.lin]);
  await house.directory.changed();
  const now = new Date(clock.now());
  await database.insert(customers).values({ id: marta, name: 'Marta', kind: 'person', tier: 'B', notes: '', createdAt: now, updatedAt: now } as typeof customers.$inferInsert);
  const followUps = open();
  followUps.registerRoutes(house.http);
  more?.(house.http, house.dependencies);
  await house.http.ready();

  const soon = (minutes: number): string => new Date(clock.now() + minutes * 60_000).toISOString();
  const send = (viewer: Viewer | null, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Answer> => house.send(viewer, method, `/api${path}`, body);
  return {
    ...house,
    ...{ clock, line, screens, history, followUps, openAnother: open, marta, people, sales, service, send, soon },
    async make(viewer: Viewer, fields: Record<string, unknown> = {}): Promise<Callback> {
      const answer = await send(viewer, 'POST', '/callbacks', { number: '+34600123123', dueAt: soon(10), ...fields });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer));
      return answer.body as Callback;
    },
    list: async (viewer: Viewer, query: string): Promise<Callback[]> => ((await send(viewer, 'GET', `/callbacks?${query}`)).body as Page<Callback>).items,
    read: async (id: string, viewer: Viewer = people.boss): Promise<Callback> => (await send(viewer, 'GET', `/callbacks/${id}`)).body as Callback,
    attempts: (id: string) => database.select().from(callbackAttempts).where(eq(callbackAttempts.callbackId, id)),
    /** A call as the ledger keeps it once it ended. */
    async endedCall(queueId: string, from: string, customerId: string | null = null): Promise<string> {
      const id = newId(clock.now());
      const at = new Date(clock.now());
      await database.insert(calls).values({ id, version: 1, lineId: 'main', state: {}, fromRaw: from, fromE164: from, dialledNumber: '900', queueId, customerId, startedAt: at, endedAt: at } as typeof calls.$inferInsert);
      return id;
    },
  };
}
export type FollowUpsHouse = Awaited<ReturnType<typeof openFollowUpsHouse>>;
