/** Whether an answer to a public form comes from a person. Pure, but for hashing. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A page left open longer than this asks for the form anew. */
export const stampLivesMs = 24 * 3_600_000;

const sign = (secret: string, at: string): string => createHmac('sha256', secret).update(at).digest('base64url').slice(0, 32);

/** Says when a form was opened, in a way that only the server can say it. */
export function makeStamp(secret: string, nowMs: number): string {
  const at = nowMs.toString(36);
  return `${at}.${sign(secret, at)}`;
}

/** When the form was opened; null for a stamp that is not ours. */
export function readStamp(secret: string, stamp: string): number | null {
  const [at = '', signature = ''] = stamp.split('.');
  const expected = Buffer.from(sign(secret, at));
  const shown = Buffer.from(signature);
  const atMs = Number.parseInt(at, 36);
  return shown.length === expected.length && timingSafeEqual(shown, expected) && Number.isFinite(atMs) ? atMs : null;
}

export type FormVerdict = { kind: 'person' } | { kind: 'machine' } | { kind: 'tooFast'; waitMs: number } | { kind: 'expired' };

/**
 * @param honeypot what is in the field that people do not see
 * @param openedAtMs null: the stamp is not ours
 */
export function judgeAnswer(answer: { honeypot: string; openedAtMs: number | null; nowMs: number; minimumSeconds: number }): FormVerdict {
  const { honeypot, openedAtMs, nowMs, minimumSeconds } = answer;
  if (honeypot.trim() !== '') return { kind: 'machine' };
  if (openedAtMs === null || openedAtMs > nowMs || nowMs - openedAtMs > stampLivesMs) return { kind: 'expired' };
  const waitMs = openedAtMs + minimumSeconds * 1_000 - nowMs;
  return waitMs > 0 ? { kind: 'tooFast', waitMs } : { kind: 'person' };
}
