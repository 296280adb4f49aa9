/** Promises about connections that break, switches that restart and lines that another server takes. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { done, type Bench } from './conformance-bench.ts';
import { EventRecord } from './event-record.ts';

export function connectionPromises(bench: Bench): void {
  const isConnected = (): boolean => bench.line.status().state === 'connected';
  const lost = (): Promise<void> => bench.told.until(() => !isConnected(), 'the loss of the connection');
  const back = (): Promise<void> => bench.told.until(isConnected, 'the connection', 20_000);

  test('a line that was not started asks nothing of the switch', async () => {
    const line = bench.world.makeLine();
    expect(line.status().state).toBe('connecting');
    expect(await line.createRoom('room')).toMatchObject({ outcome: 'unavailable' });
    expect(await line.alive()).toMatchObject({ outcome: 'unavailable' });
  });

  test('without a connection requests are unavailable, and work again after it is back', async () => {
    bench.world.cut();
    await lost();
    const roomId = `room-${randomUUID()}`;
    expect(await bench.line.createRoom(roomId)).toMatchObject({ outcome: 'unavailable' });
    bench.world.mend();
    await back();
    expect((await bench.alive()).rooms.some((room) => room.roomId === roomId)).toBe(false);
    expect(await bench.line.createRoom(roomId)).toEqual(done);
    expect(await bench.line.destroyRoom(roomId)).toEqual(done);
  });

  test('calls outlive a lost connection, and their events are told again after it is back', async () => {
    const { legId, hangUp } = await bench.caller();
    await bench.line.answer(legId);
    bench.world.cut();
    await lost();
    bench.world.mend();
    await back();
    expect(await bench.aliveLeg(legId)).toMatchObject({ state: 'up' });
    await hangUp();
    await bench.told.first('legEnded', { legId });
  });

  test('the gap is told before any event that is newer', async () => {
    bench.world.cut();
    await lost();
    const before = bench.told.told.length;
    await bench.world.callerRings('+34600999888', 'Waiting', '900');
    bench.world.mend();
    const arrival = await bench.told.first('legArrived', { fromNumber: '+34600999888' }, 20_000);
    const newer = bench.told.told.slice(before);
    expect(newer[0]).toEqual({ kind: 'gap' });
    expect(newer.indexOf(arrival)).toBeGreaterThan(0);
  });

  test('a leg that ended while the connection was away is missing from what is alive', async () => {
    const { legId, hangUp } = await bench.caller();
    await bench.line.answer(legId);
    bench.world.cut();
    await lost();
    await hangUp();
    bench.world.mend();
    await back();
    await expect.poll(() => bench.aliveLeg(legId), { timeout: 5_000 }).toBeUndefined();
    expect(bench.told.all('legEnded', { legId })).toHaveLength(0);
  });

  test('a request whose answer is lost is unknown, whether or not it happened', async () => {
    const roomId = `room-${randomUUID()}`;
    const outcome = await bench.world.loseTheAnswerOf(() => bench.line.createRoom(roomId));
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    bench.world.mend();
    await back();
    expect(await bench.line.createRoom(roomId)).toEqual(done);
    expect((await bench.alive()).rooms.filter((room) => room.roomId === roomId)).toHaveLength(1);
    await bench.line.destroyRoom(roomId);
  });

  test('after a restart of the switch nothing is alive, and its start is another one', async () => {
    await bench.caller();
    const roomId = `room-${randomUUID()}`;
    await bench.line.createRoom(roomId);
    const before = await bench.alive();
    await bench.world.restartSwitch();
    await bench.told.until(() => bench.told.told.filter((event) => 'kind' in event && event.kind === 'gap').length >= 2, 'the second gap', 30_000);
    await back();
    const after = await bench.alive();
    expect(after.legs).toEqual([]);
    expect(after.rooms).toEqual([]);
    expect(after.switchStartedAtMs).toBeGreaterThan(before.switchStartedAtMs);
    await bench.caller();
  }, 60_000);

  test('a line that another server took is replaced, does nothing more, and the other one has the calls', async () => {
    const { legId, hangUp } = await bench.caller();
    const other = bench.world.makeLine();
    const toldToOther = new EventRecord(other);
    other.start();
    await bench.told.until(() => bench.line.status().state === 'replaced', 'the replacement');
    expect(await bench.line.answer(legId)).toMatchObject({ outcome: 'unavailable' });
    await toldToOther.until(() => other.status().state === 'connected', 'the connection of the other');
    expect(await other.answer(legId)).toEqual(done);
    await hangUp();
    await toldToOther.first('legEnded', { legId });
    expect(bench.told.all('legEnded', { legId })).toHaveLength(0);
    expect(bench.line.status().state).toBe('replaced');
    await other.stop();
  });

  test('a line that was stopped stays stopped, and its calls live on', async () => {
    const { legId } = await bench.caller();
    await bench.line.stop();
    expect(await bench.line.alive()).toMatchObject({ outcome: 'unavailable' });
    bench.line.start();
    await back();
    expect(await bench.aliveLeg(legId)).toBeDefined();
  });
}
