import { expect, test } from 'vitest';
import { deskWith } from '#lib/softphone/desk.fixture.ts';
import { mayReplace } from './desk-order.ts';

test('an answer that was overtaken by the socket does not bring back the past', () => {
  expect(mayReplace(deskWith('talking', { version: 5 }), deskWith('ringing', { version: 4 }))).toBe(false);
  const older = deskWith('ringing');
  if (older.call !== null) older.call.version = 2;
  expect(mayReplace(deskWith('talking'), older)).toBe(false);
});

test('an answer that is as new or newer is shown', () => {
  expect(mayReplace(null, deskWith(null))).toBe(true);
  expect(mayReplace(deskWith('talking'), deskWith('talking'))).toBe(true);
  expect(mayReplace(deskWith('talking'), deskWith(null, { version: 2 }))).toBe(true);
});
