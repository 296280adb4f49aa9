import { customType, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { users } from './access.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Drawn call flows. A deleted one stays for the calls that were in it. */
export const flows = pgTable(
  'flows',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    language: text().notNull(),
    draft: jsonb().notNull().$type<unknown>(),
    version: integer().notNull().default(0),
    publishedVersionId: uuid('published_version_id'),
    updatedAt: at('updated_at').notNull(),
    updatedBy: uuid('updated_by').references(() => users.id),
    deletedAt: at('deleted_at'),
  },
  (t) => [uniqueIndex('flows_name').on(sql`lower(${t.name})`).where(sql`deleted_at is null`)],
);

/** What was published. Never changed: callers inside go on with the version they entered. */
export const flowVersions = pgTable(
  'flow_versions',
  {
    id: uuid().primaryKey(),
    flowId: uuid('flow_id').notNull().references(() => flows.id),
    number: integer().notNull(),
    language: text().notNull(),
    graph: jsonb().notNull().$type<unknown>(),
    sounds: jsonb().notNull().$type<unknown>(),
    note: text().notNull(),
    publishedAt: at('published_at').notNull(),
    publishedBy: uuid('published_by').references(() => users.id),
  },
  (t) => [uniqueIndex('flow_versions_number').on(t.flowId, t.number)],
);

/** Sounds by what they were made of: the same words by the same voice are kept once, other words are another sound. */
export const sounds = pgTable('sounds', {
  id: text().primaryKey(),
  wav: bytes().notNull(),
  durationMs: integer('duration_ms').notNull(),
  madeAt: at('made_at').notNull(),
});

/** The library of prompts that flows share. `words` by language. */
export const callPrompts = pgTable(
  'call_prompts',
  { id: uuid().primaryKey(), name: text().notNull(), words: jsonb().notNull().$type<Record<string, string>>(), version: integer().notNull().default(0) },
  (t) => [uniqueIndex('call_prompts_name').on(sql`lower(${t.name})`)],
);

/** A prompt's uploaded recording, by language. */
export const callPromptRecordings = pgTable(
  'call_prompt_recordings',
  {
    promptId: uuid('prompt_id').notNull().references(() => callPrompts.id, { onDelete: 'cascade' }),
    language: text().notNull(),
    fileName: text('file_name').notNull(),
    soundId: text('sound_id').notNull().references(() => sounds.id),
  },
  (t) => [primaryKey({ columns: [t.promptId, t.language] })],
);
