import { sql } from 'drizzle-orm';
import type { Database } from '../../db/index.ts';
import type { AgentTally } from './agent-tallies.ts';

/** The tallies of the day so far, from the ledger. Offers are looked for no further back than a week. */
export async function readTallies(database: Database, dayStartMs: number): Promise<AgentTally[]> {
  const dayStart = new Date(dayStartMs).toISOString();
  const { rows } = await database.execute<{ agentId: string; callsToday: number; lastOfferedAtMs: number }>(sql`
    select agent_id as "agentId",
      (count(*) filter (where kind = 'agentAnswered' and at >= ${dayStart}))::int as "callsToday",
      coalesce(extract(epoch from max(at) filter (where kind = 'callOffered')) * 1000, 0)::float8 as "lastOfferedAtMs"
    from call_events
    where at >= ${dayStart}::timestamptz - interval '7 days' and agent_id is not null and kind in ('agentAnswered', 'callOffered')
    group by agent_id`);
  return rows;
}
