import { eq, lt, sql } from 'drizzle-orm';
import { type Database, signInFailures } from '../db/index.ts';
import { Refusal } from '../platform/errors.ts';
import { failureWindowMs, retryAfterSeconds } from './throttle-rules.ts';

/**
 * Counts one failure, in one statement, so that attempts at the same moment on many servers all count. Answers false, counting
 * nothing, while the key is blocked. The failure that reaches the limit blocks the key for the window's length.
 */
export async function countFailure(database: Database, key: string, limit: number, nowMs: number): Promise<boolean> {
  const now = new Date(nowMs);
  const windowStart = new Date(nowMs - failureWindowMs);
  const blockedUntil = new Date(nowMs + failureWindowMs);
  const counted = await database.execute(sql`
    insert into sign_in_failures as f (key, failures, first_at, blocked_until)
    values (${key}, 1, ${now.toISOString()}::timestamptz, ${limit <= 1 ? blockedUntil.toISOString() : null}::timestamptz)
    on conflict (key) do update set
      failures = case when f.first_at <= ${windowStart.toISOString()}::timestamptz then 1 else f.failures + 1 end,
      first_at = case when f.first_at <= ${windowStart.toISOString()}::timestamptz then excluded.first_at else f.first_at end,
      blocked_until = case
        when (case when f.first_at <= ${windowStart.toISOString()}::timestamptz then 1 else f.failures + 1 end) >= ${limit}
        then ${blockedUntil.toISOString()}::timestamptz end
    where f.blocked_until is null or f.blocked_until <= ${now.toISOString()}::timestamptz
    returning failures`);
  return counted.rows.length > 0;
}

/** Throws 429 `tooManyAttempts` while the key is blocked. */
export async function refuseWhileBlocked(database: Database, key: string, nowMs: number): Promise<void> {
  const [found] = await database.select({ blockedUntil: signInFailures.blockedUntil }).from(signInFailures).where(eq(signInFailures.key, key));
  const blockedUntilMs = found?.blockedUntil?.getTime() ?? 0;
  if (blockedUntilMs > nowMs) throw tooManyAttempts(retryAfterSeconds(blockedUntilMs, nowMs));
}

/**
 * Claims an attempt before it is made: it counts as a failure until {@link forgetFailures}. So a thousand guesses sent at once get
 * no further than the limit. Throws 429 `tooManyAttempts` when there are none left.
 */
export async function claimAttempt(database: Database, key: string, limit: number, nowMs: number): Promise<void> {
  if (await countFailure(database, key, limit, nowMs)) return;
  await refuseWhileBlocked(database, key, nowMs);
  throw tooManyAttempts(1); // the block was lifted between the two looks
}

export async function forgetFailures(database: Database, key: string): Promise<void> {
  await database.delete(signInFailures).where(eq(signInFailures.key, key));
}

export async function dropOldFailures(database: Database, nowMs: number): Promise<void> {
  await database.delete(signInFailures).where(lt(signInFailures.firstAt, new Date(nowMs - 4 * failureWindowMs)));
}

const tooManyAttempts = (seconds: number): Refusal =>
  new Refusal(429, 'tooManyAttempts', 'Too many attempts: wait a little.', { details: { retryAfterSeconds: seconds } });
