import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../access/audit.store.ts';
import type { CirculationRules, CrmRecord, LeadRoute, LeadRules, RecordRights, RecordScope } from '../../contracts/index.ts';
import { rights } from '../../contracts/index.ts';
import { users } from '../../db/index.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { noPeers } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { createHttp, csrfHeader, sessionCookie } from '../../platform/http.ts';
import { createLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { contactDeclaration, createCustomers, customerDeclaration } from '../customers/index.ts';
import { createRecords } from '../records/index.ts';
import type { Answer } from '../testing.ts';
import { createTimeline } from '../timeline/index.ts';
import { createLeads, leadDeclaration, type LeadsSliceOptions } from './index.ts';

export interface Refused {
  error: { code: string; field?: string; details?: Record<string, unknown> };
}
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** Leads over a database of their own with the audit that people read, asked over HTTP, and a clock that the test sets. */
export async function startLeads(more: Partial<Pick<LeadsSliceOptions, 'usersWithSkills' | 'captcha'>> = {}) {
  const test = await createTestDatabase();
  const { database } = test;
  let nowMs = Date.UTC(2026, 0, 5, 9);
  const clock: Clock = { now: () => nowMs, setTimer: () => ({ cancel() {} }) };
  const audit: Audit = { record: (connection, ...line) => recordAudit(connection, nowMs, ...line) };
  const viewers = new Map<string, Viewer>();
  const signIn = async (name: string, scope: RecordScope = 'own', recordRights?: RecordRights): Promise<Viewer> => {
    const userId = randomUUID();
    await database.insert(users).values({ id: userId, login: name, name, passwordHash: 'none' });
    const may: RecordRights[string] = { read: scope, create: 'all', change: scope, delete: scope, configure: scope === 'all' ? 'all' : 'none' };
    const viewer: Viewer = { userId, sessionId: randomUUID(), login: name, name, locale: 'es', rights: new Set(rights), scope: 'all', recordRights: recordRights ?? { '*': may }, teamIds: [], roleIds: [], csrfToken: 'csrf' };
    viewers.set(name, viewer);
    return viewer;
  };
  const boss = await signIn('Boss', 'all');
  const ana = await signIn('Ana');
  const bruno = await signIn('Bruno');

  const config = { defaultCountry: 'ES', fieldKey: 'a key for tests alone, thirty-two letters', timeZone: 'Europe/Madrid', publicUrl: new URL('http://localhost') };
  const timeline = createTimeline({ database, clock });
  const engine = await createRecords({ ...{ database, clock, audit, config, bus: noPeers }, declarations: [customerDeclaration({ timeline }), contactDeclaration, leadDeclaration(config)] });
  const { records } = engine;
  const customers = createCustomers({ database, clock, audit, records, config });
  const leads = await createLeads({ database, clock, audit, records, timeline, config, logger: createLogger('silent'), ...more });
  const app = await createHttp({
    logger: createLogger('silent'),
    trustProxy: false,
    publicUrl: config.publicUrl,
    connectSources: [],
    resolveViewer: (token) => Promise.resolve(viewers.get(token) ?? null),
  });
  for (const slice of [timeline, customers, leads]) slice.registerRoutes(app);
  await engine.registerRoutes(app);
  await app.ready();

  async function ask<T>(method: Method, url: string, body?: unknown, as = 'Boss'): Promise<Answer<T>> {
    const answer = await app.inject({
      method,
      url,
      headers: { cookie: `${sessionCookie}=${as}`, [csrfHeader]: 'csrf', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as T };
  }
  const get = <T>(url: string, as?: string) => ask<T>('GET', url, undefined, as);
  const post = <T>(url: string, body?: unknown, as?: string) => ask<T>('POST', url, body, as);
  return {
    ...{ database, engine, records, customers, leads, app, boss, ana, bruno, signIn, ask, get, post },
    now: () => nowMs,
    /** Lets time pass, in hours. */
    pass: (hours: number) => void (nowMs += hours * 3_600_000),
    /** A lead as somebody makes it; the pool's when the owner is null. */
    async make(fields: Record<string, unknown> = {}, ownerId: string | null = null, as = 'Boss'): Promise<CrmRecord> {
      const { status, body } = await post<CrmRecord>('/api/records/lead', { fields: { name: 'Someone', ...fields }, ownerId }, as);
      if (status !== 201) throw new Error(`${String(status)} ${JSON.stringify(body)}`);
      return body;
    },
    async rule(circulation: Partial<CirculationRules>, routes: Partial<LeadRoute>[] = [], assignAtCapture = false): Promise<LeadRules> {
      const { version } = (await get<LeadRules>('/api/lead-rules')).body;
      const { status, body } = await ask<LeadRules>('PUT', '/api/lead-rules', { circulation, routes: routes.map((route) => ({ id: randomUUID(), name: 'route', ...route })), assignAtCapture, version });
      if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`);
      return body;
    },
    read: async (id: string, as?: string): Promise<CrmRecord> => (await get<CrmRecord>(`/api/records/lead/${id}`, as)).body,
    async stop() {
      await app.close();
      await test.drop();
    },
  };
}
export type LeadsHouse = Awaited<ReturnType<typeof startLeads>>;
