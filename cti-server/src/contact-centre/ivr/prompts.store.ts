import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { LibraryPrompt } from '../../contracts/index.ts';
import { callPromptRecordings, callPrompts, flows, flowVersions, sounds } from '../../db/index.ts';
import { alreadyExists, brokenUnique } from '../../platform/errors.ts';
import { type Connection, inUseBy, type SetupStore, type Transaction } from '../setup/index.ts';

export const promptsStore: SetupStore<LibraryPrompt> = {
  recordType: 'callPrompt',
  async list(connection) {
    const rows = await connection.select().from(callPrompts).orderBy(asc(callPrompts.name), asc(callPrompts.id));
    const recorded = Map.groupBy(await recordings(connection), (row) => row.promptId);
    return rows.map((row) => ({ ...row, recordings: byLanguage(recorded.get(row.id) ?? []) }));
  },
  async lock(tx, id) {
    const [found] = await tx.select().from(callPrompts).where(eq(callPrompts.id, id)).for('update');
    return found && { ...found, recordings: byLanguage(await recordings(tx, id)) };
  },
  async insert(tx, { recordings: recorded, ...columns }) {
    await tx.insert(callPrompts).values(columns);
    await insertRecordings(tx, columns.id, recorded);
  },
  async update(tx, { id, recordings: recorded, ...columns }) {
    await tx.update(callPrompts).set(columns).where(eq(callPrompts.id, id));
    await tx.delete(callPromptRecordings).where(eq(callPromptRecordings.promptId, id));
    await insertRecordings(tx, id, recorded);
  },
  async remove(tx, id) {
    await tx.delete(callPrompts).where(eq(callPrompts.id, id));
  },
  async refuseWhileInUse(tx, { id }) {
    const names = `%${id}%`;
    const [used] = await tx
      .select({ id: flows.id })
      .from(flows)
      .leftJoin(flowVersions, eq(flowVersions.id, flows.publishedVersionId))
      .where(and(isNull(flows.deletedAt), sql`(${flows.draft}::text like ${names} or ${flowVersions.graph}::text like ${names})`))
      .limit(1);
    if (used) throw inUseBy('flows', 'A call flow says this prompt.');
  },
  refusalFor: (error) => (brokenUnique(error) === 'call_prompts_name' ? alreadyExists('name', 'There is a prompt of this name already.') : undefined),
};

type Recording = Awaited<ReturnType<typeof recordings>>[number];

const recordings = (connection: Connection, promptId?: string) =>
  connection
    .select({
      promptId: callPromptRecordings.promptId,
      language: callPromptRecordings.language,
      fileName: callPromptRecordings.fileName,
      soundId: callPromptRecordings.soundId,
      durationMs: sounds.durationMs,
    })
    .from(callPromptRecordings)
    .innerJoin(sounds, eq(sounds.id, callPromptRecordings.soundId))
    .where(promptId === undefined ? undefined : eq(callPromptRecordings.promptId, promptId))
    .orderBy(asc(callPromptRecordings.language));

const byLanguage = (rows: readonly Recording[]): LibraryPrompt['recordings'] =>
  Object.fromEntries(rows.map(({ language, fileName, soundId, durationMs }) => [language, { fileName, soundId, durationMs }]));

async function insertRecordings(tx: Transaction, promptId: string, recorded: LibraryPrompt['recordings']): Promise<void> {
  const rows = Object.entries(recorded).map(([language, { fileName, soundId }]) => ({ promptId, language, fileName, soundId }));
  if (rows.length > 0) await tx.insert(callPromptRecordings).values(rows);
}
