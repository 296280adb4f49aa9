import { bigint, index, integer, jsonb, pgTable, primaryKey, real, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './access.ts';

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/** Files that were brought in, and how far each is. The rows in between lie in an unlogged table of each import's own. */
export const recordImports = pgTable(
  'record_imports',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id),
    fileName: text('file_name').notNull(),
    format: text().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    state: text().notNull(),
    /** The names of the columns, folded into one text: the same file next month finds its mapping again. */
    headerPrint: text('header_print').notNull().default(''),
    sample: jsonb().notNull().$type<Record<string, unknown>>(),
    settings: jsonb().$type<Record<string, unknown>>(),
    /** With whose rights it runs, also after a restart. */
    runner: jsonb().$type<Record<string, unknown>>(),
    /** What the table of rows was made from: with the same, it need not be made again. */
    stagedFrom: text('staged_from'),
    counts: jsonb().notNull().$type<Record<string, number>>(),
    reasons: jsonb().notNull().default([]).$type<unknown[]>(),
    ignoredFields: text('ignored_fields').array().notNull().default([]),
    undo: jsonb().$type<Record<string, number>>(),
    progress: real().notNull().default(0),
    /** Rows up to this one are in the records for good. */
    appliedRow: integer('applied_row').notNull().default(0),
    error: text(),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (t) => [index('record_imports_created').on(t.createdAt.desc(), t.id.desc()), index('record_imports_headers').on(t.recordType, t.headerPrint, t.createdAt.desc())],
);

export const recordImportRejects = pgTable(
  'record_import_rejects',
  {
    importId: uuid('import_id').notNull().references(() => recordImports.id, { onDelete: 'cascade' }),
    rowNo: integer('row_no').notNull(),
    reasons: jsonb().notNull().$type<unknown[]>(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.rowNo] })],
);

/** What an import changed in records that were there before, so that it can be taken back. */
export const recordImportChanges = pgTable(
  'record_import_changes',
  {
    importId: uuid('import_id').notNull().references(() => recordImports.id, { onDelete: 'cascade' }),
    recordId: uuid('record_id').notNull(),
    /** The version that the import made: a record that was changed again since is left alone. */
    version: integer().notNull(),
    before: jsonb().notNull().$type<Record<string, unknown>>(),
  },
  (t) => [primaryKey({ columns: [t.importId, t.recordId] })],
);

export const recordExports = pgTable(
  'record_exports',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    format: text().notNull(),
    state: text().notNull(),
    rows: integer().notNull().default(0),
    total: integer(),
    bytes: bigint({ mode: 'number' }).notNull().default(0),
    error: text(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('record_exports_created').on(t.createdAt)],
);
