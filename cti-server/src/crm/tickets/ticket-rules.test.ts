import { expect, it } from 'vitest';
import { closedAtAfter, isOpen, ticketNumberIn } from './ticket-rules.ts';

const [earlier, now] = [new Date(1_000), new Date(2_000)];

it('open, in progress and waiting are open; solved and closed are not', () => {
  expect((['open', 'inProgress', 'waitingForCustomer', 'solved', 'closed'] as const).map(isOpen)).toEqual([true, true, true, false, false]);
});
it('is closed at the moment it is solved or closed, keeps that moment, and loses it when opened again', () => {
  expect(closedAtAfter('solved', null, now)).toBe(now);
  expect(closedAtAfter('closed', null, now)).toBe(now);
  expect(closedAtAfter('closed', earlier, now)).toBe(earlier);
  expect(closedAtAfter('inProgress', earlier, now)).toBeNull();
});
it.each([['1042', 1042], ['#1042', 1042], [' # 1042 ', 1042], ['１０４２', 1042], ['1042a', null], ['', null], ['-1', null], ['9'.repeat(16), null]])('%j is the number %s', (text, number) =>
  expect(ticketNumberIn(text)).toBe(number));
