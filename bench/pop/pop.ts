/**
 * From the caller's INVITE to the screen-pop painted in a real Chromium, with a million customers in the database; beside it, in the same
 * calls, from the caller's INVITE to the agent's INVITE arriving in the same page. And the look-up of the caller alone.
 */
import { join } from 'node:path';
import pg from 'pg';
import { randomFrom } from '../../e2e/random.ts';
import { bulkNumber } from '../../cti-server/src/crm/bulk-customers.ts';
import { migrateDatabase } from '../../cti-server/src/db/index.ts';
import { findSipp, freePort, startAsterisk, startCentralita } from '../../launcher/index.ts';
import { withFolder } from '../folder.ts';
import type { BenchOptions } from '../options.ts';
import { openPostgres } from '../postgres.ts';
import { figure, median, p99, type Figure } from '../results.ts';
import { seedContactCentre } from '../seed.ts';
import { callAll } from '../traffic.ts';
import { seenBy, startBrowser, startWork } from './desks.ts';
import { measureLookUps } from './look-up.ts';

const dialled = '900100';
/**
 * Nobody picks up: a caller stays so long from being heard by the queue, hangs up, and the agent is ready again at once. With three agents
 * each has time to show one call before the next, also where it takes longer than hoped for: slow ones must count, not fall out.
 */
const agentCount = 3;
const staysMs = 450;
const warmUpSeconds = 4;

export function benchPop(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  return withFolder(options, async (folder, closeLater) => {
    const sipp = await findSipp();
    const customers = options.customers ?? 1_000_000;
    const random = randomFrom(1);
    const pick = (): number => Math.floor(random() * customers);

    const postgres = await openPostgres(options, folder, closeLater);
    await migrateDatabase(postgres.url);
    tell(`filling the database with ${customers.toLocaleString('en')} customers`);
    const { agents } = await seedContactCentre({ databaseUrl: postgres.url, deskPhones: [], browsers: agentCount, dialled, customers });
    const callerPort = await freePort('udp');
    const asterisk = await startAsterisk({ folder: join(folder, 'asterisk'), rtpPorts: [46_000, 46_999], loopbackGuest: false, trunkPeers: [`127.0.0.1:${callerPort}`] });
    closeLater(() => asterisk.stop());
    const server = await startCentralita({ databaseUrl: postgres.url, asterisk, folder, demo: false });
    closeLater(() => server.stop());
    const browser = await startBrowser();
    closeLater(() => browser.close());
    const desks = [];
    for (const agent of agents) desks.push(await startWork(browser, server.url, agent));
    tell(`Asterisk ${asterisk.version}, ${agentCount} consoles in Chromium ${browser.version()}, callers hang up after ${staysMs} ms`);

    /** Nobody rings twice: a call is known by its caller. */
    const haveRung = new Set<string>();
    const run = async (callsPerSecond: number, seconds: number) => {
      const wanted = callsPerSecond * seconds;
      if (haveRung.size + wanted > customers) throw new Error('There are more calls than customers who could make them.');
      const callers: string[] = [];
      while (callers.length < wanted) {
        const caller = bulkNumber(pick());
        if (!haveRung.has(caller)) callers.push(caller);
        haveRung.add(caller);
      }
      const traffic = await callAll({
        ...{ sipp, folder: join(folder, 'traffic'), switchPort: asterisk.sipPort, callerPort, phonePort: null },
        ...{ callers, dialled, callsPerSecond, talkMs: staysMs, onBegin: () => undefined },
      });
      return { ...traffic, calls: wanted };
    };
    await run(2, warmUpSeconds);

    const figures: Figure[] = [];
    for (const rate of options.rates ?? [5]) {
      const traffic = await run(rate, options.seconds);
      const seen = await seenBy(desks);
      const calledAs = await callersByCall(postgres.url);
      const since = (callId: string, atMs: number): number[] => {
        const invitedAtMs = traffic.invitedAtMs.get(calledAs.get(callId)?.number ?? '');
        return invitedAtMs === undefined ? [] : [atMs - invitedAtMs];
      };
      // What counts is the caller's name; a pop that bears another one first is told of.
      const right = seen.pops.filter((pop) => calledAs.get(pop.callId)?.name === pop.name);
      const others = seen.pops.filter((pop) => !right.includes(pop));
      const [other] = others;
      if (other) tell(`     ${others.length} times another name stood on the screen, for instance “${other.name}” for ${calledAs.get(other.callId)?.name ?? 'a call that the ledger has not'}`);
      const popped = right.flatMap((pop) => since(pop.callId, Number.isNaN(pop.paintedAtMs) ? Number.POSITIVE_INFINITY : pop.paintedAtMs));
      const built = right.flatMap((pop) => since(pop.callId, pop.builtAtMs));
      const invited = seen.invites.flatMap(([callId, atMs]) => since(callId, atMs));
      tell(
        `${rate}/s  ${traffic.calls} calls  in the page p50 ${median(built).toFixed(0)} p99 ${p99(built).toFixed(0)} ms, painted p50 ${median(popped).toFixed(0)} ` +
          `p99 ${p99(popped).toFixed(0)} ms, INVITE in the page p50 ${median(invited).toFixed(0)} p99 ${p99(invited).toFixed(0)} ms${traffic.failed > 0 ? `  (${traffic.failed} FAILED)` : ''}`,
      );
      if (popped.length === 0) throw new Error('No screen-pop was seen at all.');
      figures.push(
        figure(`pop ${rate}/s INVITE to screen-pop p50`, median(popped), 'ms', '≤ 100 ms; beside INVITE to browser’s INVITE', median(invited)),
        figure(`pop ${rate}/s INVITE to screen-pop p99`, p99(popped), 'ms', '≤ 250 ms; beside INVITE to browser’s INVITE', p99(invited)),
        figure(`pop ${rate}/s calls without screen-pop`, traffic.calls - popped.length, 'calls', '0'),
      );
    }
    for (const desk of desks) await desk.close();
    figures.push(...(await measureLookUps(postgres.url, customers, pick)));
    return figures;
  });
}

/** Each call's caller as the ledger has it: the number and whose it is. */
async function callersByCall(databaseUrl: string): Promise<Map<string, { number: string; name: string }>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; number: string; name: string }>(
      `select calls.id, e164 as number, customers.name
       from calls join customer_phones on e164 = calls.from_e164 join customers on customers.id = customer_phones.customer_id`,
    );
    return new Map(rows.map(({ id, number, name }) => [id, { number, name }]));
  } finally {
    await client.end();
  }
}
