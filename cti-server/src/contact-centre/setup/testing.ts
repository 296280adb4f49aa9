import { auditLog, roles, sessions, userRoles, users, userTeams, teams } from '../../db/index.ts';
import { createTestDatabase } from '../../db/testing.ts';
import { noPeers } from '../../platform/bus.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { createHttp, type HttpApp } from '../../platform/http.ts';
import { newId } from '../../platform/ids.ts';
import { createLogger, silentLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Right, Scope } from '../../contracts/index.ts';
import { createDirectory, type Directory } from '../directory/index.ts';
import type { SetupDependencies } from './setup-records.ts';

export interface Answer {
  status: number;
  /** Parsed JSON; null for an empty body. */
  body: unknown;
}

/**
 * A house for flow tests: a database of its own, the web server with the routes under test, and people who can send requests. The audit
 * is written to the real table.
 */
export async function openTestHouse(clock: Clock = systemClock) {
  const test = await createTestDatabase();
  const { database } = test;
  const viewers = new Map<string, Viewer>();
  const http = await createHttp({
    logger: createLogger('silent'),
    trustProxy: false,
    publicUrl: new URL('http://127.0.0.1:1'),
    connectSources: [],
    resolveViewer: (token) => Promise.resolve(viewers.get(token) ?? null),
  });
  const directory: Directory = createDirectory({ database, bus: noPeers, logger: silentLogger, clock });
  await directory.load();
  const dependencies: SetupDependencies = {
    database,
    directory,
    clock,
    audit: {
      async record(connection, viewer, action, recordType, recordId, changes) {
        await connection
          .insert(auditLog)
          .values({ at: new Date(clock.now()), userId: viewer.userId, userName: viewer.name, action, recordType, recordId, changes });
      },
    },
  };

  /** A user in the database, with a session of their own. */
  async function addUser(
    name: string,
    options: { rights: readonly Right[]; scope?: Scope; teamIds?: readonly string[]; active?: boolean },
  ): Promise<Viewer> {
    const { rights, scope = 'all', teamIds = [], active = true } = options;
    const [userId, roleId, sessionId] = [newId(clock.now()), newId(clock.now()), newId(clock.now())];
    await database.insert(users).values({ id: userId, login: name.toLowerCase().replaceAll(' ', '.'), name, passwordHash: '-', active });
    await database.insert(roles).values({ id: roleId, name: `role of ${userId}`, rights: [...rights], scope });
    await database.insert(userRoles).values({ userId, roleId });
    if (teamIds.length > 0) await database.insert(userTeams).values(teamIds.map((teamId) => ({ userId, teamId })));
    const now = new Date(clock.now());
    const expiresAt = new Date(clock.now() + 3_600_000);
    await database
      .insert(sessions)
      .values({ id: sessionId, tokenHash: sessionId, csrfToken: 'csrf', userId, createdAt: now, seenAt: now, expiresAt });
    const viewer: Viewer = {
      userId,
      sessionId,
      login: name,
      name,
      locale: 'es',
      rights: new Set(rights),
      recordRights: {},
      scope,
      teamIds,
      roleIds: [],
      csrfToken: 'csrf',
    };
    viewers.set(sessionId, viewer);
    await directory.changed();
    return viewer;
  }

  async function addTeam(name: string): Promise<string> {
    const id = newId(clock.now());
    await database.insert(teams).values({ id, name });
    return id;
  }

  /** Sends a request as this person, or as nobody. */
  async function send(
    viewer: Viewer | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ): Promise<Answer> {
    const answer = await http.inject({
      method,
      url,
      headers: viewer ? { 'x-csrf-token': viewer.csrfToken } : {},
      cookies: viewer ? { centralita_session: viewer.sessionId } : {},
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : (JSON.parse(answer.body) as unknown) };
  }

  return {
    database,
    url: test.url,
    http: http as HttpApp,
    directory,
    dependencies,
    addUser,
    addTeam,
    send,
    async close() {
      await http.close();
      await test.drop();
    },
  };
}
export type TestHouse = Awaited<ReturnType<typeof openTestHouse>>;

/** What a refusal says, for `expect(answer).toMatchObject(refused(…))`. */
export const refused = (status: number, code: string, field?: string) => ({
  status,
  body: { error: { code, ...(field === undefined ? {} : { field }) } },
});

/** The body as a record of the named shape; a test reads its fields. */
export const bodyOf = <T>(answer: Answer): T => answer.body as T;
