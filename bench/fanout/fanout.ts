/**
 * How soon a change of an agent's state is on the screens when very many are connected, and what that costs the server beside a bare
 * Socket.io server that only pushes the same messages.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrateDatabase } from '../../cti-server/src/db/index.ts';
import { freePort } from '../../launcher/index.ts';
import { withFolder } from '../folder.ts';
import type { BenchOptions } from '../options.ts';
import { openPostgres } from '../postgres.ts';
import { processorMs } from '../processor-time.ts';
import { figure, median, p99, type Figure } from '../results.ts';
import { seedContactCentre, type Seeded } from '../seed.ts';
import type { FromBare, ToBare } from './bare.ts';
import type { ClientOrder, ClientReport, FromClients, ToClients } from './clients.ts';
import { startHelper, type HelperProcess } from './helper-process.ts';
import type { FromHouse, ToHouse } from './house.ts';

const consoles = 1_000;
const supervisorPages = 20;
const callsPerSecond = 30;
const talkMs = 3_000;
const dialled = '900100';
const clientProcesses = 2;

type Clients = HelperProcess<ToClients, FromClients>;

export function benchFanout(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  return withFolder(options, async (folder, closeLater) => {
    const postgres = await openPostgres(options, folder, closeLater);
    await migrateDatabase(postgres.url);
    const endpoints = Array.from({ length: consoles }, (_, index) => `desk-${1001 + index}`);
    const seeded = await seedContactCentre({ databaseUrl: postgres.url, deskPhones: endpoints, supervisors: supervisorPages, dialled, customers: options.customers ?? 1_000 });
    const consoleDir = join(folder, 'no-console');
    await mkdir(consoleDir, { recursive: true });

    const house = startHelper<ToHouse, FromHouse>(new URL('./house.ts', import.meta.url), options.nodeArguments);
    closeLater(() => house.stop());
    const port = await freePort('tcp');
    house.tell({ kind: 'open', order: { databaseUrl: postgres.url, port, consoleDir, endpoints, dialled } });
    await house.next('open', 60_000);
    const clients = Array.from({ length: clientProcesses }, () => startHelper<ToClients, FromClients>(new URL('./clients.ts', import.meta.url)));
    for (const one of clients) closeLater(() => one.stop());
    await connect(clients, ordersFor(`http://127.0.0.1:${port}`, seeded, true));
    tell(`${consoles} consoles and ${supervisorPages} supervisor pages are connected; ${callsPerSecond} calls a second`);

    const pushedFile = join(folder, 'pushed.json');
    const seconds = Math.max(5, options.seconds);
    const ring = async (forSeconds: number): Promise<void> => {
      house.tell({ kind: 'ring', callsPerSecond, seconds: forSeconds, talkMs, keepIn: pushedFile });
      await house.next('rung', (forSeconds + 60) * 1000);
    };
    await ring(5);
    for (const one of clients) one.tell({ kind: 'begin' });
    const before = processorMs(house.pid);
    await ring(seconds);
    const ourMs = processorMs(house.pid) - before;
    const ours = await collect(clients);
    for (const one of clients) one.tell({ kind: 'leave' });
    tell(`ours: ${ours.messages} messages, desks p50 ${median(ours.deskLateMs).toFixed(1)} ms p99 ${p99(ours.deskLateMs).toFixed(1)} ms, floor p50 ${median(ours.floorLateMs).toFixed(1)} ms p99 ${p99(ours.floorLateMs).toFixed(1)} ms`);
    house.tell({ kind: 'close' });
    await house.stop();

    const bare = startHelper<ToBare, FromBare>(new URL('./bare.ts', import.meta.url));
    closeLater(() => bare.stop());
    const barePort = await freePort('tcp');
    bare.tell({ kind: 'open', port: barePort });
    await bare.next('open', 20_000);
    await connect(clients, ordersFor(`http://127.0.0.1:${barePort}`, seeded, false));
    await pause(1_000);
    for (const one of clients) one.tell({ kind: 'begin' });
    const bareBefore = processorMs(bare.pid);
    bare.tell({ kind: 'push', from: pushedFile });
    await bare.next('pushed', (seconds + 60) * 1000);
    const bareMs = processorMs(bare.pid) - bareBefore;
    const theirs = await collect(clients);
    tell(`bare: ${theirs.messages} messages`);

    return [
      figure('fanout change to desk p50', median(ours.deskLateMs), 'ms', ''),
      figure('fanout change to desk p99', p99(ours.deskLateMs), 'ms', '≤ 200 ms'),
      figure('fanout change to supervisor page p50', median(ours.floorLateMs), 'ms', ''),
      figure('fanout change to supervisor page p99', p99(ours.floorLateMs), 'ms', '≤ 200 ms'),
      figure('fanout messages a second', ours.messages / (seconds + talkMs / 1000), '/s', '', theirs.messages / (seconds + talkMs / 1000)),
      figure('fanout CPU of the server process', ourMs / seconds / 10, '% of a core', 'beside a bare broadcast', bareMs / seconds / 10),
    ];
  });
}

/** The rooms of the real server, by name, so that the bare one can push to the same. */
function ordersFor(url: string, seeded: Seeded, subscribes: boolean): ClientOrder[] {
  const orders = Array.from({ length: clientProcesses }, (): ClientOrder => ({ url, clients: [] }));
  seeded.agents.forEach(({ token, userId }, index) =>
    orders[index % clientProcesses]?.clients.push({ token, topics: subscribes ? ['desk', 'queues'] : [], rooms: [`desk:${userId}`, `queues:${seeded.queueId}`] }),
  );
  seeded.supervisors.forEach(({ token }, index) => orders[index % clientProcesses]?.clients.push({ token, topics: subscribes ? ['floor'] : [], rooms: ['floor:all'] }));
  return orders;
}

async function connect(clients: readonly Clients[], orders: readonly ClientOrder[]): Promise<void> {
  await Promise.all(
    clients.map(async (one, index) => {
      const order = orders[index];
      if (!order) return;
      one.tell({ kind: 'connect', order });
      await one.next('connected', 120_000);
    }),
  );
}

async function collect(clients: readonly Clients[]): Promise<ClientReport> {
  const reports = await Promise.all(
    clients.map(async (one) => {
      one.tell({ kind: 'report' });
      return (await one.next('report', 20_000)).report;
    }),
  );
  return {
    deskLateMs: reports.flatMap((report) => report.deskLateMs),
    floorLateMs: reports.flatMap((report) => report.floorLateMs),
    messages: reports.reduce((sum, report) => sum + report.messages, 0),
  };
}
