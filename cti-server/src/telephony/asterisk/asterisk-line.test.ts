import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import { done } from '../conformance-bench.ts';
import { EventRecord } from '../event-record.ts';
import type { TelephonyPort } from '../port.ts';
import { FakeAri, type FakeRequest } from './fake-ari.ts';
import { createAsteriskLine } from './index.ts';

/** Moments of Asterisk that are too short to meet on purpose with a real one; each was seen there. */
describe('The line over Asterisk, in moments that pass quickly', () => {
  let ari: FakeAri;
  let line: TelephonyPort;
  let told: EventRecord;

  const channel = {
    ...{ id: 'caller', name: 'PJSIP/trunk-1', state: 'Up', caller: { name: 'Marta', number: '+34600111222' } },
    ...{ dialplan: { exten: '900', app_name: 'Stasis', app_data: 'centralita,inbound,900,0' }, creationtime: '2026-11-21T20:34:12.830+0000' },
  };
  const held = (request: FakeRequest): { status_code: number; message_body?: string } => {
    const bodies: Record<string, unknown> = {
      'applications/centralita': { channel_ids: ['caller'] },
      channels: [channel],
      bridges: [{ id: 'room', bridge_class: 'stasis', channels: ['caller'] }],
      'endpoints/PJSIP': [],
      'asterisk/info?only=status': { status: { startup_time: '2026-11-21T20:34:12.830+0000' } },
    };
    const body = request.method === 'GET' ? bodies[request.uri] : undefined;
    return body === undefined ? { status_code: 204 } : { status_code: 200, message_body: JSON.stringify(body) };
  };

  beforeEach(async () => {
    ari = await FakeAri.open();
    ari.answer = held;
    line = createAsteriskLine({ lineId: 'main', ariUrl: ari.url, user: 'centralita', password: 'secret', clock: systemClock, logger: silentLogger });
    told = new EventRecord(line);
    line.start();
    await told.until(() => line.status().state === 'connected', 'the connection');
  });
  afterEach(async () => {
    await line.stop();
    await ari.close();
  });

  test('a leg whose end was told is not alive, though Asterisk still lists its channel', async () => {
    ari.say({ type: 'StasisStart', args: ['inbound', '900', '0'], channel });
    await told.first('legArrived', { legId: 'caller' });
    expect(await line.alive()).toMatchObject({ outcome: 'ok', value: { legs: [{ legId: 'caller' }], rooms: [{ legIds: ['caller'] }] } });
    ari.say({ type: 'StasisEnd', channel });
    await told.first('legEnded', { legId: 'caller' });
    expect(await line.alive()).toMatchObject({ outcome: 'ok', value: { legs: [], rooms: [{ legIds: [] }] } });
  });

  test('a room that was ended is not listed, though Asterisk still does, until it is made again', async () => {
    expect(await line.destroyRoom('room')).toEqual(done);
    expect(await line.alive()).toMatchObject({ outcome: 'ok', value: { legs: [{ roomId: null }], rooms: [] } });
    await line.createRoom('room');
    expect(await line.alive()).toMatchObject({ outcome: 'ok', value: { legs: [{ roomId: 'room' }], rooms: [{ roomId: 'room' }] } });
  });

  test('a room that is just ending counts as gone for who ends it and who leaves it, not for who joins it', async () => {
    ari.answer = () => ({ status_code: 409, message_body: '{"message":"Bridge not in Stasis application"}' });
    expect(await line.destroyRoom('room')).toEqual(done);
    expect(await line.leave('room', 'caller')).toEqual(done);
    expect(await line.join('room', ['caller'])).toMatchObject({ outcome: 'rejected' });
  });

  test('unwanted events are refused at each connection, before anything else is asked', async () => {
    await ari.until(() => ari.requests.length > 0);
    ari.drop();
    await ari.until(() => ari.connections === 2);
    await ari.until(() => ari.requests.filter((request) => request.uri.endsWith('/eventFilter')).length === 2);
    const filters = ari.requests.filter((request) => request.uri.endsWith('/eventFilter'));
    expect(ari.requests[0]).toBe(filters[0]);
    expect(filters[1]?.message_body).toContain('ChannelVarset');
  });
});
