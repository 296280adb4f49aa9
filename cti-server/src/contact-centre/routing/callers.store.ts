import { sql } from 'drizzle-orm';
import type { Database } from '../../db/index.ts';
import type { CallerFacts } from './needs-rules.ts';

/** What routing may use of a customer: tier, owner, and who talked with them last. Null when there is no such customer. */
export async function readCallerFacts(database: Database, customerId: string): Promise<CallerFacts | null> {
  const { rows } = await database.execute<{ tier: string; ownerId: string | null; agentId: string | null; answeredAtMs: number | null }>(sql`
    select c.tier, c.owner_id as "ownerId", last.agent_id as "agentId", (extract(epoch from last.answered_at) * 1000)::float8 as "answeredAtMs"
    from customers c
    left join lateral (
      select agent_id, answered_at from calls
      where customer_id = c.id and answered_at is not null and agent_id is not null
      order by started_at desc limit 1) last on true
    where c.id = ${customerId} and c.deleted_at is null`);
  const [found] = rows;
  if (!found) return null;
  const { tier, ownerId, agentId, answeredAtMs } = found;
  return {
    tier: tier === 'A' || tier === 'B' || tier === 'C' ? tier : null,
    ownerId,
    lastAgent: agentId === null || answeredAtMs === null ? null : { agentId, answeredAtMs },
  };
}
