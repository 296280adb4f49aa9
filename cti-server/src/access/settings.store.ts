import { eq, sql } from 'drizzle-orm';
import { settings } from '../db/index.ts';
import type { Connection } from './access.store.ts';

export async function findSetting(connection: Connection, key: string): Promise<unknown> {
  const [found] = await connection.select({ value: settings.value }).from(settings).where(eq(settings.key, key));
  return found?.value;
}

export async function saveSetting(connection: Connection, key: string, value: unknown): Promise<void> {
  await connection.insert(settings).values({ key, value }).onConflictDoUpdate({ target: settings.key, set: { value: sql`excluded.value` } });
}

/** Keeps the value that is there; answers the one that holds. Several servers may ask at once and get the same. */
export async function saveSettingOnce(connection: Connection, key: string, value: unknown): Promise<unknown> {
  await connection.insert(settings).values({ key, value }).onConflictDoNothing();
  return findSetting(connection, key);
}

export async function dropSetting(connection: Connection, key: string): Promise<void> {
  await connection.delete(settings).where(eq(settings.key, key));
}
