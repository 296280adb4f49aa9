import { createHash, randomBytes } from 'node:crypto';

/** A session ends when nothing was asked for this long… */
export const idleLimitMs = 12 * 3_600_000;
/** …and in any case this long after the sign-in. */
export const absoluteLimitMs = 7 * 24 * 3_600_000;
/** How often a session's use is written down: a write per request would cost more than the request. */
export const seenEveryMs = 60_000;

/** When a session that was used just now ends. Milliseconds since 1970. */
export const sessionEnd = (createdAtMs: number, nowMs: number): number => Math.min(nowMs + idleLimitMs, createdAtMs + absoluteLimitMs);

/** 32 random bytes for a cookie or a header. */
export const newToken = (): string => randomBytes(32).toString('base64url');

const tokenShape = /^[A-Za-z0-9_-]{43}$/;
/** What is kept of a token. Plain SHA-256 is enough: 256 random bits cannot be guessed. Null for what cannot be a token. */
export const hashToken = (token: string): string | null => (tokenShape.test(token) ? createHash('sha256').update(token).digest('base64url') : null);
