import { eq } from 'drizzle-orm';
import { type Database, sounds } from '../../db/index.ts';

/** The length of a sound that is there already, in ms. */
export async function findSound(database: Database, id: string): Promise<number | undefined> {
  const [found] = await database.select({ durationMs: sounds.durationMs }).from(sounds).where(eq(sounds.id, id));
  return found?.durationMs;
}

/** Two who make the same sound make it once. */
export async function saveSound(database: Database, sound: { id: string; wav: Buffer; durationMs: number; madeAt: Date }): Promise<void> {
  await database.insert(sounds).values(sound).onConflictDoNothing();
}

export async function readSound(database: Database, id: string): Promise<Buffer | undefined> {
  const [found] = await database.select({ wav: sounds.wav }).from(sounds).where(eq(sounds.id, id));
  return found?.wav;
}
