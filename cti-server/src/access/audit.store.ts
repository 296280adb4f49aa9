import { and, desc, eq, inArray, lt, or, type SQL } from 'drizzle-orm';
import { auditLog, userTeams } from '../db/index.ts';
import type { Viewer } from '../platform/viewer.ts';
import type { Connection, Database } from './access.store.ts';
import type { AuditChanges } from './audit-rules.ts';

/** Adds a line to the audit; on the transaction of the change itself, so that neither is there without the other. */
export async function recordAudit(
  connection: Connection,
  nowMs: number,
  viewer: Pick<Viewer, 'userId' | 'name'> | null,
  action: string,
  recordType: string,
  recordId: string,
  changes: AuditChanges,
): Promise<void> {
  await connection.insert(auditLog).values({
    at: new Date(nowMs),
    userId: viewer?.userId ?? null,
    userName: viewer?.name ?? '',
    action,
    recordType,
    recordId,
    changes,
  });
}

export interface AuditFilter {
  recordType?: string | undefined;
  recordId?: string | undefined;
  userId?: string | undefined;
  /** Only lines older than this one. */
  beforeId?: number | undefined;
}

/** The newest lines first, as far as the viewer's scope goes: what oneself did, what one's teams did, or all. */
export async function listAudit(database: Database, viewer: Viewer, filter: AuditFilter, limit: number) {
  return database
    .select()
    .from(auditLog)
    .where(
      and(
        inScope(database, viewer),
        filter.recordType === undefined ? undefined : eq(auditLog.recordType, filter.recordType),
        filter.recordId === undefined ? undefined : eq(auditLog.recordId, filter.recordId),
        filter.userId === undefined ? undefined : eq(auditLog.userId, filter.userId),
        filter.beforeId === undefined ? undefined : lt(auditLog.id, filter.beforeId),
      ),
    )
    .orderBy(desc(auditLog.id))
    .limit(limit);
}

function inScope(database: Database, viewer: Viewer): SQL | undefined {
  if (viewer.scope === 'all') return undefined;
  const own = eq(auditLog.userId, viewer.userId);
  if (viewer.scope === 'own' || viewer.teamIds.length === 0) return own;
  const teamMates = database.select({ userId: userTeams.userId }).from(userTeams).where(inArray(userTeams.teamId, [...viewer.teamIds]));
  return or(own, inArray(auditLog.userId, teamMates));
}
