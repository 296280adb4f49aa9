import { randomUUID } from 'node:crypto';
import { type Right, rights } from '../contracts/index.ts';
import { users } from '../db/index.ts';
import { createTestDatabase } from '../db/testing.ts';
import type { Clock } from '../platform/clock.ts';
import { createHttp, csrfHeader, sessionCookie } from '../platform/http.ts';
import { createLogger } from '../platform/logger.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Audit } from './audit.ts';
import { noPeers } from '../platform/bus.ts';
import { competitors } from './competitors/index.ts';
import { contactDeclaration, createCustomers, customerDeclaration } from './customers/index.ts';
import { createPhoneBook, sharedNumberDeclaration } from './phone-book/index.ts';
import { createRecords } from './records/index.ts';
import { createTickets, ticketDeclaration } from './tickets/index.ts';
import { createTimeline } from './timeline/index.ts';

export interface Answer<T> {
  status: number;
  body: T;
}
export interface Refused {
  error: { code: string; message: string; field?: string; details?: Record<string, unknown> };
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The whole CRM over a database of its own, asked over HTTP. The clock goes on by a second with each look. */
export async function startCrm() {
  const testDatabase = await createTestDatabase();
  const { database } = testDatabase;
  let nowMs = Date.UTC(2026, 0, 5, 9);
  const clock: Clock = { now: () => (nowMs += 1_000), setTimer: () => ({ cancel() {} }) };
  const audited: { action: string; recordType: string; recordId: string; changes: Record<string, { old: unknown; new: unknown }> }[] = [];
  const audit: Audit = {
    record: (_connection, _viewer, action, recordType, recordId, changes) => {
      audited.push({ action, recordType, recordId, changes });
      return Promise.resolve();
    },
  };
  const viewers = new Map<string, Viewer>();
  async function signIn(name: string, allowed: readonly Right[] = rights): Promise<Viewer> {
    const userId = randomUUID();
    await database.insert(users).values({ id: userId, login: name, name, passwordHash: 'none' });
    const viewer: Viewer = { userId, sessionId: randomUUID(), login: name, name, locale: 'es', rights: new Set(allowed), scope: 'all', recordRights: { '*': { read: 'all', create: 'all', change: 'all', delete: 'all', import: 'all', export: 'all', configure: 'all' } }, teamIds: [], roleIds: [], csrfToken: 'csrf' };
    viewers.set(name, viewer);
    return viewer;
  }
  const ana = await signIn('Ana');

  const timeline = createTimeline({ database, clock });
  const config = { defaultCountry: 'ES', fieldKey: 'a key for tests alone, thirty-two letters' };
  const engine = await createRecords({
    ...{ database, clock, audit, config, bus: noPeers },
    declarations: [customerDeclaration({ timeline }), contactDeclaration, ticketDeclaration({ timeline }), competitors, sharedNumberDeclaration(config)],
  });
  const { records } = engine;
  const customers = createCustomers({ database, clock, audit, records, config });
  const tickets = createTickets({ database, clock, audit, records, onRules: engine.reload });
  const phoneBook = createPhoneBook({ database, records, stateOf: () => 'ready' });
  const app = await createHttp({
    logger: createLogger('silent'),
    trustProxy: false,
    publicUrl: new URL('http://localhost'),
    connectSources: [],
    resolveViewer: (token) => Promise.resolve(viewers.get(token) ?? null),
  });
  for (const slice of [timeline, customers, tickets, phoneBook]) slice.registerRoutes(app);
  await engine.registerRoutes(app);
  await app.ready();

  async function ask<T>(method: Method, url: string, body?: unknown, as = 'Ana'): Promise<Answer<T>> {
    const answer = await app.inject({
      method,
      url,
      headers: { cookie: `${sessionCookie}=${as}`, [csrfHeader]: 'csrf', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as T };
  }
  return {
    database,
    url: testDatabase.url,
    clock,
    ana,
    audited,
    viewers,
    signIn,
    timeline,
    customers,
    tickets,
    engine,
    app,
    ask,
    get: <T>(url: string, as?: string) => ask<T>('GET', url, undefined, as),
    post: <T>(url: string, body?: unknown, as?: string) => ask<T>('POST', url, body, as),
    patch: <T>(url: string, body?: unknown, as?: string) => ask<T>('PATCH', url, body, as),
    remove: <T>(url: string, as?: string) => ask<T>('DELETE', url, undefined, as),
    async stop() {
      await app.close();
      await testDatabase.drop();
    },
  };
}
export type Crm = Awaited<ReturnType<typeof startCrm>>;
