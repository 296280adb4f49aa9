import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../simulated/index.ts';
import type { AriEvent } from './ari-events.ts';
import { readAriEvent } from './ari-events.ts';
import { LegWatch } from './leg-watch.ts';

const channel = (id: string, state: string) => ({ id, name: `PJSIP/x-${id}`, state, caller: { name: 'Marta', number: '+34600111222' }, dialplan: { exten: '900' } });
const entered = (id: string, args: string[], state = 'Up'): AriEvent => ({ type: 'StasisStart', args, channel: channel(id, state) });
const state = (id: string, name: string): AriEvent => ({ type: 'ChannelStateChange', channel: channel(id, name) });
const left = (id: string): AriEvent => ({ type: 'StasisEnd', channel: channel(id, 'Up') });
const destroyed = (id: string, cause: number): AriEvent => ({ type: 'ChannelDestroyed', cause, cause_txt: 'as it says', channel: channel(id, 'Up') });
const played = (id: string, how = 'done'): AriEvent => ({ type: 'PlaybackFinished', playback: { id, state: how, target_uri: 'channel:caller' } });
const device = (name: string, how: string): AriEvent => ({ type: 'DeviceStateChanged', device_state: { name, state: how } });

describe('Asterisk’s events', () => {
  let clock: VirtualClock;
  let watch: LegWatch;
  const kinds = (...events: AriEvent[]): (string | undefined)[] => events.map((event) => watch.translate(event)?.kind);
  beforeEach(() => {
    clock = new VirtualClock();
    watch = new LegWatch(clock);
  });

  test('each fact is told once when every event comes twice', () => {
    const twice = (event: AriEvent): AriEvent[] => [event, event];
    const call = [state('leg', 'Ringing'), state('leg', 'Up'), entered('leg', ['placed']), left('leg'), destroyed('leg', 16)];
    expect(kinds(...call.flatMap(twice)).filter((kind) => kind !== undefined)).toEqual(['legRinging', 'legAnswered', 'legEnded']);
  });

  test('ringing that is told late, after the answer, is not news', () => {
    expect(kinds(entered('leg', ['placed']), state('leg', 'Ringing'))).toEqual(['legAnswered', undefined]);
  });

  test('nothing is told of a leg after its end', () => {
    expect(kinds(destroyed('leg', 17), state('leg', 'Ringing'), entered('leg', ['placed']), left('leg'))).toEqual(['legEnded', undefined, undefined, undefined]);
  });

  test('the first cause of an end is kept', () => {
    expect(watch.translate(destroyed('leg', 21))).toMatchObject({ cause: 'refused' });
    expect(watch.translate(left('leg'))).toBeNull();
  });

  test('the name of what ended is forgotten after a minute, so that what is remembered stays bounded', async () => {
    expect(kinds(left('leg'))).toEqual(['legEnded']);
    await clock.advance(60_001);
    expect(kinds(left('other'), left('leg'))).toEqual(['legEnded', 'legEnded']);
  });

  test('a caller’s own state changes tell nothing', () => {
    expect(kinds(entered('caller', ['inbound', '900', '0'], 'Ring'), state('caller', 'Up'))).toEqual(['legArrived', undefined]);
  });

  test('a caller whom the waiting loop had answered already arrives as answered', () => {
    expect(watch.translate(entered('caller', ['inbound', '901', '12'], 'Up'))).toMatchObject({ kind: 'legArrived', toNumber: '901', answered: true });
  });

  test('a channel that came into the application by another way is left alone', () => {
    expect(kinds(entered('other', ['agent', '123']), entered('another', []))).toEqual([undefined, undefined]);
  });

  test('an announcement that was stopped is not completed, though Asterisk says done', () => {
    watch.willStop('p1');
    expect(watch.translate(played('p1'))).toMatchObject({ kind: 'playbackEnded', completed: false });
    expect(watch.translate(played('p2'))).toMatchObject({ completed: true });
    expect(watch.translate(played('p3', 'failed'))).toMatchObject({ completed: false });
    expect(watch.translate(played('p2'))).toBeNull();
  });

  test('a device is told as present once, whatever it does, and as gone once', () => {
    const ways = ['NOT_INUSE', 'RINGING', 'INUSE', 'NOT_INUSE', 'UNAVAILABLE', 'INVALID', 'BUSY'];
    expect(kinds(...ways.map((how) => device('PJSIP/desk-1', how)))).toEqual(
      ['endpointPresent', undefined, undefined, undefined, 'endpointGone', undefined, 'endpointPresent'],
    );
    expect(kinds(device('Stasis:lights', 'INUSE'))).toEqual([undefined]);
  });

  test('events that are none of our business are told apart from broken ones', () => {
    expect(readAriEvent({ type: 'ChannelTalkingStarted' })).toBe('unneeded');
    expect(readAriEvent({ type: 'StasisEnd' })).toMatchObject({ problem: expect.stringContaining('channel') as string });
    expect(readAriEvent('hello')).not.toMatchObject({ type: 'StasisEnd' });
    expect(readAriEvent({ ...left('leg'), application: 'centralita', asterisk_id: 'x' })).toEqual(left('leg'));
  });
});
