import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordExport, RecordRights, Right, Scope } from '../../contracts/index.ts';
import { contactDeclaration, customerDeclaration } from '../../crm/customers/index.ts';
import { createExports } from '../../crm/exports/index.ts';
import { auditList, createLists } from '../../crm/lists/index.ts';
import { createRecords } from '../../crm/records/index.ts';
import { createTimeline } from '../../crm/timeline/index.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { noPeers } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import { createHttp, csrfHeader, sessionCookie } from '../../platform/http.ts';
import { createLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { callList, registerCallHistoryRoutes, stateList } from './index.ts';

export interface CallToMake {
  from?: string | null;
  queueId?: string | null;
  agentId?: string | null;
  customerId?: string | null;
  outcome?: string | null;
  direction?: string;
  startedAtMs: number;
  /** Seconds after the start; null: never. */
  answeredAfter?: number | null;
  endedAfter?: number | null;
}

/** The lists over a database of its own, asked over HTTP by several people. */
export async function startLists() {
  const test = await createTestDatabase();
  const { database } = test;
  let nowMs = Date.UTC(2026, 0, 5, 9);
  const clock: Clock = { now: () => (nowMs += 1_000), setTimer: () => ({ cancel() {} }) };
  const folder = await mkdtemp(join(tmpdir(), 'centralita-lists-'));
  const logger = createLogger('silent');
  const audit = { record: () => Promise.resolve() };
  const engine = await createRecords({
    ...{ database, clock, audit, bus: noPeers, config: { defaultCountry: 'ES', fieldKey: undefined } },
    declarations: [customerDeclaration({ timeline: createTimeline({ database, clock }) }), contactDeclaration],
  });
  const lists = createLists({ database, clock, cipher: engine.cipher, types: engine.types, views: engine.views, declarations: [callList, stateList, auditList] });
  const exports = createExports({ database, clock, logger, audit, records: engine.records, lists, folder });
  const viewers = new Map<string, Viewer>();
  const app = await createHttp({ logger, trustProxy: false, publicUrl: new URL('http://localhost'), connectSources: [], resolveViewer: (token) => Promise.resolve(viewers.get(token) ?? null) });
  lists.registerRoutes(app);
  registerCallHistoryRoutes(app, { database, lists });
  exports.registerRoutes(app);
  await engine.registerRoutes(app);
  await app.ready();

  const run = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> => (await database.$client.query<T & Record<string, unknown>>(text, values)).rows;
  const ask = (method: 'GET' | 'POST', url: string, as: string, body?: unknown) =>
    app.inject({
      ...{ method, url },
      headers: { cookie: `${sessionCookie}=${as}`, [csrfHeader]: 'csrf', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });

  return {
    run,
    database,
    async person(name: string, scope: Scope, rights: readonly Right[], recordRights: RecordRights = {}, teamIds: string[] = []): Promise<string> {
      const userId = randomUUID();
      await run(`insert into users (id, login, name, password_hash) values ($1, $2, $2, 'none')`, [userId, name]);
      for (const teamId of teamIds) await run('insert into user_teams (user_id, team_id) values ($1, $2)', [userId, teamId]);
      viewers.set(name, { userId, sessionId: randomUUID(), login: name, name, locale: 'en', rights: new Set(rights), scope, recordRights, teamIds, roleIds: [], csrfToken: 'csrf' });
      return userId;
    },
    customer: async (name: string): Promise<string> => (await engine.records.create(null, 'customer', { fields: { name } })).id,
    async team(name: string): Promise<string> {
      const id = randomUUID();
      await run('insert into teams (id, name) values ($1, $2)', [id, name]);
      return id;
    },
    async queue(name: string, userIds: readonly string[]): Promise<string> {
      const id = randomUUID();
      await run(
        `insert into queues (id, name, priority, language, play_greeting, announce_position, announce_every_seconds, ring_timeout_seconds, short_abandon_seconds, service_level_seconds, active)
         values ($1, $2, 1, 'es', false, false, 30, 20, 5, 20, true)`,
        [id, name],
      );
      for (const userId of userIds) await run('insert into queue_agents (queue_id, user_id) values ($1, $2)', [id, userId]);
      return id;
    },
    async call({ from = '+34600000001', queueId = null, agentId = null, customerId = null, outcome = null, direction = 'inbound', startedAtMs, answeredAfter = null, endedAfter = null }: CallToMake): Promise<string> {
      const id = randomUUID();
      const at = (seconds: number | null): Date | null => (seconds === null ? null : new Date(startedAtMs + seconds * 1000));
      await run(
        `insert into calls (id, version, line_id, state, from_raw, from_e164, dialled_number, queue_id, customer_id, agent_id, started_at, queued_at)
         values ($1, 1, 'main', jsonb_build_object('direction', $2::text), coalesce($3, ''), $3, '+34910000000', $4, $5, $6, $7, $7)`,
        [id, direction, from, queueId, customerId, agentId, new Date(startedAtMs)],
      );
      // one step after the other, as a call lives
      await run('update calls set answered_at = $2, outcome = $3 where id = $1', [id, at(answeredAfter), outcome]);
      await run('update calls set ended_at = $2 where id = $1', [id, at(endedAfter)]);
      return id;
    },
    async get<T>(url: string, as: string): Promise<{ status: number; body: T }> {
      const answer = await ask('GET', url, as);
      return { status: answer.statusCode, body: answer.json() as T };
    },
    async post<T>(url: string, body: unknown, as: string): Promise<{ status: number; body: T }> {
      const answer = await ask('POST', url, as, body);
      return { status: answer.statusCode, body: answer.json() as T };
    },
    /** The file as text, once it is written. */
    async exported(input: Record<string, unknown>, as: string): Promise<{ status: number; text: string }> {
      const begun = await ask('POST', '/api/exports', as, input);
      if (begun.statusCode !== 202) return { status: begun.statusCode, text: begun.body };
      await exports.idle();
      const { id } = begun.json() as RecordExport;
      return { status: 202, text: (await ask('GET', `/api/exports/${id}/file`, as)).body };
    },
    async stop(): Promise<void> {
      await exports.close();
      await app.close();
      await test.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type ListsHouse = Awaited<ReturnType<typeof startLists>>;
