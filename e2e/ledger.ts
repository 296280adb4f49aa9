/** Reads the ledger straight from the database: what reports will be made of. */
import type { Database } from '../cti-server/src/db/index.ts';

export interface LedgerCall {
  id: string;
  outcome: string | null;
  endedBy: string | null;
  customerId: string | null;
  hasEnded: boolean;
  /** Kinds of its events in their order. */
  events: string[];
}

/** The newest call of a number. Throws when there is none. */
export async function lastCallOf(database: Database, number: string): Promise<LedgerCall> {
  const { rows } = await database.$client.query<LedgerCall>(
    `select id, outcome, ended_by as "endedBy", customer_id as "customerId", ended_at is not null as "hasEnded",
            (select coalesce(array_agg(e.kind order by e.seq), '{}') from call_events e where e.call_id = c.id) as events
     from calls c where from_e164 = $1 or from_raw = $1 order by started_at desc limit 1`,
    [number],
  );
  const [call] = rows;
  if (!call) throw new Error(`No call of ${number} is in the ledger.`);
  return call;
}

export interface QueueSums {
  queue: string;
  offered: number;
  answered: number;
  abandoned: number;
  shortAbandoned: number;
  flowedOut: number;
  waiting: number;
}

/** Per queue, counted by SQL from the events; `waiting` from the calls themselves, so that the identity is not true by construction. */
export async function queueSums(database: Database): Promise<QueueSums[]> {
  const { rows } = await database.$client.query<QueueSums>(
    `select q.name as queue,
            (count(*) filter (where e.kind = 'callQueued'))::int as offered,
            (count(*) filter (where e.kind = 'agentAnswered'))::int as answered,
            (count(*) filter (where e.kind = 'callAbandoned' and not (e.data->>'short')::boolean))::int as abandoned,
            (count(*) filter (where e.kind = 'callAbandoned' and (e.data->>'short')::boolean))::int as "shortAbandoned",
            (count(*) filter (where e.kind = 'callFlowedOut'))::int as "flowedOut",
            (select count(*) from calls c where c.queue_id = q.id and c.state->'status'->>'state' in ('waiting', 'ringing'))::int as waiting
     from queues q left join call_events e on e.queue_id = q.id group by q.id, q.name order by q.name`,
  );
  return rows;
}

/** Calls whose events are not numbered 1, 2, 3 … or that do not begin with an arrival or a dialling and, once over, end with exactly one end. */
export async function brokenLedgers(database: Database): Promise<string[]> {
  const { rows } = await database.$client.query<{ fault: string }>(
    `with one as (
       select c.id, c.ended_at, min(e.seq) as first, max(e.seq) as last, count(e.seq) as events,
              count(*) filter (where e.kind in ('callArrived', 'callDialled')) as arrivals, count(*) filter (where e.kind = 'callEnded') as ends,
              max(e.seq) filter (where e.kind = 'callEnded') as end_seq,
              max(e.seq) filter (where e.kind not in ('wrapUpCompleted', 'customerRecognised')) as last_told
       from calls c left join call_events e on e.call_id = c.id group by c.id)
     select id || ': ' || to_jsonb(one)::text as fault from one
     where first is distinct from 1 or last <> events or arrivals <> 1 or ends <> (case when ended_at is null then 0 else 1 end) or (ends = 1 and end_seq <> last_told)`,
  );
  return rows.map((row) => row.fault);
}
