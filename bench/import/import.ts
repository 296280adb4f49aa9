/**
 * A file of customers brought in by cti-server as it runs for people: uploaded, recognised, checked, its numbers normalised, compared for
 * duplicates, moved into the customers and told in the audit. Beside it a bare COPY of the very rows that came of it, into the same tables
 * with the same indexes of another database on the same Postgres.
 */
import { createReadStream, createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { RecordImport, RecordImportDetails } from '../../cti-server/src/contracts/index.ts';
import { freePort } from '../../launcher/index.ts';
import { startNodePart } from '../../launcher/part.ts';
import { withFolder } from '../folder.ts';
import type { BenchOptions } from '../options.ts';
import { openPostgres } from '../postgres.ts';
import { figure, type Figure } from '../results.ts';
import { writeCustomersFile } from './customers-file.ts';

const customerColumns = 'id, name, kind, company, tier, email, city, country, notes, owner_id, created_by_id, import_id, created_at, updated_at';
const phoneColumns = 'id, customer_id, e164, kind, is_main';

export function benchImport(options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  return withFolder(options, async (folder, closeLater) => {
    const rows = options.customers ?? 1_000_000;
    const postgres = await openPostgres(options, folder, closeLater);
    const port = await freePort('tcp');
    const url = `http://127.0.0.1:${String(port)}`;
    const start = () =>
      startNodePart({
        name: 'cti-server',
        script: ['cti-server/src/main.ts'],
        logFile: join(folder, 'cti-server.log'),
        readyUrl: `${url}/healthz`,
        env: {
          ...{ DATABASE_URL: postgres.url, HTTP_PORT: String(port), PUBLIC_URL: url, DEMO_MODE: 'true', TELEPHONY: 'simulated', LOG_LEVEL: 'warn', REDIS_URL: '' },
          ...(options.nodeArguments.length === 0 ? {} : { NODE_OPTIONS: options.nodeArguments.join(' ') }),
        },
      });
    const file = join(folder, 'customers.csv');
    const expected = await writeCustomersFile(file, rows);
    const { size } = await stat(file);
    tell(`${rows.toLocaleString('en')} rows, ${(size / 1_048_576).toFixed(0)} MB`);

    // the same tables with the same indexes, before anything is in them
    await (await start()).stop();
    const bareUrl = new URL(postgres.url);
    bareUrl.pathname = '/bare';
    await query(postgres.url, '/postgres', `create database bare template ${new URL(postgres.url).pathname.slice(1)}`);

    const server = await start();
    closeLater(() => server.stop());
    const ask = await signIn(url);
    // what the start needed is not the import's
    writeFileSync(`/proc/${String(server.identity().pid)}/clear_refs`, '5');
    const beforeMb = peakMemoryMb(server.identity().pid);
    const began = performance.now();
    const uploaded = await ask<RecordImportDetails>('POST', `/api/imports?type=customer&name=customers.csv`, Readable.toWeb(createReadStream(file)) as BodyInit);
    const uploadedMs = performance.now() - began;
    const { suggested } = uploaded;
    await ask('POST', `/api/imports/${uploaded.id}/run`, JSON.stringify({ ...suggested, duplicateBy: ['phone', 'email'] }));
    let at: RecordImport = uploaded;
    let checkedMs = 0;
    for (;;) {
      at = await ask<RecordImport>('GET', `/api/imports/${uploaded.id}`);
      if (checkedMs === 0 && at.counts.created > 0) checkedMs = performance.now() - began;
      if (at.state !== 'running') break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const importMs = performance.now() - began;
    const peakMb = peakMemoryMb(server.identity().pid);
    const { created, duplicates, rejected } = at.counts;
    if (at.state !== 'done' || created !== expected.created || duplicates !== expected.duplicates || rejected !== expected.rejected) {
      throw new Error(`The import did not end as it should: ${at.state} ${at.error ?? ''} ${JSON.stringify(at.counts)} instead of ${JSON.stringify(expected)}.`);
    }
    tell(`import ${seconds(importMs)} (upload ${seconds(uploadedMs)}, first rows in after ${seconds(checkedMs)}), memory ${beforeMb.toFixed(0)} MB before, ${peakMb.toFixed(0)} MB at most; ${created} created, ${duplicates} duplicates, ${rejected} rejected`);
    await server.stop();

    const customersFile = join(folder, 'customers.copy');
    const phonesFile = join(folder, 'phones.copy');
    await copyOut(postgres.url, `copy (select ${customerColumns} from customers where import_id = '${uploaded.id}' order by id) to stdout`, customersFile);
    await copyOut(postgres.url, `copy (select ${phoneColumns} from customer_phones where customer_id in (select id from customers where import_id = '${uploaded.id}') order by customer_id) to stdout`, phonesFile);
    await query(postgres.url, '/postgres', 'checkpoint');
    const bareMs = await copyIn(bareUrl.href, [[`copy customers (${customerColumns}) from stdin`, customersFile], [`copy customer_phones (${phoneColumns}) from stdin`, phonesFile]]);
    await query(bareUrl.href, '/bare', 'create table heap_customers as select * from customers with no data; create table heap_phones as select * from customer_phones with no data');
    const heapMs = await copyIn(bareUrl.href, [[`copy heap_customers (${customerColumns}) from stdin`, customersFile], [`copy heap_phones (${phoneColumns}) from stdin`, phonesFile]]);
    tell(`bare COPY into the same tables ${seconds(bareMs)}, into tables without any index ${seconds(heapMs)}`);
    const of = `of ${rows.toLocaleString('en')} customers`;
    return [
      figure(`import ${of} from CSV`, importMs / 1000, 's', '≤ 4 × a bare COPY', bareMs / 1000),
      figure(`import ${of}, memory of the server`, peakMb, 'MB', '≤ 400 MB'),
      figure(`import ${of} beside COPY without indexes`, importMs / 1000, 's', 'for comparison', heapMs / 1000),
    ];
  });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The most that a process held in memory since it was last asked to forget. */
function peakMemoryMb(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}

async function signIn(url: string): Promise<<T>(method: string, path: string, body?: BodyInit) => Promise<T>> {
  const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'admin', password: 'demo-centralita' }) });
  if (!answer.ok) throw new Error(`Could not sign in: ${await answer.text()}`);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  return async <T>(method: string, path: string, body?: BodyInit): Promise<T> => {
    const isText = typeof body === 'string';
    const response = await fetch(url + path, {
      method,
      headers: { cookie, 'x-csrf-token': csrfToken, ...(body === undefined ? {} : { 'content-type': isText ? 'application/json' : 'application/octet-stream' }) },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
async function query(url: string, database: string, text: string): Promise<void> {
  const other = new URL(url);
  other.pathname = database;
  await withClient(other.href, (client) => client.query(text));
}
const copyOut = (url: string, text: string, path: string): Promise<void> => withClient(url, (client) => pipeline(client.query(copyTo(text)), createWriteStream(path)));
/** All in one transaction, as nobody could do it faster. */
async function copyIn(url: string, copies: readonly (readonly [text: string, path: string])[]): Promise<number> {
  return withClient(url, async (client) => {
    await client.query('set session_replication_role = origin');
    const began = performance.now();
    await client.query('begin');
    for (const [text, path] of copies) await pipeline(createReadStream(path), client.query(copyFrom(text)));
    await client.query('commit');
    return performance.now() - began;
  });
}
