/**
 * Runs sipp, the outside world of the tests and benchmarks: callers that ring in and phones that agents could hold.
 *
 * Each process gets a folder of its own with a copy of its scenario, the tone that it says and what it printed; {@link SippProcess.stop}
 * removes the folder. Only loopback is used.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alawTone } from './tone.ts';

export type SippScenario = 'caller' | 'phone-answers' | 'phone-refuses' | 'phone-is-busy' | 'phone-never-answers' | 'register';

export interface SippOptions {
  /** The program, as the launcher's `findSipp` found or unpacked it. */
  sipp: { program: string; env: NodeJS.ProcessEnv };
  scenario: SippScenario;
  /** Where the switch listens for SIP over UDP, on 127.0.0.1. */
  switchPort: number;
  /** The port that sipp itself uses; a free one when absent. */
  localPort?: number;
  /**
   * How many calls to make (one when absent) or to take. Phones go on until they are stopped when it is absent; a switch that asks whether
   * they are there (OPTIONS) uses up their calls.
   */
  calls?: number;
  callsPerSecond?: number;
  /** One row for each call, used in turn: what the scenario names [field0], [field1] and so on. */
  rows?: readonly (readonly string[])[];
  /** The tone that is said once the call is up, in Hz; without it nothing is sent, which costs no processor time. */
  toneHz?: number;
  /** Another socket on 127.0.0.1 that says and hears the sound of the call instead of sipp (see ear.ts). One call only; without `toneHz`. */
  audioPort?: number;
  /** How long a phone rings before it picks up. */
  ringMs?: number;
  /** How long until this side hangs up. */
  talkMs?: number;
}

export interface SippResult {
  /** 0 when every call ended as its scenario says, 1 when some did not; null when it was ended by a signal. */
  exitCode: number | null;
  /** What sipp printed, for a message when a test fails. */
  output: string;
}

export interface SippProcess {
  readonly localPort: number;
  readonly pid: number;
  /** Resolves when sipp has ended by itself or was stopped. Never rejects. */
  readonly ended: Promise<SippResult>;
  /**
   * Lets a caller, or a phone that picked up, hang up all its calls now: CANCEL for one that is not answered yet, BYE for one that is.
   * Resolves once they were told to.
   */
  hangUp(): Promise<void>;
  /** What the scenario noted so far, a line each: `call ID`, and the headers that the switch added for us. */
  notes(): Promise<string[]>;
  /** Lets a caller whose call is up press a digit (0 to 9, * and #). */
  press(digit: string): Promise<void>;
  /** Ends sipp at once, without a word to the other side, and removes its folder. */
  stop(): Promise<void>;
}

/** Asks the system for a UDP port on 127.0.0.1 that nobody holds at this moment. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Starts sipp. Rejects when the program cannot be started; whatever happens later is told by `ended`. */
export async function startSipp(options: SippOptions): Promise<SippProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'centralita-sipp-'));
  const localPort = options.localPort ?? (await freeUdpPort());
  await writeFile(join(folder, 'scenario.xml'), await scenarioText(options));
  if (options.toneHz !== undefined) await writeFile(join(folder, 'tone.al'), alawTone(options.toneHz, 1));
  const rows = options.rows ?? [];
  if (rows.length > 0) await writeFile(join(folder, 'rows.csv'), `SEQUENTIAL\n${rows.map((row) => row.join(';')).join('\n')}\n`);

  const places = options.scenario === 'caller' || options.scenario === 'register';
  const calls = options.calls ?? (places ? 1 : undefined);
  const args = [
    `127.0.0.1:${options.switchPort}`,
    ...['-sf', 'scenario.xml', '-i', '127.0.0.1', '-mi', '127.0.0.1', '-ci', '127.0.0.1', '-p', String(localPort), '-mp', String(await mediaPort(localPort))],
    ...['-nostdin', '-aa', '-trace_err', '-error_file', 'errors.log', '-trace_logs', '-log_file', 'notes.log'],
    ...(rows.length > 0 ? ['-inf', 'rows.csv'] : []),
    ...(calls === undefined ? [] : ['-m', String(calls)]),
    ...(places ? ['-r', String(options.callsPerSecond ?? 10), '-l', '10000'] : []),
  ];
  const child = spawn(options.sipp.program, args, { cwd: folder, env: options.sipp.env, stdio: ['ignore', 'pipe', 'pipe'] });
  return watch(child, folder, localPort);
}

async function scenarioText(options: SippOptions): Promise<string> {
  let text = await readFile(new URL(`./sipp/${options.scenario}.xml`, import.meta.url), 'utf8');
  if (options.ringMs !== undefined) text = text.replace('timeout="200"', `timeout="${Math.max(1, options.ringMs)}"`);
  if (options.talkMs !== undefined) text = text.replace('timeout="600000"', `timeout="${Math.max(1, options.talkMs)}"`);
  if (options.toneHz === undefined) {
    // The keyword alone would already open a socket for each call.
    text = text.replaceAll('[rtpstream_audio_port]', options.audioPort === undefined ? '[media_port]' : String(options.audioPort)).replaceAll(/<exec rtp_stream="[^"]*"\/>/g, '');
  }
  return text;
}

/**
 * Below the range that the system hands out and below Asterisk's own media ports: sipp and Asterisk would otherwise take the same ports
 * without a word, and each would hear the other's calls. Another sipp may have the first that comes to mind, and sipp would give up.
 */
async function mediaPort(localPort: number): Promise<number> {
  for (let slot = localPort; ; slot++) {
    const port = 10_000 + (slot % 1000) * 20;
    if (await isUdpPortFree(port)) return port;
  }
}

async function isUdpPortFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const isFree = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return isFree;
}

async function watch(child: ChildProcess, folder: string, localPort: number): Promise<SippProcess> {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const ended = new Promise<SippResult>((resolve) => {
    child.once('close', (exitCode) => {
      void readFile(join(folder, 'errors.log'), 'utf8')
        .catch(() => '')
        .then((errors) => resolve({ exitCode, output: output + errors }));
    });
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const notes = async (): Promise<string[]> => {
    const text = await readFile(join(folder, 'notes.log'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line !== '');
  };
  /** The scenarios note their Call-IDs; a request that comes inside one of their calls is a word to them, which the switch never sees. */
  let words = 0;
  const sayInCalls = async (method: string, headers: readonly string[]): Promise<void> => {
    words += 1;
    for (const note of await notes()) {
      const callId = /^call (.+)$/.exec(note)?.[1];
      if (callId !== undefined) await sendInCall(method, callId, headers, localPort, words);
    }
  };
  return {
    localPort,
    pid: child.pid ?? 0,
    ended,
    async hangUp() {
      await sayInCalls('MESSAGE', []);
    },
    notes,
    async press(digit) {
      await sayInCalls('REFER', [`Refer-To: ${digit}`]);
    },
    async stop() {
      if (running()) child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sendInCall(method: string, callId: string, headers: readonly string[], port: number, words: number): Promise<void> {
  const via = `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${randomUUID()}`;
  const lines = [`${method} sip:127.0.0.1:${port} SIP/2.0`, via, 'From: <sip:test@127.0.0.1>;tag=1', 'To: <sip:sipp@127.0.0.1>;tag=2', ...headers];
  // sipp goes on counting its own requests from here.
  const sequence = 1000 + 10 * words;
  const text = [...lines, `Call-ID: ${callId}`, `CSeq: ${sequence} ${method}`, 'Max-Forwards: 1', 'Content-Length: 0', '', ''].join('\r\n');
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => socket.send(text, port, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}
