import { sql } from 'drizzle-orm';
import { beat, type Database, leave, listProcesses, processDeadAfterMs, type ProcessRecord } from '../db/index.ts';

export interface ProcessesStore {
  beat(self: Omit<ProcessRecord, 'seenAtMs'>, nowMs: number): Promise<void>;
  leave(id: string): Promise<void>;
  list(): Promise<ProcessRecord[]>;
  ping(): Promise<void>;
}
export { processDeadAfterMs, type ProcessRecord };

export const createProcessesStore = (database: Database): ProcessesStore => ({
  beat: (self, nowMs) => beat(database, self, nowMs),
  leave: (id) => leave(database, id),
  list: () => listProcesses(database),
  ping: async () => {
    await database.execute(sql`select 1`);
  },
});
