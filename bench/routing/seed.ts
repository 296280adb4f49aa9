/** Puts a contact centre into an empty database: agents who are ready at their desk phones, one queue, one number, customers who call. */
import pg from 'pg';
import { bulkNumber, fillWithBulkCustomers } from '../../cti-server/src/crm/bulk-customers.ts';
import { newId } from '../../cti-server/src/platform/ids.ts';

export interface SeedOptions {
  databaseUrl: string;
  endpoints: readonly string[];
  dialled: string;
  customers: number;
}

/** The database must have its schema. The desk phones have no account of ours at the switch: they stand in its configuration. */
export async function seedContactCentre(options: SeedOptions): Promise<void> {
  const now = Date.now();
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    const queueId = newId(now);
    const roleId = newId(now);
    await client.query('begin');
    await client.query("insert into roles (id, name, rights, scope) values ($1, 'bench', '{calls.take}', 'own')", [roleId]);
    await client.query(
      `insert into queues (id, name, priority, language, play_greeting, announce_position, announce_every_seconds, ring_timeout_seconds,
         max_wait_seconds, short_abandon_seconds, service_level_seconds, wrap_up_seconds, active)
       values ($1, 'bench', 5, 'es', false, false, 60, 20, null, 5, 20, 0, true)`,
      [queueId],
    );
    await client.query("insert into numbers (id, number, label, queue_id, active) values ($1, $2, 'bench', $3, true)", [newId(now), options.dialled, queueId]);
    for (const [index, endpoint] of options.endpoints.entries()) {
      const userId = newId(now);
      const ready = {
        id: userId,
        version: 1,
        status: { state: 'ready', sinceMs: now + index, idleSinceMs: now + index },
        nextState: null,
        device: 'deskPhone',
        deviceTabId: null,
        endpoint,
      };
      await client.query("insert into users (id, login, name, password_hash) values ($1, $2, $3, '-')", [userId, `bench-${index}`, `Agent ${index}`]);
      await client.query('insert into user_roles (user_id, role_id) values ($1, $2)', [userId, roleId]);
      await client.query('insert into agent_settings (user_id, extension) values ($1, $2)', [userId, endpoint.replace(/^desk-/, '')]);
      await client.query('insert into queue_agents (queue_id, user_id) values ($1, $2)', [queueId, userId]);
      await client.query('insert into agents (user_id, version, state) values ($1, 1, $2)', [userId, JSON.stringify(ready)]);
    }
    await client.query('commit');
  } finally {
    await client.end();
  }
  await fillWithBulkCustomers(options.databaseUrl, { count: options.customers, now });
}

/** Numbers of customers whom nobody called as yet in this run. */
export function customersFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => bulkNumber(first + index));
}

/** What the ledger says of the calls since an instant: how many came, how many were answered and ended, and by how many agents. */
export async function ledgerSince(databaseUrl: string, sinceMs: number): Promise<{ arrived: number; answered: number; ended: number; recognised: number }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ arrived: number; answered: number; ended: number; recognised: number }>(
      `select count(*) filter (where kind = 'callArrived')::int as arrived, count(*) filter (where kind = 'agentAnswered')::int as answered,
              count(*) filter (where kind = 'callEnded')::int as ended, count(*) filter (where kind = 'customerRecognised')::int as recognised
       from call_events where at >= $1`,
      [new Date(sinceMs)],
    );
    return rows[0] ?? { arrived: 0, answered: 0, ended: 0, recognised: 0 };
  } finally {
    await client.end();
  }
}
