/** Puts a contact centre into an empty database: agents, one queue, one number, customers who call. */
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Right } from '../cti-server/src/contracts/index.ts';
import { bulkNumber, fillWithBulkCustomers } from '../cti-server/src/crm/bulk-customers.ts';
import { newId } from '../cti-server/src/platform/ids.ts';

export interface SeedOptions {
  databaseUrl: string;
  /** Agents at desk phones with these accounts, ready from the start. They have no account of ours at the switch: its configuration knows them. */
  deskPhones: readonly string[];
  /** Agents who will sit at a browser. */
  browsers?: number;
  supervisors?: number;
  dialled: string;
  customers: number;
}

/** Somebody who is signed in already: a sign-in takes its time on purpose. */
export interface SignedIn {
  userId: string;
  name: string;
  /** Value of the cookie `centralita_session`. */
  token: string;
}

export interface Seeded {
  queueId: string;
  /** Those at desk phones first, then those at browsers. */
  agents: SignedIn[];
  supervisors: SignedIn[];
}

/** The database must have its schema. Call it before cti-server starts: it reads agents and queues at its start. */
export async function seedContactCentre(options: SeedOptions): Promise<Seeded> {
  const now = Date.now();
  const client = new pg.Client({ connectionString: options.databaseUrl });
  await client.connect();
  const queueId = newId(now);
  const addRole = async (name: string, rights: Right[], scope: string): Promise<string> => {
    const id = newId(now);
    await client.query('insert into roles (id, name, rights, scope) values ($1, $2, $3, $4)', [id, name, rights, scope]);
    return id;
  };
  const addUser = async (name: string, roleId: string): Promise<SignedIn> => {
    const userId = newId(now);
    const token = randomBytes(32).toString('base64url');
    await client.query("insert into users (id, login, name, password_hash) values ($1, $2, $3, '-')", [userId, name.replaceAll(' ', '-').toLowerCase(), name]);
    await client.query('insert into user_roles (user_id, role_id) values ($1, $2)', [userId, roleId]);
    await client.query(
      'insert into sessions (id, token_hash, csrf_token, user_id, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)',
      [newId(now), createHash('sha256').update(token).digest('base64url'), randomBytes(32).toString('base64url'), userId, new Date(now), new Date(now + 12 * 3_600_000)],
    );
    return { userId, name, token };
  };
  try {
    await client.query('begin');
    const agentRole = await addRole('bench agent', ['calls.take', 'customers.read', 'customers.manage', 'tickets.read', 'tickets.manage'], 'own');
    const supervisorRole = await addRole('bench supervisor', ['floor.read'], 'all');
    await client.query(
      `insert into queues (id, name, priority, language, play_greeting, announce_position, announce_every_seconds, ring_timeout_seconds,
         max_wait_seconds, short_abandon_seconds, service_level_seconds, wrap_up_seconds, active)
       values ($1, 'bench', 5, 'es', false, false, 60, 20, null, 5, 20, 0, true)`,
      [queueId],
    );
    await client.query("insert into numbers (id, number, label, queue_id, active) values ($1, $2, 'bench', $3, true)", [newId(now), options.dialled, queueId]);
    const agents: SignedIn[] = [];
    const addAgent = async (endpoint: string | null): Promise<void> => {
      const index = agents.length;
      const agent = await addUser(`Agent ${index}`, agentRole);
      agents.push(agent);
      await client.query('insert into agent_settings (user_id, extension) values ($1, $2)', [agent.userId, endpoint?.replace(/^desk-/, '') ?? null]);
      await client.query('insert into queue_agents (queue_id, user_id) values ($1, $2)', [queueId, agent.userId]);
      if (endpoint === null) return;
      const status = { state: 'ready', sinceMs: now + index, idleSinceMs: now + index };
      const ready = { id: agent.userId, version: 1, status, nextState: null, device: 'deskPhone', deviceTabId: null, endpoint };
      await client.query('insert into agents (user_id, version, state) values ($1, 1, $2)', [agent.userId, JSON.stringify(ready)]);
    };
    for (const endpoint of options.deskPhones) await addAgent(endpoint);
    for (let i = 0; i < (options.browsers ?? 0); i++) await addAgent(null);
    const supervisors: SignedIn[] = [];
    for (let i = 0; i < (options.supervisors ?? 0); i++) supervisors.push(await addUser(`Supervisor ${i}`, supervisorRole));
    await client.query('commit');
    if (options.customers > 0) await fillWithBulkCustomers(options.databaseUrl, { count: options.customers, now });
    return { queueId, agents, supervisors };
  } finally {
    await client.end();
  }
}

/** Numbers of customers from the one with this index on. */
export function customersFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => bulkNumber(first + index));
}

export interface LedgerCounts {
  arrived: number;
  answered: number;
  ended: number;
}

/** What the ledger says of the calls since an instant. */
export async function ledgerSince(databaseUrl: string, sinceMs: number): Promise<LedgerCounts> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<LedgerCounts>(
      `select count(*) filter (where kind = 'callArrived')::int as arrived, count(*) filter (where kind = 'agentAnswered')::int as answered,
              count(*) filter (where kind = 'callEnded')::int as ended
       from call_events where at >= $1`,
      [new Date(sinceMs)],
    );
    return rows[0] ?? { arrived: 0, answered: 0, ended: 0 };
  } finally {
    await client.end();
  }
}
