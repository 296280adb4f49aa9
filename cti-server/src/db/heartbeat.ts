import { and, eq, lt, ne } from 'drizzle-orm';
import type { Database } from './open.ts';
import { processes } from './schema/index.ts';

/** A process that has not been seen for this long counts as dead. */
export const processDeadAfterMs = 8_000;
const forgetAfterMs = 24 * 3600_000;

export interface ProcessRecord {
  id: string;
  name: string;
  host: string;
  pid: number;
  startedAtMs: number;
  seenAtMs: number;
  detail: string;
}

/** Says that this process lives. To be called every two seconds or so; forgets processes that are long gone. */
export async function beat(database: Database, self: Omit<ProcessRecord, 'seenAtMs'>, nowMs: number): Promise<void> {
  const row = { name: self.name, host: self.host, pid: self.pid, startedAt: new Date(self.startedAtMs), seenAt: new Date(nowMs), detail: self.detail };
  await database
    .insert(processes)
    .values({ id: self.id, ...row })
    .onConflictDoUpdate({ target: processes.id, set: row });
  await database.delete(processes).where(and(ne(processes.id, self.id), lt(processes.seenAt, new Date(nowMs - forgetAfterMs))));
}

/** Says that this process is gone, on an orderly stop. */
export async function leave(database: Database, id: string): Promise<void> {
  await database.delete(processes).where(eq(processes.id, id));
}

export async function listProcesses(database: Database): Promise<ProcessRecord[]> {
  const rows = await database.select().from(processes);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    host: row.host,
    pid: row.pid,
    startedAtMs: row.startedAt.getTime(),
    seenAtMs: row.seenAt.getTime(),
    detail: row.detail,
  }));
}
