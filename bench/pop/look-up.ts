/** How long the customers' own code takes to find a caller among all customers, beside a bare select by primary key on the same connection. */
import { performance } from 'node:perf_hooks';
import { createCustomers, customerDeclaration } from '../../cti-server/src/crm/customers/index.ts';
import { createRecords } from '../../cti-server/src/crm/records/index.ts';
import { createTimeline } from '../../cti-server/src/crm/timeline/index.ts';
import { bulkNumber } from '../../cti-server/src/crm/bulk-customers.ts';
import { openDatabase } from '../../cti-server/src/db/index.ts';
import { noPeers } from '../../cti-server/src/platform/bus.ts';
import { systemClock } from '../../cti-server/src/platform/clock.ts';
import { figure, median, p99, type Figure } from '../results.ts';

const warmUps = 200;
const looks = 3_000;

/** One after the other, in turns, each time for another customer. */
export async function measureLookUps(databaseUrl: string, customers: number, pick: () => number): Promise<Figure[]> {
  const database = openDatabase(databaseUrl, { max: 1, applicationName: 'bench', onError: () => undefined });
  try {
    const timeline = createTimeline({ database, clock: systemClock });
    const parts = { database, clock: systemClock, config: { defaultCountry: 'ES', fieldKey: undefined }, audit: { record: () => Promise.resolve() } };
    const { records } = await createRecords({ ...parts, bus: noPeers, declarations: [customerDeclaration({ timeline })] });
    const crm = createCustomers({ ...parts, records });
    const numbers = Array.from({ length: warmUps + looks }, () => bulkNumber(pick()));
    const { rows } = await database.$client.query<{ id: string }>('select customer_id as id from customer_phones where e164 = any($1)', [numbers]);
    const ids = rows.map((row) => row.id);
    const took = { look: [] as number[], pop: [] as number[], key: [] as number[] };
    const timed = async (into: number[], work: () => Promise<boolean>, counts: boolean): Promise<void> => {
      const from = performance.now();
      const isFound = await work();
      const ms = performance.now() - from;
      if (!isFound) throw new Error('A customer who is in the database was not found.');
      if (counts) into.push(ms);
    };
    for (let i = 0; i < warmUps + looks; i++) {
      const counts = i >= warmUps;
      await timed(took.look, async () => (await crm.lookUpCaller(bulkNumber(pick()))).match === 'one', counts);
      await timed(took.pop, async () => (await crm.screenPop(bulkNumber(pick()))).match === 'one', counts);
      const id = ids[i % ids.length];
      const byKey = { name: 'bench-by-key', text: 'select id, name, company, tier, email, city, notes from customers where id = $1', values: [id] };
      await timed(took.key, async () => (await database.$client.query(byKey)).rowCount === 1, counts);
    }
    const of = `of ${customers.toLocaleString('en')}`;
    return [
      figure(`pop look-up by number ${of} p50`, median(took.look), 'ms', 'beside select by primary key', median(took.key)),
      figure(`pop look-up by number ${of} p99`, p99(took.look), 'ms', '≤ 2 ms', p99(took.key)),
      figure(`pop whole screen ${of} p50`, median(took.pop), 'ms', 'beside select by primary key', median(took.key)),
      figure(`pop whole screen ${of} p99`, p99(took.pop), 'ms', '≤ 2 ms', p99(took.key)),
    ];
  } finally {
    await database.$client.end();
  }
}
