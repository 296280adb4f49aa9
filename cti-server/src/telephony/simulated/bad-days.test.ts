import { beforeEach, describe, expect, test } from 'vitest';
import type { PlaceLegRequest, TelephonyEvent } from '../port.ts';
import { createSimulatedLine, VirtualClock, type Faults, type SimulatedLine } from './index.ts';

const placing = (legId: string, more: Partial<PlaceLegRequest> = {}): PlaceLegRequest => ({
  legId,
  callId: 'call',
  to: { kind: 'endpoint', endpoint: 'desk-1' },
  callerNumber: '+34600111222',
  callerName: 'Marta',
  ringTimeoutSeconds: 20,
  autoAnswer: false,
  ...more,
});

describe('The simulated line on bad days', () => {
  let clock: VirtualClock;
  const open = (faults: Faults = {}, seed = 1, more: { requestMs?: number; sharing?: SimulatedLine } = {}): { line: SimulatedLine; told: TelephonyEvent[] } => {
    const line = createSimulatedLine({ lineId: 'main', clock, seed, faults, ...more });
    const told: TelephonyEvent[] = [];
    line.onEvent((event) => void told.push(event));
    line.start();
    return { line, told };
  };
  const callers = (line: SimulatedLine, count: number): void => {
    for (let number = 0; number < count; number += 1) line.arrive({ fromNumber: `+3460000${String(number).padStart(4, '0')}`, toNumber: '900' });
  };
  beforeEach(() => {
    clock = new VirtualClock();
  });

  test('the same seed loses, repeats and delays the same events; another seed does not', async () => {
    const run = async (seed: number): Promise<string[]> => {
      clock = new VirtualClock();
      const { line, told } = open({ dropEvent: 0.2, repeatEvent: 0.2, delayEvent: 0.3, reorderEvent: 0.2 }, seed);
      callers(line, 60);
      await clock.advance(10_000);
      return told.map((event) => `${event.atMs} ${'legId' in event ? event.legId : ''}`);
    };
    const first = await run(7);
    expect(await run(7)).toEqual(first);
    expect(await run(8)).not.toEqual(first);
    const distinct = new Set(first);
    expect(distinct.size).toBeLessThan(60);
    expect(first.length).toBeGreaterThan(distinct.size);
  });

  test('an event that is dropped happened all the same', () => {
    const { line, told } = open({ dropEvent: 1 });
    callers(line, 1);
    expect(told).toEqual([]);
    expect(line.inspect().legs).toHaveLength(1);
  });

  test('an event that changes places comes right after the next one, or by itself when there is none', async () => {
    const { line, told } = open({ reorderEvent: 1 });
    callers(line, 2);
    expect(told.map((event) => ('legId' in event ? event.legId : ''))).toEqual(['caller-2', 'caller-1']);
    callers(line, 1);
    expect(told).toHaveLength(2);
    await clock.advance(1_000);
    expect(told).toHaveLength(3);
  });

  test('a request fails the way it was told to, once, and then works', async () => {
    const { line } = open();
    line.failNext('createRoom', { outcome: 'rejected' });
    line.failNext('createRoom', { outcome: 'unavailable' });
    line.failNext('createRoom', { outcome: 'unknown', happens: false });
    for (const outcome of ['rejected', 'unavailable', 'unknown']) expect(await line.createRoom('room')).toMatchObject({ outcome });
    expect(line.inspect().rooms).toEqual([]);
    line.failNext('createRoom', { outcome: 'unknown', happens: true });
    expect(await line.createRoom('room')).toMatchObject({ outcome: 'unknown' });
    expect(line.inspect().rooms).toHaveLength(1);
    expect(await line.createRoom('other')).toMatchObject({ outcome: 'ok' });
  });

  test('requests fail by chance in about the share that was asked for', async () => {
    const { line } = open({ rejectRequest: 0.2, loseRequest: 0.2, loseAnswer: 0.2 });
    const seen: Record<string, number> = {};
    for (let times = 0; times < 1_000; times += 1) {
      const { outcome } = await line.destroyRoom('room');
      seen[outcome] = (seen[outcome] ?? 0) + 1;
    }
    for (const outcome of ['rejected', 'unavailable', 'unknown']) expect(Math.abs((seen[outcome] ?? 0) - 200)).toBeLessThan(60);
  });

  test('hours of ringing pass at once, and to the millisecond', async () => {
    const { line, told } = open();
    line.devicePresent('desk-1', { kind: 'answers', afterMs: 4_000 });
    const startMs = clock.now();
    await line.placeLeg(placing('leg'));
    await clock.advance(3 * 3_600_000);
    expect(told.filter((event) => event.kind === 'legAnswered').map((event) => event.atMs - startMs)).toEqual([4_000]);
    expect(clock.now() - startMs).toBe(3 * 3_600_000);
  });

  test('a device in the hands of the test picks up, refuses and hangs up when it is told to', async () => {
    const { line, told } = open();
    line.devicePresent('desk-1', { kind: 'byHand' });
    await line.placeLeg(placing('first'));
    await line.placeLeg(placing('second'));
    await clock.advance(5_000);
    line.agentPicksUp('first');
    line.agentRefuses('second');
    line.agentHangsUp('first');
    const ends = told.flatMap((event) => (event.kind === 'legEnded' ? [`${event.legId} ${event.cause}`] : []));
    expect(ends).toEqual(['second refused', 'first normal']);
  });

  test('who hears what can be looked at: music, prompts and the others in the room', async () => {
    const { line } = open();
    line.devicePresent('desk-1', { kind: 'byHand' });
    const caller = line.arrive({ fromNumber: '+34600111222', toNumber: '900' });
    await line.answer(caller);
    await line.startMusic(caller);
    await line.play({ playbackId: 'p', legId: caller, prompts: [{ kind: 'sentence', name: 'welcome' }], language: 'es' });
    expect(line.hears(caller)).toEqual({ music: true, prompts: [{ kind: 'sentence', name: 'welcome' }], legs: [] });
    await clock.advance(2_000);
    await line.stopMusic(caller);
    await line.placeLeg(placing('agent'));
    line.agentPicksUp('agent');
    await line.createRoom('room');
    await line.join('room', [caller, 'agent']);
    expect(line.hears(caller)).toEqual({ music: false, prompts: null, legs: ['agent'] });
    expect(line.hears('agent').legs).toEqual([caller]);
  });

  test('what was under way when the socket broke never arrives, and its request is unknown', async () => {
    const { line, told } = open({ delayEvent: 1 }, 1, { requestMs: 50 });
    callers(line, 1);
    const outcome = line.createRoom('room');
    line.loseSocket();
    expect(await outcome).toMatchObject({ outcome: 'unknown' });
    line.reconnect();
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  test('a caller who comes while nobody holds the line is offered after the reconnection, unless he hung up', async () => {
    const { line, told } = open();
    line.loseSocket();
    const patient = line.arrive({ fromNumber: '+34600111222', toNumber: '900' });
    line.callerHangsUp(line.arrive({ fromNumber: '+34600333444', toNumber: '900' }));
    line.reconnect();
    await clock.advance(5_000);
    expect(told.map((event) => ('legId' in event ? event.legId : ''))).toEqual([patient]);
  });

  test('a server that starts anew finds the calls of the one before it', async () => {
    const before = open();
    callers(before.line, 1);
    const after = open({}, 2, { sharing: before.line });
    expect(before.line.status().state).toBe('replaced');
    expect(await after.line.alive()).toMatchObject({ outcome: 'ok', value: { legs: [{ legId: 'caller-1' }] } });
    callers(before.line, 1);
    expect(after.told).toHaveLength(1);
    expect(before.told).toHaveLength(1);
  });

  test('what a listener causes is told after what it is being told', async () => {
    const { line } = open();
    const order: string[] = [];
    line.onEvent((event) => {
      if (event.kind === 'legArrived') line.callerHangsUp(event.legId);
      order.push(`first ${event.kind}`);
    });
    line.onEvent((event) => void order.push(`second ${event.kind}`));
    callers(line, 1);
    expect(order).toEqual(['first legArrived', 'second legArrived', 'first legEnded', 'second legEnded']);
  });
});
