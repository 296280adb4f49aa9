/**
 * What people wait for all day among millions of customers: a page of a list with two filters and the rights of an agent, a team leader or
 * an administrator; the search box; a customer with ten thousand things in the history. Through the engine's own use cases, beside a bare
 * select by primary key on the same pool.
 */
import { performance } from 'node:perf_hooks';
import { competitors } from '../../cti-server/src/crm/competitors/index.ts';
import { contactDeclaration, createCustomers, customerDeclaration } from '../../cti-server/src/crm/customers/index.ts';
import { createRecords } from '../../cti-server/src/crm/records/index.ts';
import { createTickets, ticketDeclaration } from '../../cti-server/src/crm/tickets/index.ts';
import { createTimeline } from '../../cti-server/src/crm/timeline/index.ts';
import { bulkNumber, fillWithBulkCustomers } from '../../cti-server/src/crm/bulk-customers.ts';
import { migrateDatabase, openDatabase } from '../../cti-server/src/db/index.ts';
import type { RecordFilter, RecordScope } from '../../cti-server/src/contracts/index.ts';
import { noPeers } from '../../cti-server/src/platform/bus.ts';
import { systemClock } from '../../cti-server/src/platform/clock.ts';
import { newId } from '../../cti-server/src/platform/ids.ts';
import type { Viewer } from '../../cti-server/src/platform/viewer.ts';
import { withFolder } from '../folder.ts';
import type { BenchOptions } from '../options.ts';
import { openPostgres } from '../postgres.ts';
import { figure, median, p99, type Figure } from '../results.ts';

const userCount = 1_000;
/** Users in a team; ten teams are a department. */
const teamSize = 20;
const looks = 400;
const warmUps = 40;
const longHistory = 10_000;

const filters: RecordFilter[][] = [
  [{ field: 'tier', op: 'eq', value: 'A' }, { field: 'city', op: 'eq', value: 'avila' }],
  [{ field: 'tier', op: 'in', value: ['A', 'C'] }, { field: 'kind', op: 'eq', value: 'company' }],
  [{ field: 'country', op: 'eq', value: 'TW' }, { field: 'email', op: 'notEmpty' }],
  [{ field: 'city', op: 'eq', value: '北京' }, { field: 'lastContactAt', op: 'empty' }],
  [{ field: 'name', op: 'startsWith', value: 'ines' }, { field: 'tier', op: 'ne', value: 'C' }],
  [{ field: 'company', op: 'contains', value: 'hotel' }, { field: 'country', op: 'eq', value: 'ES' }],
];
const orders = ['-updatedAt', 'name', 'city', '-createdAt'];
const searches = ['Ibáñez', 'sofia nunez', '王小', '北京华信', 'hotel castano', 'oneill', '600123', 'customer77@', 'zuniga victor', '淑芬'];

export function benchRecords(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  return withFolder(options, async (folder, closeLater) => {
    const customers = options.customers ?? 1_000_000;
    const postgres = await openPostgres(options, folder, closeLater);
    await migrateDatabase(postgres.url);
    const database = openDatabase(postgres.url, { max: 4, applicationName: 'bench', onError: () => undefined });
    closeLater(() => database.$client.end());
    const users = await makeUsers(database.$client);
    const timeline = createTimeline({ database, clock: systemClock });
    const parts = { database, clock: systemClock, config: { defaultCountry: 'ES', fieldKey: undefined }, audit: { record: () => Promise.resolve() } };
    const engine = await createRecords({ ...parts, bus: noPeers, declarations: [customerDeclaration({ timeline }), contactDeclaration, ticketDeclaration({ timeline }), competitors] });
    const { records } = engine;
    const crm = createCustomers({ ...parts, records });
    const tickets = createTickets({ ...parts, records });
    tell(`filling the database with ${customers.toLocaleString('en')} customers of ${String(userCount)} users`);
    await fillWithBulkCustomers(postgres.url, { count: customers, now: Date.now(), owners: users });
    const ids = (await database.$client.query<{ id: string }>('select id from customers tablesample system (1) limit 500')).rows.map((row) => row.id);
    const busy = ids[0] ?? '';
    await database.$client.query(
      `insert into timeline_entries (id, customer_id, at, kind, summary, data, ref_id)
       select gen_random_uuid(), $1, now() - i * interval '1 hour', case when i % 3 = 0 then 'note' else 'call' end, 'Entry ' || i, '{"talkSeconds": 61}', case when i % 3 = 0 then null else gen_random_uuid() end
       from generate_series(1, ${String(longHistory)}) i`,
      [busy],
    );
    await database.$client.query('analyze timeline_entries');

    let at = 0;
    const viewer = (scope: RecordScope): Viewer => ({
      ...{ userId: users[(at * 7) % users.length] ?? '', sessionId: '', login: '', name: '', locale: 'es', rights: new Set(), scope: 'all' },
      ...{ recordRights: { '*': { read: scope, change: scope, delete: 'own' } }, teamIds: [], roleIds: [], csrfToken: '' },
    });
    const byKey: number[] = [];
    const measure = async (work: () => Promise<unknown>): Promise<number[]> => {
      const took: number[] = [];
      for (let i = 0; i < warmUps + looks; i++) {
        at += 1;
        const from = performance.now();
        await work();
        if (i >= warmUps) took.push(performance.now() - from);
        const key = performance.now();
        await database.$client.query({ name: 'by-key', text: 'select id, name from customers where id = $1', values: [ids[at % ids.length]] });
        if (i >= warmUps) byKey.push(performance.now() - key);
      }
      return took;
    };
    const of = `of ${customers.toLocaleString('en')}`;
    const figures: Figure[] = [];
    const add = (name: string, took: number[], target: string): void => {
      figures.push(figure(`records ${name} ${of} p50`, median(took), 'ms', 'beside select by primary key', median(byKey)), figure(`records ${name} ${of} p99`, p99(took), 'ms', target, p99(byKey)));
      byKey.length = 0;
    };
    for (const scope of ['own', 'team', 'department', 'all'] as const) {
      add(`list page, two filters, reach ${scope}`, await measure(() => listOnce(scope)), '≤ 100 ms');
    }
    async function listOnce(scope: RecordScope): Promise<void> {
      const query = { filter: filters[at % filters.length], sort: orders[at % orders.length], limit: 50, state: 'alive' as const, cursor: undefined, search: undefined, fields: undefined };
      const who = viewer(scope);
      const first = await records.list(who, 'customer', query);
      if (first.nextCursor !== null && at % 3 === 0) await records.list(who, 'customer', { ...query, cursor: first.nextCursor });
    }
    add('search box', await measure(() => engine.search.find(viewer('all'), searches[at % searches.length] ?? '', 20)), '≤ 50 ms');
    add('search of the customers’ page', await measure(() => crm.list({ search: searches[at % searches.length], limit: 50 })), '≤ 50 ms');
    add('caller look-up', await measure(() => crm.lookUpCaller(bulkNumber((at * 7919) % customers))), '≤ 2 ms');
    add(
      `customer with ${longHistory.toLocaleString('en')} entries`,
      await measure(() =>
        Promise.all([crm.get(busy), engine.history.list(viewer('all'), 'customer', busy, { limit: 50 }), timeline.list(busy, { limit: 50 }), tickets.list({ customerId: busy, limit: 20 })]),
      ),
      '≤ 150 ms',
    );
    return figures;
  });
}

async function makeUsers(pool: { query(text: string, values: unknown[]): Promise<unknown> }): Promise<string[]> {
  const users = Array.from({ length: userCount }, () => newId(Date.now()));
  await pool.query(`insert into users (id, login, name, password_hash) select id, 'u' || n, 'User ' || n, '-' from unnest($1::uuid[]) with ordinality as u(id, n)`, [users]);
  const teams = Array.from({ length: userCount / teamSize }, () => newId(Date.now()));
  const departments = Array.from({ length: teams.length / 10 }, () => newId(Date.now()));
  await pool.query(`insert into teams (id, name) select id, 'Department ' || n from unnest($1::uuid[]) with ordinality as d(id, n)`, [departments]);
  await pool.query(`insert into teams (id, name, parent_id) select id, 'Team ' || n, ($2::uuid[])[1 + (n - 1) / 10] from unnest($1::uuid[]) with ordinality as t(id, n)`, [teams, departments]);
  await pool.query(`insert into user_teams (user_id, team_id) select id, ($2::uuid[])[1 + (n - 1) / ${String(teamSize)}] from unnest($1::uuid[]) with ordinality as u(id, n)`, [users, teams]);
  return users;
}
