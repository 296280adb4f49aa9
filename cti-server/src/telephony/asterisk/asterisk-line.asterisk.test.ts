import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openEar, type Ear } from '../../../../e2e/ear.ts';
import { done } from '../conformance-bench.ts';
import { EventRecord } from '../event-record.ts';
import { telephonyPortConformance } from '../port.conformance.ts';
import type { PlaceLegRequest, TelephonyPort } from '../port.ts';
import { asteriskWorld, type AsteriskWorld } from './asterisk-world.ts';

telephonyPortConformance('Asterisk', asteriskWorld);

/** A tone passes at -9 dB; a leak from elsewhere, or the music, is far below the first bound at a single pitch. */
const isHeard = (level: number): boolean => level > -20;
const isSilent = (level: number): boolean => level < -35;

describe('Asterisk', () => {
  let world: AsteriskWorld;
  let line: TelephonyPort;
  let told: EventRecord;
  const ears: Ear[] = [];
  const ear = async (toneHz: number): Promise<Ear> => {
    const opened = await openEar(toneHz);
    ears.push(opened);
    return opened;
  };
  const account = () => ({ endpoint: `phone-${randomUUID().slice(0, 8)}`, device: 'deskPhone', password: randomUUID(), displayName: 'Ana' }) as const;
  const placing = (endpoint: string, more: Partial<PlaceLegRequest> = {}): PlaceLegRequest => ({
    legId: `leg-${randomUUID()}`,
    callId: randomUUID(),
    to: { kind: 'endpoint', endpoint },
    callerNumber: '+34600111222',
    callerName: 'Marta',
    ringTimeoutSeconds: 20,
    autoAnswer: false,
    ...more,
  });

  beforeAll(async () => {
    world = await asteriskWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    line = world.makeLine();
    told = new EventRecord(line);
    line.start();
    await told.until(() => line.status().state === 'connected', 'the connection');
  });
  afterEach(async () => {
    await world.tidyUp();
    for (const each of ears.splice(0)) each.close();
    await line.stop();
  });

  test('two legs in a room hear each other, and no longer once one has left; a waiting caller hears music', async () => {
    const customerEar = await ear(440);
    const agentEar = await ear(1000);
    await world.callerWithEar('+34600111222', customerEar.port);
    const { legId: customer } = await told.first('legArrived');
    await line.answer(customer);
    await line.startMusic(customer);
    await expect.poll(() => customerEar.loudness(), { timeout: 5_000 }).toBeGreaterThan(-40);

    const phone = account();
    await line.provisionEndpoint(phone);
    await world.phoneWithEar(phone.endpoint, phone.password, agentEar.port);
    await told.first('endpointPresent', { endpoint: phone.endpoint });
    const leg = placing(phone.endpoint);
    expect(await line.placeLeg(leg)).toEqual(done);
    await told.first('legAnswered', { legId: leg.legId });

    await line.createRoom('room');
    await line.stopMusic(customer);
    expect(await line.join('room', [customer, leg.legId])).toEqual(done);
    await expect.poll(() => isHeard(agentEar.hears(440)), { timeout: 5_000 }).toBe(true);
    await expect.poll(() => isHeard(customerEar.hears(1000)), { timeout: 5_000 }).toBe(true);
    // Neither tone is processed on its way: the cheapest kind of bridge.
    expect(await world.asterisk.command('bridge show all')).toContain('native_rtp');

    await line.leave('room', customer);
    await line.startMusic(customer);
    await expect.poll(() => isSilent(customerEar.hears(1000)), { timeout: 5_000 }).toBe(true);
    expect(isSilent(agentEar.hears(440))).toBe(true);
    await line.destroyRoom('room');
  });

  test('the caller of a self-test speaks, and the agent hears the voice', async () => {
    const agentEar = await ear(1000);
    const phone = account();
    await line.provisionEndpoint(phone);
    await world.phoneWithEar(phone.endpoint, phone.password, agentEar.port);
    await told.first('endpointPresent', { endpoint: phone.endpoint });
    await line.dialIn({ fromNumber: '+34911222333', fromName: 'Lola', toNumber: '900', language: 'es' });
    const { legId } = await told.first('legArrived');
    const leg = placing(phone.endpoint);
    await line.placeLeg(leg);
    await told.first('legAnswered', { legId: leg.legId });
    await line.createRoom('room');
    await line.answer(legId);
    expect(await line.join('room', [legId, leg.legId])).toEqual(done);
    await expect.poll(() => agentEar.loudness(), { timeout: 8_000 }).toBeGreaterThan(-40);
    await line.destroyRoom('room');
  });

  test('a phone is told which call it is, and to pick up by itself when it is asked to', async () => {
    const phone = account();
    await line.provisionEndpoint(phone);
    const held = await world.phoneWithEar(phone.endpoint, phone.password, (await ear(1000)).port);
    await told.first('endpointPresent', { endpoint: phone.endpoint });
    for (const autoAnswer of [false, true]) {
      const leg = placing(phone.endpoint, { autoAnswer });
      await line.placeLeg(leg);
      await told.first('legAnswered', { legId: leg.legId });
      const notes = await held.notes();
      expect(notes).toContain(`X-Centralita-Call: ${leg.callId}`);
      expect(notes.some((note) => note.includes('answer-after=0'))).toBe(autoAnswer);
      expect(notes.includes('X-Centralita-Auto-Answer: yes')).toBe(autoAnswer);
      await line.hangUp(leg.legId, 'normal');
      await told.first('legEnded', { legId: leg.legId });
    }
  });

  test('a browser account is one for WebRTC', async () => {
    const browser = { ...account(), endpoint: `b-${randomUUID().slice(0, 8)}`, device: 'browser' } as const;
    expect(await line.provisionEndpoint(browser)).toEqual(done);
    const shown = await world.asterisk.command(`pjsip show endpoint ${browser.endpoint}`);
    expect(shown).toMatch(/webrtc\s+: yes/);
    expect(shown).toMatch(/media_address\s+: 127\.0\.0\.1/);
    expect(shown).toMatch(/allow\s+: \(alaw\|ulaw\|opus\)/);
    expect(shown).not.toContain(browser.password);
    expect(await line.removeEndpoint(browser.endpoint)).toEqual(done);
  });

  test('a connection that only swallows is unknown to who asked', async () => {
    const hurried = world.makeLine({ requestTimeoutMs: 150 });
    const toldToHurried = new EventRecord(hurried);
    hurried.start();
    await toldToHurried.until(() => hurried.status().state === 'connected', 'the connection');
    world.wire.freeze();
    expect(await hurried.createRoom('room')).toMatchObject({ outcome: 'unknown' });
    world.wire.cut();
    await hurried.stop();
  });

  test('few events a call come that mean nothing here, also after a new connection', async () => {
    world.cut();
    await told.until(() => line.status().state !== 'connected', 'the loss');
    world.mend();
    await told.until(() => line.status().state === 'connected', 'the connection', 20_000);
    const caller = await world.callerRings('+34600111222', 'Marta', '900');
    const { legId } = await told.first('legArrived');
    await line.answer(legId);
    await line.createRoom('room');
    await line.join('room', [legId]);
    await caller.hangUp();
    await told.first('legEnded', { legId });
    await line.destroyRoom('room');
    expect((line as TelephonyPort & { unneededEvents: number }).unneededEvents).toBe(0);
  });
});
