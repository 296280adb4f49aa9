import { expect, test } from 'vitest';
import { newBrowserEndpoint, newBrowserPassword, newReadablePassword, nextExtension, sipDigest } from './sip-password-rules.ts';

test('a password to be typed has no letters that look alike', () => {
  for (let i = 0; i < 200; i++) expect(newReadablePassword()).toMatch(/^[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){3}$/);
});

test('no two passwords or accounts are the same', () => {
  for (const make of [newReadablePassword, newBrowserPassword, newBrowserEndpoint])
    expect(new Set(Array.from({ length: 500 }, make)).size).toBe(500);
});

test("a browser's account is named as the switch takes it, its password is 24 characters long", () => {
  expect(newBrowserEndpoint()).toMatch(/^b-[0-9a-f]{16}$/);
  expect(newBrowserPassword()).toMatch(/^[A-Za-z0-9_-]{24}$/);
});

test("the digest is the one of RFC 2617's example", () => {
  expect(sipDigest('Mufasa', 'testrealm@host.com', 'Circle Of Life')).toBe('939e7578ed9e3c518a452acee763bce9');
});

test('the lowest free extension is given out, from 101', () => {
  expect(nextExtension(new Set())).toBe('101');
  expect(nextExtension(new Set(['101', '103']))).toBe('102');
  expect(nextExtension(new Set(['101', '102', '103', '500']))).toBe('104');
});
