/** The outside world of the benchmarks: one sipp that calls and, where agents have desk phones, one that is all of them. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '../launcher/index.ts';

export interface TrafficOptions {
  sipp: Tool;
  folder: string;
  switchPort: number;
  /** Where the callers' calls come from: the switch knows its trunk by it. */
  callerPort: number;
  /** Where all agents' phones are; null when they have browsers. */
  phonePort: number | null;
  /** The number of each call's caller, all different. */
  callers: readonly string[];
  dialled: string;
  callsPerSecond: number;
  talkMs: number;
  /** Called right before the first call. */
  onBegin(): void;
}

export interface TrafficResult {
  /** ms from the caller's first INVITE leaving sipp to the phone's first INVITE arriving at sipp, one for each call that reached a phone. */
  latencies: number[];
  /** When each caller's first INVITE left, by number; ms since 1970. */
  invitedAtMs: Map<string, number>;
  /** Calls that did not end as they should: not answered, or refused. */
  failed: number;
  /** Calls that no phone heard of. */
  notOffered: number;
  /** Messages that sipp had to send again. */
  sentAgain: number;
}

/** Rings once for each caller and waits until all calls have ended. Bounded: whatever happens it ends half a minute after it should. */
export async function callAll(options: TrafficOptions): Promise<TrafficResult> {
  await mkdir(options.folder, { recursive: true });
  const files = { caller: join(options.folder, 'caller.xml'), phone: join(options.folder, 'phone.xml'), rows: join(options.folder, 'callers.csv') };
  const callerXml = await readFile(new URL('./sipp/caller.xml', import.meta.url), 'utf8');
  await writeFile(files.caller, callerXml.replace('<pause milliseconds="5000"/>', `<pause milliseconds="${options.talkMs}"/>`));
  await writeFile(files.phone, await readFile(new URL('./sipp/phone.xml', import.meta.url), 'utf8'));
  await writeFile(files.rows, `SEQUENTIAL\n${options.callers.map((number) => `${number};${options.dialled}`).join('\n')}\n`);

  const common = ['-i', '127.0.0.1', '-mi', '127.0.0.1', '-ci', '127.0.0.1', '-nostdin', '-trace_shortmsg', '-trace_err'];
  const phones =
    options.phonePort === null
      ? null
      : start(options, 'phone', ['-sf', 'phone.xml', '-p', String(options.phonePort), '-mp', '9100', '-trace_logs', '-log_file', 'phone-callers.log', ...common, '127.0.0.1']);
  options.onBegin();
  const calls = options.callers.length;
  const callers = start(options, 'caller', [
    ...['-sf', 'caller.xml', '-inf', 'callers.csv', '-p', String(options.callerPort), '-mp', '9200'],
    ...['-r', String(options.callsPerSecond), '-m', String(calls), '-l', '100000', ...common, `127.0.0.1:${options.switchPort}`],
  ]);
  const giveUpMs = (calls / options.callsPerSecond) * 1000 + options.talkMs + 30_000;
  const timer = setTimeout(() => callers.child.kill('SIGKILL'), giveUpMs);
  const ended = await callers.ended;
  clearTimeout(timer);
  phones?.child.kill('SIGKILL');
  await phones?.ended;
  return { ...(await read(options)), failed: failedOf(ended.output, calls) };
}

function start(options: TrafficOptions, name: 'caller' | 'phone', args: readonly string[]) {
  const child = spawn(
    options.sipp.program,
    [...args, '-shortmessage_file', `${name}-messages.log`, '-shortmessage_overwrite', 'true', '-error_file', `${name}-errors.log`],
    { cwd: options.folder, env: options.sipp.env, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString('latin1')).slice(-8_000)));
  const ended = new Promise<{ output: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve({ output }));
  });
  return { child, ended };
}

/** From the last screen that sipp prints when it ends; all of them when it did not come to its end. */
function failedOf(output: string, calls: number): number {
  const lines = output.split('\n');
  const successful = lines.findLast((line) => line.includes('Successful call'))?.split('|').at(-1)?.trim();
  return successful === undefined ? calls : calls - Number(successful);
}

interface Message {
  atMs: number;
  direction: string;
  callId: string;
  request: string;
}

async function read(options: TrafficOptions): Promise<Omit<TrafficResult, 'failed'>> {
  const sent = (await messages(join(options.folder, 'caller-messages.log'))).filter((message) => message.direction === 'S');
  const invitedAtMs = new Map<string, number>();
  for (const [callId, atMs] of firstByCall(sent.filter((message) => message.request.startsWith('INVITE ')))) {
    // sipp counts its calls from one and begins their names with the count; rows are used in turn.
    invitedAtMs.set(options.callers[Number.parseInt(callId, 10) - 1] ?? '', atMs);
  }
  const heardAtMs = options.phonePort === null ? new Map<string, number>() : await readPhones(options.folder);
  const latencies = [...invitedAtMs].flatMap(([caller, atMs]) => {
    const heard = heardAtMs.get(caller);
    return heard === undefined ? [] : [heard - atMs];
  });
  const requests = sent.filter((message) => /^(INVITE|BYE) /.test(message.request)).length;
  return { latencies, invitedAtMs, notOffered: invitedAtMs.size - latencies.length, sentAgain: Math.max(0, requests - 2 * options.callers.length) };
}

/** When each caller was first heard of at a phone. */
async function readPhones(folder: string): Promise<Map<string, number>> {
  const arrived = await messages(join(folder, 'phone-messages.log'));
  const firstArrived = firstByCall(arrived.filter((message) => message.direction === 'R' && message.request.startsWith('INVITE ')));
  const heardAtMs = new Map<string, number>();
  for (const line of (await readFile(join(folder, 'phone-callers.log'), 'utf8')).split('\n')) {
    const [callId = '', caller = ''] = line.split(' ');
    const atMs = firstArrived.get(callId);
    if (atMs !== undefined) heardAtMs.set(caller, Math.min(atMs, heardAtMs.get(caller) ?? Number.POSITIVE_INFINITY));
  }
  return heardAtMs;
}

/** sipp's short log: date, time, seconds since 1970 to the microsecond, S or R, Call-ID, CSeq, first line. */
async function messages(file: string): Promise<Message[]> {
  const read: Message[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [, , seconds, direction = '', callId = '', , request = ''] = line.split('\t');
    if (seconds !== undefined) read.push({ atMs: Number(seconds) * 1000, direction, callId, request });
  }
  return read;
}

function firstByCall(found: readonly Message[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const { callId, atMs } of found) first.set(callId, Math.min(atMs, first.get(callId) ?? Number.POSITIVE_INFINITY));
  return first;
}
