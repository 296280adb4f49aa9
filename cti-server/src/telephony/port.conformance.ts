/** The promises of the telephony port, as tests that every adapter must pass. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { done, type Bench } from './conformance-bench.ts';
import type { ConformanceWorld } from './conformance-world.ts';
import { EventRecord } from './event-record.ts';
import { connectionPromises } from './port.conformance.connection.ts';
import { endpointPromises } from './port.conformance.endpoints.ts';
import { soundPromises } from './port.conformance.sound.ts';

export function telephonyPortConformance(name: string, makeWorld: () => Promise<ConformanceWorld>): void {
  describe(`${name} keeps the promises of the telephony port:`, () => {
    const bench = {} as Bench;
    beforeAll(async () => {
      bench.world = await makeWorld();
    }, 120_000);
    afterAll(() => bench.world.close());
    beforeEach(() => connect(bench));
    afterEach(async () => {
      await bench.world.tidyUp();
      await bench.line.stop();
    });

    callerPromises(bench);
    placedLegPromises(bench);
    roomPromises(bench);
    soundPromises(bench);
    endpointPromises(bench);
    connectionPromises(bench);
  });
}

async function connect(bench: Bench): Promise<void> {
  const { world } = bench;
  const line = world.makeLine();
  const told = new EventRecord(line);
  line.start();
  await told.until(() => line.status().state === 'connected', 'the connection');
  const place: Bench['place'] = (endpoint, more = {}) => ({
    legId: `leg-${randomUUID()}`,
    callId: randomUUID(),
    to: { kind: 'endpoint', endpoint },
    callerNumber: '+34600111222',
    callerName: 'Marta',
    ringTimeoutSeconds: 20,
    autoAnswer: false,
    ...more,
  });
  const phone: Bench['phone'] = async (way) => {
    const endpoint = `phone-${randomUUID().slice(0, 8)}`;
    const password = randomUUID();
    expect(await line.provisionEndpoint({ endpoint, device: 'deskPhone', password, displayName: 'Phone' })).toEqual(done);
    expect(await world.phoneRegisters(endpoint, password, way)).toBe(true);
    await told.first('endpointPresent', { endpoint });
    return endpoint;
  };
  const alive: Bench['alive'] = async () => {
    const outcome = await line.alive();
    if (outcome.outcome !== 'ok') throw new Error(`alive: ${outcome.outcome} ${outcome.reason}`);
    return outcome.value;
  };
  Object.assign(bench, {
    line,
    told,
    place,
    phone,
    alive,
    aliveLeg: async (legId: string) => (await alive()).legs.find((leg) => leg.legId === legId),
    async caller() {
      const fromNumber = `+3460${String(Math.floor(Math.random() * 1e7)).padStart(7, '0')}`;
      const who = await world.callerRings(fromNumber, 'Marta', '900');
      const { legId } = await told.first('legArrived', { fromNumber });
      return { legId, ...who };
    },
    async answeredLeg() {
      const endpoint = await phone('answers');
      const request = place(endpoint);
      expect(await line.placeLeg(request)).toEqual(done);
      await told.first('legAnswered', { legId: request.legId });
      return { legId: request.legId, endpoint };
    },
  } satisfies Partial<Bench>);
}

function callerPromises(bench: Bench): void {
  test('a caller arrives once, with both numbers and a name, not answered yet', async () => {
    await bench.world.callerRings('+34600111222', 'Marta', '900');
    const arrival = await bench.told.first('legArrived');
    expect(arrival).toMatchObject({ fromNumber: '+34600111222', fromName: 'Marta', toNumber: '900', answered: false });
    expect(await bench.aliveLeg(arrival.legId)).toMatchObject({ state: 'ringing', arrived: true, fromNumber: '+34600111222', fromName: 'Marta', toNumber: '900', roomId: null });
    expect(bench.told.all('legArrived')).toHaveLength(1);
  });

  test('a caller who was answered is up, and answering again changes nothing', async () => {
    const { legId } = await bench.caller();
    expect(await bench.line.answer(legId)).toEqual(done);
    expect(await bench.line.answer(legId)).toEqual(done);
    expect(await bench.aliveLeg(legId)).toMatchObject({ state: 'up' });
  });

  test('a caller who hangs up before the answer ends once, as normal', async () => {
    const { legId, hangUp } = await bench.caller();
    await hangUp();
    expect(await bench.told.first('legEnded', { legId })).toMatchObject({ cause: 'normal' });
    expect(await bench.aliveLeg(legId)).toBeUndefined();
    expect(bench.told.all('legEnded', { legId })).toHaveLength(1);
  });

  test('a caller who hangs up while talking ends once, as normal', async () => {
    const { legId, hangUp } = await bench.caller();
    await bench.line.answer(legId);
    await hangUp();
    expect(await bench.told.first('legEnded', { legId })).toMatchObject({ cause: 'normal' });
    expect(await bench.aliveLeg(legId)).toBeUndefined();
    expect(bench.told.all('legEnded', { legId })).toHaveLength(1);
  });

  test('hanging up ends a leg once, and again is still ok', async () => {
    const { legId } = await bench.caller();
    expect(await bench.line.hangUp(legId, 'busy')).toEqual(done);
    await bench.told.first('legEnded', { legId });
    expect(await bench.line.hangUp(legId, 'normal')).toEqual(done);
    expect(await bench.line.hangUp('never-there', 'normal')).toEqual(done);
    expect(bench.told.all('legEnded', { legId })).toHaveLength(1);
  });

  test('what a caller presses is told digit by digit, in order', async () => {
    const { legId, press } = await bench.caller();
    await bench.line.answer(legId);
    await bench.line.startMusic(legId);
    for (const digit of ['1', '#']) {
      await press(digit);
      await bench.told.first('digitPressed', { legId, digit });
    }
    expect(bench.told.all('digitPressed', { legId }).map((event) => event.digit)).toEqual(['1', '#']);
  });

  test('answering a leg that is gone is rejected', async () => {
    expect(await bench.line.answer('never-there')).toMatchObject({ outcome: 'rejected' });
  });
}

function placedLegPromises(bench: Bench): void {
  const kindsOf = (legId: string): string[] => bench.told.told.flatMap((event) => ('legId' in event && event.legId === legId ? [event.kind] : []));

  test('a placed leg rings, is answered and ends, each once and in this order', async () => {
    const endpoint = await bench.phone('answers');
    const request = bench.place(endpoint);
    expect(await bench.line.placeLeg(request)).toEqual(done);
    await bench.told.first('legAnswered', { legId: request.legId });
    expect(await bench.aliveLeg(request.legId)).toMatchObject({ state: 'up', arrived: false, toNumber: endpoint, roomId: null });
    await bench.world.phoneHangsUp(endpoint);
    expect(await bench.told.first('legEnded', { legId: request.legId })).toMatchObject({ cause: 'normal' });
    expect(await bench.aliveLeg(request.legId)).toBeUndefined();
    expect(kindsOf(request.legId)).toEqual(['legRinging', 'legAnswered', 'legEnded']);
  });

  test('a phone that refuses ends its leg as refused, without an answer', async () => {
    const request = bench.place(await bench.phone('refuses'));
    expect(await bench.line.placeLeg(request)).toEqual(done);
    expect(await bench.told.first('legEnded', { legId: request.legId })).toMatchObject({ cause: 'refused' });
    expect(bench.told.all('legAnswered', { legId: request.legId })).toHaveLength(0);
  });

  test('a busy phone ends its leg as busy, without ringing', async () => {
    const request = bench.place(await bench.phone('isBusy'));
    expect(await bench.line.placeLeg(request)).toEqual(done);
    expect(await bench.told.first('legEnded', { legId: request.legId })).toMatchObject({ cause: 'busy' });
    expect(kindsOf(request.legId)).toEqual(['legEnded']);
  });

  test('a leg that nobody answers ends as noAnswer when its ring time is over', async () => {
    const request = bench.place(await bench.phone('neverAnswers'), { ringTimeoutSeconds: 1 });
    expect(await bench.line.placeLeg(request)).toEqual(done);
    expect(await bench.told.first('legEnded', { legId: request.legId })).toMatchObject({ cause: 'noAnswer' });
    expect(kindsOf(request.legId)).toEqual(['legRinging', 'legEnded']);
  });

  test('a ringing leg that we hang up ends once, without an answer', async () => {
    const request = bench.place(await bench.phone('neverAnswers'));
    await bench.line.placeLeg(request);
    await bench.told.first('legRinging', { legId: request.legId });
    expect(await bench.aliveLeg(request.legId)).toMatchObject({ state: 'ringing', arrived: false });
    expect(await bench.line.hangUp(request.legId, 'normal')).toEqual(done);
    expect(await bench.told.first('legEnded', { legId: request.legId })).toMatchObject({ cause: 'normal' });
    expect(kindsOf(request.legId)).toEqual(['legRinging', 'legEnded']);
  });

  test('a leg to an account where nothing is registered is rejected at once', async () => {
    const endpoint = `phone-${randomUUID().slice(0, 8)}`;
    await bench.line.provisionEndpoint({ endpoint, device: 'deskPhone', password: randomUUID(), displayName: 'Phone' });
    expect(await bench.line.placeLeg(bench.place(endpoint))).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.placeLeg(bench.place('no-such-account'))).toMatchObject({ outcome: 'rejected' });
    await bench.line.removeEndpoint(endpoint);
  });

  test('a leg id is good for one leg: the second request is rejected and the first leg goes on', async () => {
    const request = bench.place(await bench.phone('neverAnswers'));
    expect(await bench.line.placeLeg(request)).toEqual(done);
    expect(await bench.line.placeLeg(request)).toMatchObject({ outcome: 'rejected' });
    expect(await bench.aliveLeg(request.legId)).toMatchObject({ state: 'ringing' });
  });

  test('an address that is more than an address is rejected', async () => {
    expect(await bench.line.placeLeg(bench.place('phone,1&Local/900@from-trunk'))).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.placeLeg(bench.place('', { to: { kind: 'number', number: '900@elsewhere.example' } }))).toMatchObject({ outcome: 'rejected' });
  });
}

function roomPromises(bench: Bench): void {
  const newRoom = async (): Promise<string> => {
    const roomId = `room-${randomUUID()}`;
    expect(await bench.line.createRoom(roomId)).toEqual(done);
    return roomId;
  };

  test('a room holds the legs that joined it, and no longer the one that left', async () => {
    const roomId = await newRoom();
    const customer = await bench.caller();
    await bench.line.answer(customer.legId);
    const agent = await bench.answeredLeg();
    expect(await bench.line.join(roomId, [customer.legId, agent.legId])).toEqual(done);
    const room = (await bench.alive()).rooms.find((each) => each.roomId === roomId);
    expect(room?.legIds.toSorted()).toEqual([customer.legId, agent.legId].toSorted());
    expect(await bench.aliveLeg(customer.legId)).toMatchObject({ roomId });
    expect(await bench.line.leave(roomId, agent.legId)).toEqual(done);
    expect((await bench.alive()).rooms.find((each) => each.roomId === roomId)?.legIds).toEqual([customer.legId]);
    expect(await bench.aliveLeg(agent.legId)).toMatchObject({ state: 'up', roomId: null });
    expect(await bench.line.destroyRoom(roomId)).toEqual(done);
  });

  test('making a room twice and joining twice change nothing', async () => {
    const roomId = await newRoom();
    const { legId } = await bench.caller();
    await bench.line.answer(legId);
    expect(await bench.line.join(roomId, [legId])).toEqual(done);
    expect(await bench.line.createRoom(roomId)).toEqual(done);
    expect(await bench.line.join(roomId, [legId])).toEqual(done);
    expect((await bench.alive()).rooms.find((each) => each.roomId === roomId)?.legIds).toEqual([legId]);
    await bench.line.destroyRoom(roomId);
  });

  test('a room that ends leaves its legs alive and alone, and ends again without complaint', async () => {
    const roomId = await newRoom();
    const { legId } = await bench.caller();
    await bench.line.answer(legId);
    await bench.line.join(roomId, [legId]);
    expect(await bench.line.destroyRoom(roomId)).toEqual(done);
    expect(await bench.line.destroyRoom(roomId)).toEqual(done);
    expect((await bench.alive()).rooms.some((each) => each.roomId === roomId)).toBe(false);
    expect(await bench.aliveLeg(legId)).toMatchObject({ state: 'up', roomId: null });
  });

  test('joining another room moves the leg', async () => {
    const [first, second] = [await newRoom(), await newRoom()];
    const { legId } = await bench.caller();
    await bench.line.answer(legId);
    await bench.line.join(first, [legId]);
    expect(await bench.line.join(second, [legId])).toEqual(done);
    expect(await bench.aliveLeg(legId)).toMatchObject({ roomId: second });
    await bench.line.destroyRoom(first);
    await bench.line.destroyRoom(second);
  });

  test('a room outlives a leg that ends in it', async () => {
    const roomId = await newRoom();
    const { legId, hangUp } = await bench.caller();
    await bench.line.answer(legId);
    await bench.line.join(roomId, [legId]);
    await hangUp();
    await bench.told.first('legEnded', { legId });
    expect((await bench.alive()).rooms.find((each) => each.roomId === roomId)?.legIds).toEqual([]);
    await bench.line.destroyRoom(roomId);
  });

  test('joining a room that is not there, or with a leg that is not there, is rejected; leaving is ok', async () => {
    const roomId = await newRoom();
    const { legId } = await bench.caller();
    expect(await bench.line.join('no-such-room', [legId])).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.join(roomId, ['never-there'])).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.leave(roomId, legId)).toEqual(done);
    expect(await bench.line.leave(roomId, 'never-there')).toEqual(done);
    expect(await bench.line.leave('no-such-room', legId)).toEqual(done);
    await bench.line.destroyRoom(roomId);
  });
}
