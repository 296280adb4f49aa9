import type { auditEntry, auditQuery, Page } from '../contracts/index.ts';
import { z } from 'zod';
import { toInstant } from '../platform/clock.ts';
import type { HttpApp } from '../platform/http.ts';
import type { Viewer } from '../platform/viewer.ts';
import { type AccessOptions, createContext } from './access.context.ts';
import { registerAccessRoutes } from './access.routes.ts';
import type { Connection } from './access.store.ts';
import type { AuditChanges } from './audit-rules.ts';
import { listAudit, recordAudit } from './audit.store.ts';
import { readCursor, toPage } from './cursor.ts';
import { createRoles } from './roles.service.ts';
import { createSessions } from './sessions.service.ts';
import { createSetup } from './setup.service.ts';
import { createTeams } from './teams.service.ts';
import { createUsers } from './users.service.ts';
import { findNames } from './users.store.ts';

const auditPosition = z.int().positive();

/**
 * Users, sessions, roles and rights, and the audit of changes. Holds nothing that another server must know, but for sessions remembered
 * for a few seconds (see session-cache.ts).
 */
export function createAccess(options: AccessOptions) {
  const context = createContext(options);
  const { database, clock, endings } = context;
  const sessions = createSessions(context);
  const setup = createSetup(context, sessions);
  const users = createUsers(context);
  const roles = createRoles(context);
  const teams = createTeams(context);

  const audit = {
    /** Adds a line to the audit, on the transaction of the change itself. `viewer` null is the system. Never give passwords or tokens. */
    record: (connection: Connection, viewer: Pick<Viewer, 'userId' | 'name'> | null, action: string, recordType: string, recordId: string, changes: AuditChanges): Promise<void> =>
      recordAudit(connection, clock.now(), viewer, action, recordType, recordId, changes),

    async list(viewer: Viewer, query: z.output<typeof auditQuery>): Promise<Page<z.output<typeof auditEntry>>> {
      const beforeId = query.cursor === undefined ? undefined : readCursor(query.cursor, auditPosition);
      const rows = await listAudit(database, viewer, { ...query, beforeId }, query.limit + 1);
      const { items, nextCursor } = toPage(rows, query.limit, (row) => row.id);
      return { items: items.map((row) => ({ ...row, id: String(row.id), at: toInstant(row.at.getTime()) })), nextCursor };
    },
  };

  const parts = { sessions, setup, users, roles, teams, audit, isSecure: options.config.publicUrl.protocol === 'https:' };
  return {
    /** Who is behind a cookie's token; null when the session ended. A change on another server is seen within 3 s, one on this server at once. */
    resolveViewer: sessions.resolveViewer,
    registerRoutes: (app: HttpApp): void => registerAccessRoutes(app, parts),
    audit: { record: audit.record },
    /** Told after the fact, by the server where it happened. */
    onSessionEnded: endings.onEnded,
    /** Told when rights, teams, names or activity of users may have changed: sockets have to look again what they may see. */
    onViewersChanged: endings.onViewersChanged,
    /** To be run every minute. Ends the sessions whose time is over. */
    expireSessions: sessions.expire,
    getUserNames: (ids: readonly string[]): Promise<Map<string, string>> => findNames(database, ids),
    firstStart: setup.firstStart,
    setupNeeded: setup.setupNeeded,
    getCompany: setup.getCompany,
  };
}
export type AccessSlice = ReturnType<typeof createAccess>;
