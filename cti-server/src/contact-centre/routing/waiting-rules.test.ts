import { describe, expect, test } from 'vitest';
import { type Calendar, queueInput } from '../../contracts/index.ts';
import { noneSince, overflowOf, type WaitingFacts, type WaitingQueue } from './waiting-rules.ts';

const other = '00000000-0000-7000-8000-000000000009';
const toOther = { to: 'queue', queueId: other } as const;
const voicemail = { to: 'voicemail' } as const;
const queue = (rules: object = {}): WaitingQueue => ({ ...queueInput.parse({ name: 'Cola', ...rules }), id: 'q' });
const facts = (more: Partial<WaitingFacts> = {}): WaitingFacts => ({
  queuedAtMs: null,
  waiting: 0,
  noneLoggedInSinceMs: null,
  noneReachableSinceMs: null,
  calendar: null,
  visitedQueueIds: [],
  ...more,
});
const monday = (time: string): number => Date.parse(`2026-11-23T${time}:00Z`);
const office: Calendar = { id: 'c', name: 'Oficina', timeZone: 'UTC', weekly: [{ weekday: 1, from: '09:00', to: '18:00' }], exceptions: [], version: 0 };
const now = monday('12:00');

test('a queue without rules lets everybody wait, for ever', () => {
  expect(overflowOf(queue(), facts(), now)).toEqual({ flowsOut: null, lookAgainAtMs: null });
  expect(overflowOf(queue(), facts({ queuedAtMs: 0, waiting: 999, noneLoggedInSinceMs: 0, noneReachableSinceMs: 0 }), now)).toEqual({
    flowsOut: null,
    lookAgainAtMs: null,
  });
});

describe('on arrival', () => {
  test('a full queue sends the next one away, and lets those in it wait', () => {
    const short = queue({ maxLength: 3, whenFull: toOther });
    expect(overflowOf(short, facts({ waiting: 2 }), now).flowsOut).toBeNull();
    expect(overflowOf(short, facts({ waiting: 3 }), now).flowsOut).toEqual({ action: toOther, reason: 'full' });
    expect(overflowOf(short, facts({ waiting: 3, queuedAtMs: now }), now).flowsOut).toBeNull();
  });
  test('a closed queue sends away whoever comes', () => {
    const closed = facts({ calendar: office });
    expect(overflowOf(queue({ afterHours: voicemail }), closed, monday('18:00')).flowsOut).toEqual({ action: voicemail, reason: 'closed' });
    expect(overflowOf(queue(), closed, monday('17:59')).flowsOut).toBeNull();
  });
});

describe('while waiting', () => {
  test('the longest wait ends it, at the instant that was named', () => {
    const patient = queue({ maxWaitSeconds: 60, afterMaxWait: voicemail });
    const { lookAgainAtMs } = overflowOf(patient, facts(), now);
    expect(lookAgainAtMs).toBe(now + 60_000);
    expect(overflowOf(patient, facts({ queuedAtMs: now }), now + 59_999).flowsOut).toBeNull();
    expect(overflowOf(patient, facts({ queuedAtMs: now }), now + 60_000).flowsOut).toEqual({ action: voicemail, reason: 'waitedTooLong' });
  });
  test('closing time lets those who wait be served, unless the queue says otherwise', () => {
    const waits = facts({ queuedAtMs: monday('17:58'), calendar: office });
    expect(overflowOf(queue(), waits, monday('18:30'))).toEqual({ flowsOut: null, lookAgainAtMs: null });
    const strict = queue({ atClosing: voicemail });
    expect(overflowOf(strict, waits, monday('17:58'))).toEqual({ flowsOut: null, lookAgainAtMs: monday('18:00') });
    expect(overflowOf(strict, waits, monday('18:00')).flowsOut).toEqual({ action: voicemail, reason: 'closing' });
  });
});

test('with nobody there calls flow out, once it is no mere reload, on arrival and while waiting', () => {
  const signedIn = queue({ noAgentsWhen: 'noneLoggedIn', noAgentsAfterSeconds: 30, whenNoAgents: toOther });
  const gone = { noneLoggedInSinceMs: now };
  expect(overflowOf(signedIn, facts(gone), now)).toEqual({ flowsOut: null, lookAgainAtMs: now + 30_000 });
  expect(overflowOf(signedIn, facts(gone), now + 30_000).flowsOut).toEqual({ action: toOther, reason: 'noAgents' });
  expect(overflowOf(signedIn, facts({ ...gone, queuedAtMs: now - 5 }), now + 30_000).flowsOut).toEqual({ action: toOther, reason: 'noAgents' });
  expect(overflowOf(signedIn, facts({ noneReachableSinceMs: 0 }), now).flowsOut).toBeNull();
  const reachable = queue({ noAgentsWhen: 'noneReachable', noAgentsAfterSeconds: 0, whenNoAgents: voicemail });
  expect(overflowOf(reachable, facts({ noneReachableSinceMs: now }), now).flowsOut).toEqual({ action: voicemail, reason: 'noAgents' });
});

test('a call is not sent back to where it was: it would go round for ever', () => {
  const full = queue({ maxLength: 0, whenFull: toOther });
  expect(overflowOf(full, facts({ visitedQueueIds: [other] }), now).flowsOut).toBeNull();
  const late = queue({ maxWaitSeconds: 10, afterMaxWait: toOther });
  expect(overflowOf(late, facts({ queuedAtMs: now - 60_000, visitedQueueIds: [other] }), now)).toEqual({ flowsOut: null, lookAgainAtMs: null });
});

test('closed comes before nobody there, and that before full', () => {
  const strict = queue({ maxLength: 0, whenFull: voicemail, noAgentsWhen: 'noneLoggedIn', noAgentsAfterSeconds: 0, whenNoAgents: toOther });
  const all = facts({ waiting: 5, noneLoggedInSinceMs: 0, calendar: office });
  expect(overflowOf(strict, all, monday('20:00')).flowsOut?.reason).toBe('closed');
  expect(overflowOf(strict, all, monday('12:00')).flowsOut?.reason).toBe('noAgents');
  expect(overflowOf(strict, { ...all, noneLoggedInSinceMs: null }, monday('12:00')).flowsOut?.reason).toBe('full');
});

test('since when nobody is there is kept until somebody comes', () => {
  expect(noneSince(null, 2, 100)).toBeNull();
  expect(noneSince(null, 0, 100)).toBe(100);
  expect(noneSince(100, 0, 200)).toBe(100);
  expect(noneSince(100, 1, 200)).toBeNull();
});
