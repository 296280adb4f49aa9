import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Without letters and digits that are taken for one another: people type these on a telephone. */
const readable = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Sixteen letters and digits in four groups, some 79 bits of chance. */
export function newReadablePassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => readable[randomInt(readable.length)] ?? '').join('');
  return [group(), group(), group(), group()].join('-');
}

/** 24 characters, 144 bits of chance: for a browser, which reads it by itself. */
export const newBrowserPassword = (): string => randomBytes(18).toString('base64url');

/** Name of a browser's SIP account: `b-` and 16 hexadecimal digits. */
export const newBrowserEndpoint = (): string => `b-${randomBytes(8).toString('hex')}`;

/** MD5 of `user:realm:password` in hexadecimal, which is all that SIP's digest authentication (RFC 2617) needs to know of a password. */
export const sipDigest = (user: string, realm: string, password: string): string =>
  createHash('md5').update(`${user}:${realm}:${password}`).digest('hex');

/** Desk phones are numbered from here. */
export const firstExtension = 101;

/** The lowest free extension. */
export function nextExtension(taken: ReadonlySet<string>): string {
  let candidate = firstExtension;
  while (taken.has(String(candidate))) candidate++;
  return String(candidate);
}
