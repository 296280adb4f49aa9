import { expect, test } from 'vitest';
import { addressOrigin, loginKey, retryAfterSeconds } from './throttle-rules.ts';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
])('%s belongs to %s', (address, origin) => {
  expect(addressOrigin(address)).toBe(origin);
});

test('the key of a login does not show it, and does not mind capitals', () => {
  expect(loginKey('Ana', '192.0.2.7')).toBe(loginKey('ANA', '::ffff:192.0.2.7'));
  expect(loginKey('Ana', '192.0.2.7')).not.toBe(loginKey('Ana', '192.0.2.8'));
  expect(loginKey('Ana', '192.0.2.7')).not.toMatch(/ana/);
});

test('a wait is never said to be shorter than it is', () => {
  expect(retryAfterSeconds(10_001, 0)).toBe(11);
  expect(retryAfterSeconds(10_000, 9_999)).toBe(1);
  expect(retryAfterSeconds(0, 0)).toBe(1);
});
