import { inArray } from 'drizzle-orm';
import { agents, type Database } from '../../db/index.ts';
import type { Agent } from './agent-machine.ts';

export interface AgentsStore {
  all(): Promise<Agent[]>;
  some(ids: readonly string[]): Promise<Agent[]>;
}

export function createAgentsStore(database: Database): AgentsStore {
  const read = (row: { version: number; state: unknown }): Agent => ({ ...(row.state as Agent), version: row.version });
  return {
    all: async () => (await database.select().from(agents)).map(read),
    some: async (ids) => (ids.length === 0 ? [] : (await database.select().from(agents).where(inArray(agents.userId, [...ids]))).map(read)),
  };
}

