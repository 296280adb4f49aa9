/**
 * From the caller's INVITE to the agent's INVITE through our whole routing (call and offer saved durably, ledger written) against
 * Asterisk's own app_queue: the same Asterisk twice, the same phones, the same sipp traffic, in turns.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrateDatabase } from '../../cti-server/src/db/index.ts';
import { findSipp, freePort, startCentralita } from '../../launcher/index.ts';
import { withFolder } from '../folder.ts';
import type { BenchOptions } from '../options.ts';
import { openPostgres } from '../postgres.ts';
import { processorMs } from '../processor-time.ts';
import { figure, median, p99, type Figure } from '../results.ts';
import { customersFrom, ledgerSince, seedContactCentre } from '../seed.ts';
import { checkPhones, startOurSwitch, startQueueSwitch } from './switches.ts';
import { callAll, type TrafficResult } from '../traffic.ts';

const defaultRates = [10, 30, 60];
/** Enough for 60 calls a second of 5 s, and their ringing. */
const agentCount = 360;
const talkMs = 5_000;
const dialled = '900100';
/** Both sides begin warm, as after an hour at work: code compiled, statements planned, connections open. */
const warmUp = { callsPerSecond: 50, seconds: 24 };

interface Side {
  name: string;
  sipPort: number;
  /** Processes whose time counts. */
  pids(): { name: string; pid: number }[];
}

interface Run extends TrafficResult {
  processorMsByName: Record<string, number>;
  calls: number;
}

export function benchRouting(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  return withFolder(options, async (folder, closeLater) => {
    const sipp = await findSipp();
    const endpoints = Array.from({ length: agentCount }, (_, index) => `desk-${1001 + index}`);
    const [callerPort, phonePort] = [await freePort('udp'), await freePort('udp')];
    const rates = options.rates ?? defaultRates;

    const postgres = await openPostgres(options, folder, closeLater);
    await migrateDatabase(postgres.url);
    const customers = options.customers ?? 20_000;
    await seedContactCentre({ databaseUrl: postgres.url, deskPhones: endpoints, dialled, customers });
    const common = { callerPort, phonePort, endpoints, dialled };
    const ours = await startOurSwitch({ ...common, folder: join(folder, 'ours'), rtpPorts: [42_000, 43_999] });
    closeLater(() => ours.stop());
    const theirs = await startQueueSwitch({ ...common, folder: join(folder, 'queue'), rtpPorts: [44_000, 45_999] });
    closeLater(() => theirs.stop());
    await checkPhones(ours, agentCount);
    await checkPhones(theirs, agentCount);
    const server = await startCentralita({
      databaseUrl: postgres.url,
      asterisk: ours,
      folder,
      demo: false,
      ...(options.nodeArguments.length === 0 ? {} : { env: { NODE_OPTIONS: options.nodeArguments.join(' ') } }),
    });
    closeLater(() => server.stop());
    tell(`Asterisk ${ours.version}, ${agentCount} agents, ${customers} customers, ${talkMs / 1000} s talk, Postgres with durable commits`);

    const sides: { ours: Side; theirs: Side } = {
      ours: {
        name: 'Centralita',
        sipPort: ours.sipPort,
        pids: () => [
          { name: 'Asterisk', pid: ours.identity().pid },
          { name: 'Node', pid: server.identity().pid },
          { name: 'Postgres', pid: postgres.identity().pid },
        ],
      },
      theirs: { name: 'app_queue', sipPort: theirs.sipPort, pids: () => [{ name: 'Asterisk', pid: theirs.identity().pid }] },
    };
    let nextCustomer = 0;
    const run = async (side: Side, callsPerSecond: number, seconds: number): Promise<Run> => {
      const calls = callsPerSecond * seconds;
      const callers = customersFrom(nextCustomer % Math.max(1, customers - calls), calls);
      nextCustomer += calls;
      const before: Record<string, number> = {};
      const used: Record<string, number> = {};
      const startedAtMs = Date.now();
      const result = await callAll({
        sipp,
        folder: join(folder, `traffic-${side.name}`),
        switchPort: side.sipPort,
        callerPort,
        phonePort,
        callers,
        dialled,
        callsPerSecond,
        talkMs,
        onBegin: () => {
          for (const { name, pid } of side.pids()) before[name] = processorMs(pid);
        },
      });
      // What a call leaves behind to be done after its end belongs to it.
      await pause(1_000);
      for (const { name, pid } of side.pids()) used[name] = processorMs(pid) - (before[name] ?? 0);
      const spent = Object.entries(used).map(([name, ms]) => `${name} ${(ms / calls).toFixed(1)}`);
      const trouble = [
        result.failed > 0 ? `${result.failed} FAILED` : '',
        result.notOffered > 0 ? `${result.notOffered} NOT OFFERED` : '',
        result.sentAgain > 0 ? `${result.sentAgain} sent again` : '',
      ].filter((word) => word !== '');
      tell(
        `${side.name.padEnd(10)} ${String(callsPerSecond).padStart(3)}/s  ${String(calls).padStart(4)} calls  p50 ${median(result.latencies).toFixed(2)} ms  ` +
          `p99 ${p99(result.latencies).toFixed(1)} ms  CPU ms/call: ${spent.join(', ')}${trouble.length > 0 ? `  (${trouble.join(', ')})` : ''}`,
      );
      if (side === sides.ours) {
        const ledger = await ledgerSince(postgres.url, startedAtMs);
        if (ledger.arrived !== calls || ledger.answered !== calls || ledger.ended !== calls) {
          tell(`           the ledger says: ${ledger.arrived} arrived, ${ledger.answered} answered, ${ledger.ended} ended, of ${calls}`);
        }
      }
      return { ...result, processorMsByName: used, calls };
    };

    for (const side of options.onlyOurs ? [sides.ours] : [sides.theirs, sides.ours]) await run(side, warmUp.callsPerSecond, warmUp.seconds);
    await tellIdle(sides.ours, tell);
    const figures: Figure[] = [];
    for (const rate of rates) {
      const runs: { ours: Run[]; theirs: Run[] } = { ours: [], theirs: [] };
      for (let round = 0; round < options.rounds; round++) {
        // Neither side is always the first.
        const order = round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const);
        for (const which of options.onlyOurs ? (['ours'] as const) : order) runs[which].push(await run(sides[which], rate, options.seconds));
      }
      figures.push(...compare(rate, runs));
    }
    return figures;
  });
}

/** What the processes use while nobody calls: part of the cost of each call when few come. */
async function tellIdle(side: Side, tell: (line: string) => void): Promise<void> {
  const seconds = 5;
  const before = side.pids().map(({ pid }) => processorMs(pid));
  await pause(seconds * 1000);
  const spent = side.pids().map(({ name, pid }, index) => `${name} ${((processorMs(pid) - (before[index] ?? 0)) / seconds).toFixed(1)}`);
  tell(`${side.name.padEnd(10)} idle                                             CPU ms/s: ${spent.join(', ')}`);
}

function compare(rate: number, runs: { ours: Run[]; theirs: Run[] }): Figure[] {
  const target = 'ratio ≤ 1.0';
  const latencies = (of: Run[]): number[] => of.flatMap((run) => run.latencies);
  const spent = (of: Run[]): number => {
    const total = of.reduce((sum, run) => sum + Object.values(run.processorMsByName).reduce((a, b) => a + b, 0), 0);
    return total / of.reduce((sum, run) => sum + run.calls, 0);
  };
  const lost = (of: Run[]): number => of.reduce((sum, run) => sum + run.failed + run.notOffered, 0);
  const theirs = (of: (runs: Run[]) => number): number | null => (runs.theirs.length === 0 ? null : of(runs.theirs));
  return [
    figure(`routing ${rate}/s INVITE to INVITE p50`, median(latencies(runs.ours)), 'ms', target, theirs((runs) => median(latencies(runs)))),
    figure(`routing ${rate}/s INVITE to INVITE p99`, p99(latencies(runs.ours)), 'ms', target, theirs((runs) => p99(latencies(runs)))),
    figure(`routing ${rate}/s CPU per call`, spent(runs.ours), 'ms', target, theirs(spent)),
    figure(`routing ${rate}/s calls lost`, lost(runs.ours), 'calls', '0', theirs(lost)),
  ];
}
