import { describe, expect, test } from 'vitest';
import { placeOfMicrophone } from './claim-rules.ts';
import { callId, deskWith } from './desk.fixture.ts';
import { receive } from './invite-rules.ts';
import { lossMs, shouldRejoin, type RejoinFacts } from './rejoin-rules.ts';
import { webSocketAddress } from './sip-connection.ts';

describe('a call that comes to this browser', () => {
  const plain = { callId, asksToPickUp: false };
  const auto = { callId, asksToPickUp: true };

  test('rings when the desk says that it rings', () => {
    expect(receive(plain, deskWith('ringing'))).toBe('ring');
  });
  test('waits for the news of it when it is faster than they are', () => {
    expect(receive(plain, deskWith(null))).toBe('wait');
    expect(receive(plain, null)).toBe('wait');
  });
  test.each(['talking', 'held', 'rejoining'] as const)('is picked up by itself only in the agent’s own call: %s', (state) => {
    expect(receive(auto, deskWith(state))).toBe('pickUp');
  });
  test('never opens the microphone by itself for a call that nobody has answered', () => {
    expect(receive(auto, deskWith('ringing'))).toBe('decline');
  });
  test('never opens the microphone for another call than the desk’s own', () => {
    expect(receive({ callId: 'another', asksToPickUp: true }, deskWith('talking'))).toBe('wait');
  });
  test('is declined when it names no call of ours, or one that has ended', () => {
    expect(receive({ callId: null, asksToPickUp: true }, deskWith('talking'))).toBe('decline');
    expect(receive(plain, deskWith('ended'))).toBe('decline');
  });
});

describe('coming back into a call', () => {
  const facts = (change: Partial<RejoinFacts> = {}): RejoinFacts => ({
    desk: deskWith('talking'),
    tabId: 'tab-1',
    hasMicrophone: true,
    registered: true,
    hereCallIds: [],
    lostAtMs: null,
    lastAskedAtMs: null,
    asked: 0,
    nowMs: 100_000,
    ...change,
  });

  test.each(['talking', 'held', 'rejoining'] as const)('is asked for at once after a reload: %s', (state) => {
    expect(shouldRejoin(facts({ desk: deskWith(state) }))).toBe(true);
  });
  test('is not asked for while the call is heard or rings here', () => {
    expect(shouldRejoin(facts({ hereCallIds: [callId] }))).toBe(false);
  });
  test('is not asked for a call that only rings, or is over', () => {
    expect(shouldRejoin(facts({ desk: deskWith('ringing') }))).toBe(false);
    expect(shouldRejoin(facts({ desk: deskWith('ended') }))).toBe(false);
    expect(shouldRejoin(facts({ desk: deskWith(null) }))).toBe(false);
  });
  test('waits a moment after the sound went, as the news of the end may still be on their way', () => {
    expect(shouldRejoin(facts({ lostAtMs: 100_000 - lossMs + 1 }))).toBe(false);
    expect(shouldRejoin(facts({ lostAtMs: 100_000 - lossMs }))).toBe(true);
  });
  test('is asked for by the tab with the microphone only', () => {
    expect(shouldRejoin(facts({ hasMicrophone: false }))).toBe(false);
    expect(shouldRejoin(facts({ tabId: 'tab-2' }))).toBe(false);
    expect(shouldRejoin(facts({ desk: deskWith('talking', { device: 'deskPhone' }) }))).toBe(false);
  });
  test('waits for the registration, as the switch would find nobody to ring', () => {
    expect(shouldRejoin(facts({ registered: false }))).toBe(false);
  });
  test('is asked for again with growing pauses', () => {
    expect(shouldRejoin(facts({ asked: 1, lastAskedAtMs: 100_000 - 4_000 }))).toBe(false);
    expect(shouldRejoin(facts({ asked: 1, lastAskedAtMs: 100_000 - 5_000 }))).toBe(true);
    expect(shouldRejoin(facts({ asked: 9, lastAskedAtMs: 100_000 - 10_000 }))).toBe(true);
  });
});

describe('where the microphone is', () => {
  const agent = (change = {}) => deskWith(null, change).agent;

  test('here, when the server and the lock agree', () => {
    expect(placeOfMicrophone(agent(), 'tab-1', 'mine')).toBe('here');
  });
  test('free for this tab after its own reload', () => {
    expect(placeOfMicrophone(agent(), 'tab-1', 'free')).toBe('free');
  });
  test('in another tab of this browser, when that one holds the lock', () => {
    expect(placeOfMicrophone(agent(), 'tab-2', 'another')).toBe('otherTab');
  });
  test('at another computer, when the server knows a tab that still answers', () => {
    expect(placeOfMicrophone(agent(), 'tab-2', 'free')).toBe('elsewhere');
    expect(placeOfMicrophone(agent(), 'tab-2', 'mine')).toBe('elsewhere');
  });
  test('free again when the tab that the server knows answers no more', () => {
    expect(placeOfMicrophone(agent({ reachable: false }), 'tab-2', 'free')).toBe('free');
    expect(placeOfMicrophone(agent({ deviceTabId: null }), 'tab-2', 'free')).toBe('free');
  });
  test('free at once when the tab of this browser that had it was closed, before the server knows', () => {
    expect(placeOfMicrophone(agent(), 'tab-2', 'free', 'tab-1')).toBe('free');
    expect(placeOfMicrophone(agent(), 'tab-2', 'another', 'tab-1')).toBe('otherTab');
  });
  test('on the desk phone, whatever tabs there are', () => {
    expect(placeOfMicrophone(agent({ device: 'deskPhone' }), 'tab-1', 'mine')).toBe('deskPhone');
  });
});

test('the switch is reached where the server says, or on the page’s own origin', () => {
  expect(webSocketAddress('ws://127.0.0.1:8088/ws', { protocol: 'http:', host: 'a' })).toBe('ws://127.0.0.1:8088/ws');
  expect(webSocketAddress('/sip', { protocol: 'https:', host: 'office:8443' })).toBe('wss://office:8443/sip');
  expect(webSocketAddress('/sip', { protocol: 'http:', host: '127.0.0.1:8080' })).toBe('ws://127.0.0.1:8080/sip');
});
