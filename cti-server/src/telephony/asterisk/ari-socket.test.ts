import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger, type Logger } from '../../platform/logger.ts';
import type { LineStatus } from '../port.ts';
import { VirtualClock } from '../simulated/index.ts';
import { AriSocket, type AriSocketOptions } from './ari-socket.ts';
import { FakeAri } from './fake-ari.ts';

describe('The ARI socket', () => {
  let ari: FakeAri;
  let socket: AriSocket;
  const events: unknown[] = [];
  const statuses: LineStatus[] = [];
  const looks = new Set<() => void>();

  const make = (more: Partial<AriSocketOptions> = {}): AriSocket =>
    new AriSocket(
      {
        ...{ url: ari.url, user: 'centralita', password: 'secret', app: 'centralita', clock: systemClock, logger: silentLogger },
        ...{ requestTimeoutMs: 5_000, random: () => 0, ...more },
      },
      {
        connected: () => undefined,
        event: (event) => void events.push(event),
        status(status) {
          statuses.push(status);
          for (const look of looks) look();
        },
      },
    );
  const until = (state: LineStatus['state']): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (socket.status.state !== state) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  const createRoom = () => socket.request('POST /bridges', { path: {}, query: { bridgeId: 'room' } });

  beforeEach(async () => {
    ari = await FakeAri.open();
    events.length = 0;
    statuses.length = 0;
    socket = make();
  });
  afterEach(async () => {
    await socket.stop();
    await ari.close();
  });

  test('answers come to their own request, whatever their order', async () => {
    const held: string[] = [];
    ari.answer = (request) => {
      held.push(request.request_id);
      return null;
    };
    socket.start();
    await until('connected');
    const both = Promise.all([createRoom(), socket.request('GET /bridges', { path: {} })]);
    await ari.until(() => held.length === 2);
    ari.say({ type: 'RESTResponse', request_id: held[1], status_code: 200, message_body: '[]' });
    ari.say({ type: 'RESTResponse', request_id: held[0], status_code: 409, message_body: '{"message":"exists"}' });
    expect(await both).toEqual([
      { outcome: 'refused', statusCode: 409, reason: 'exists' },
      { outcome: 'answered', value: [] },
    ]);
  });

  test('what stands in a path or a query cannot become another path or query', async () => {
    socket.start();
    await until('connected');
    await socket.request('POST /channels/{channelId}/play', { path: { channelId: 'a/../b?c' }, query: { media: 'sound:x&y=z', lang: 'es' } });
    expect(ari.requests[0]?.uri).toBe('channels/a%2F..%2Fb%3Fc/play?media=sound%3Ax%26y%3Dz&lang=es');
  });

  test('a request before the connection is unavailable and is never sent', async () => {
    socket.start();
    expect(await createRoom()).toMatchObject({ outcome: 'unavailable' });
    await until('connected');
    await socket.request('GET /bridges', { path: {} });
    expect(ari.requests.map((request) => request.method)).toEqual(['GET']);
  });

  test('a request without an answer is unknown after its time, and a late answer disturbs nobody', async () => {
    ari.answer = () => null;
    socket = make({ requestTimeoutMs: 20 });
    socket.start();
    await until('connected');
    expect(await createRoom()).toMatchObject({ outcome: 'unknown' });
    ari.say({ type: 'RESTResponse', request_id: ari.requests[0]?.request_id, status_code: 200 });
    ari.answer = () => ({ status_code: 200, message_body: '[]' });
    expect(await socket.request('GET /bridges', { path: {} })).toEqual({ outcome: 'answered', value: [] });
  });

  test('a request whose connection is lost before its answer is unknown', async () => {
    ari.answer = () => null;
    socket.start();
    await until('connected');
    const outcome = createRoom();
    await ari.until(() => ari.requests.length === 1);
    ari.drop();
    expect(await outcome).toMatchObject({ outcome: 'unknown' });
  });

  test('it connects again for ever, each time with its name and password', async () => {
    socket.start();
    for (let times = 1; times <= 4; times += 1) {
      await ari.until(() => ari.connections === times);
      await until('connected');
      ari.drop();
      await until('connecting');
    }
    expect(new Set(ari.authorizations)).toEqual(new Set([`Basic ${Buffer.from('centralita:secret').toString('base64')}`]));
  });

  test('an attempt that fails says why and keeps the time since when the line is away', async () => {
    const gone = await FakeAri.open();
    const { url } = gone;
    await gone.close();
    socket = make({ url });
    socket.start();
    await expect.poll(() => statuses.length, { timeout: 5_000 }).toBeGreaterThan(3);
    expect(statuses.at(-1)).toMatchObject({ state: 'connecting', reason: expect.stringContaining('ECONNREFUSED') as string });
    expect(new Set(statuses.slice(1).map((status) => status.sinceMs)).size).toBe(1);
  });

  test('a switch that goes silent without closing is given up after 15 s, and connected anew', async () => {
    const clock = new VirtualClock();
    ari.answersPings = false;
    socket = make({ clock });
    socket.start();
    await until('connected');
    await clock.advance(14_000);
    expect(socket.status.state).toBe('connected');
    await clock.advance(7_000);
    await until('connecting');
    await clock.advance(5_000);
    await ari.until(() => ari.connections === 2);
  });

  test('a switch that answers pings is not given up', async () => {
    const clock = new VirtualClock();
    socket = make({ clock });
    socket.start();
    await until('connected');
    for (let pings = 0; pings < 8; pings += 1) {
      await clock.advance(5_000);
      // A round trip of real time, in which the pong arrives.
      await socket.request('GET /bridges', { path: {} });
    }
    expect(socket.status.state).toBe('connected');
    expect(ari.connections).toBe(1);
  });

  test('once replaced it hears nothing, asks nothing and does not come back', async () => {
    socket.start();
    await until('connected');
    ari.say({ type: 'ApplicationReplaced', application: 'centralita' });
    ari.say({ type: 'StasisStart' });
    await until('replaced');
    expect(await createRoom()).toEqual({ outcome: 'unavailable', reason: 'replaced' });
    await socket.stop();
    expect(events).toEqual([]);
    expect(ari.connections).toBe(1);
    expect(socket.status.state).toBe('replaced');
  });

  test('what is not JSON is logged and skipped', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    socket = make({ logger });
    socket.start();
    await until('connected');
    ari.say('{"type":');
    ari.say({ type: 'StasisEnd' });
    await expect.poll(() => events).toEqual([{ type: 'StasisEnd' }]);
    expect(warnings).toEqual(['Asterisk sent something that is not JSON']);
  });
});
