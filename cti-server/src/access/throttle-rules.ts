import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';

/** The brake on guessing: so many failures within the window, then nothing for the length of the window. */
export const failureWindowMs = 15 * 60_000;
export const failuresPerLoginAndAddress = 5;
/** Higher, because a whole office may share one address. */
export const failuresPerAddress = 30;

/**
 * The part of an address that one person holds: an IPv4 address whole, of an IPv6 address the first 64 bits, as a household or a
 * server has 2^64 of them to change through. Anything else is taken as it is.
 */
export function addressOrigin(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  const bare = address.split('%')[0] ?? '';
  if (!isIPv6(bare)) return address;
  const [head = '', tail = ''] = bare.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const groups = bare.includes('::') ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right] : left;
  return `${groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}

export const addressKey = (address: string): string => `address:${addressOrigin(address)}`;

/** Hashed: people type their password into the wrong field, and it must not lie in a table. */
export function loginKey(login: string, address: string): string {
  const hash = createHash('sha256').update(`${login.toLowerCase()}\n${addressOrigin(address)}`).digest('base64url');
  return `login:${hash}`;
}
export const ownPasswordKey = (userId: string): string => `password:${userId}`;
export const setupKey = (address: string): string => `setup:${addressOrigin(address)}`;

/** Whole seconds until `blockedUntilMs`, at least one. */
export const retryAfterSeconds = (blockedUntilMs: number, nowMs: number): number => Math.max(1, Math.ceil((blockedUntilMs - nowMs) / 1000));
