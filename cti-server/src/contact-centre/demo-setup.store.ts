import { eq, sql } from 'drizzle-orm';
import { agentSettings, settings, users } from '../db/index.ts';
import { saveAssignments } from './agents/index.ts';
import type { Transaction } from './setup/index.ts';

/** Any number of our own: the first set-up is made once, over all servers. */
const firstSetupLock = 7_220_052;

/** Waits until no other transaction makes a first set-up. */
export async function lockFirstSetup(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${firstSetupLock})`);
}

export async function isMarked(tx: Transaction, key: string): Promise<boolean> {
  return (await tx.select({ key: settings.key }).from(settings).where(eq(settings.key, key))).length > 0;
}

export async function mark(tx: Transaction, key: string, nowMs: number): Promise<void> {
  await tx
    .insert(settings)
    .values({ key, value: { at: new Date(nowMs).toISOString() } })
    .onConflictDoNothing();
}

export async function findUserByLogin(tx: Transaction, login: string): Promise<string | undefined> {
  const [found] = await tx
    .select({ id: users.id })
    .from(users)
    .where(sql`lower(${users.login}) = lower(${login})`);
  return found?.id;
}

export async function setAssignments(
  tx: Transaction,
  userId: string,
  assignments: { skills: readonly { skillId: string; level: number }[]; queueIds: readonly string[] },
): Promise<void> {
  await tx.insert(agentSettings).values({ userId }).onConflictDoNothing();
  await saveAssignments(tx, userId, assignments);
}
