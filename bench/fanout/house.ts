/**
 * cti-server in a process of its own with a simulated line that brings calls at a steady pace to agents who answer at once. Also notes what
 * is pushed into which room, for the bare server that will push the same.
 */
import { writeFileSync } from 'node:fs';
import { startApp } from '../../cti-server/src/app.ts';
import { systemClock } from '../../cti-server/src/platform/clock.ts';
import { readConfig } from '../../cti-server/src/platform/config.ts';
import { createSimulatedLine } from '../../cti-server/src/telephony/simulated/index.ts';

export interface HouseOrder {
  databaseUrl: string;
  port: number;
  consoleDir: string;
  endpoints: string[];
  dialled: string;
}
export type ToHouse = { kind: 'open'; order: HouseOrder } | { kind: 'ring'; callsPerSecond: number; seconds: number; talkMs: number; keepIn: string } | { kind: 'close' };
export type FromHouse = { kind: 'open' } | { kind: 'rung' };
/** One message that was pushed: when, counted from the first call, to which room, and what. */
export interface Pushed {
  atMs: number;
  room: string;
  topic: string;
  event: unknown;
}

const send = (message: FromHouse): void => void process.send?.(message);
const ringMs = 300;

async function open(order: HouseOrder) {
  const line = createSimulatedLine({ lineId: 'main', clock: systemClock });
  for (const endpoint of order.endpoints) line.devicePresent(endpoint, { kind: 'answers', afterMs: ringMs });
  const config = readConfig({
    DATABASE_URL: order.databaseUrl,
    HTTP_PORT: String(order.port),
    PUBLIC_URL: `http://127.0.0.1:${order.port}`,
    TELEPHONY: 'simulated',
    CONSOLE_DIR: order.consoleDir,
    LOG_LEVEL: 'warn',
  });
  const app = await startApp({ config, lines: [{ port: line, kind: 'simulated' }] });
  return { app, line, dialled: order.dialled };
}

let house: Awaited<ReturnType<typeof open>> | null = null;

function ring(order: Extract<ToHouse, { kind: 'ring' }>): void {
  if (!house) return;
  const { app, line, dialled } = house;
  const began = performance.now();
  const pushed: Pushed[] = [];
  const publish = app.realtime.publish.bind(app.realtime);
  app.realtime.publish = (room, topic, event) => {
    if (app.realtime.hasListeners(room)) pushed.push({ atMs: performance.now() - began, room, topic, event });
    publish(room, topic, event);
  };
  let calls = 0;
  const total = order.callsPerSecond * order.seconds;
  const next = (): void => {
    // A timer that comes late brings the calls that are due.
    while (calls < total && performance.now() - began >= (calls * 1000) / order.callsPerSecond) {
      const legId = line.arrive({ fromNumber: `+3461${String(calls).padStart(7, '0')}`, toNumber: dialled });
      setTimeout(() => line.callerHangsUp(legId), ringMs + order.talkMs);
      calls += 1;
    }
    if (calls < total) setTimeout(next, 5);
    else
      setTimeout(
        () => {
          app.realtime.publish = publish;
          writeFileSync(order.keepIn, JSON.stringify(pushed));
          send({ kind: 'rung' });
        },
        ringMs + order.talkMs + 1_000,
      );
  };
  next();
}

process.on('message', (message: ToHouse) => {
  if (message.kind === 'open') {
    open(message.order).then(
      (opened) => {
        house = opened;
        send({ kind: 'open' });
      },
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        process.exit(1);
      },
    );
  } else if (message.kind === 'ring') ring(message);
  else void house?.app.close().finally(() => process.exit(0));
});
process.once('disconnect', () => process.exit(0));
