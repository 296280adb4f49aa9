import { boolean, customType, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './access.ts';

/*
 * What all records share. The tables of the record types themselves come from their declarations (crm/records), and their custom fields
 * from custom_fields: they are made and completed when cti-server starts or an administrator adds a field.
 */
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Fields that an administrator added. The key names the column and never changes. */
export const customFields = pgTable(
  'custom_fields',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    key: text().notNull(),
    kind: text().notNull(),
    /** Label, rules, options and roles, as the contract has them. */
    definition: jsonb().notNull().$type<Record<string, unknown>>(),
    createdAt: at('created_at').notNull(),
    version: integer().notNull().default(0),
  },
  (t) => [uniqueIndex('custom_fields_key').on(t.recordType, t.key)],
);

/** How an administrator arranged a type's list and card. */
export const recordLayouts = pgTable('record_layouts', {
  recordType: text('record_type').primaryKey(),
  layout: jsonb().notNull().$type<Record<string, unknown>>(),
});

export const recordShares = pgTable(
  'record_shares',
  {
    recordType: text('record_type').notNull(),
    recordId: uuid('record_id').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.recordType, t.recordId, t.userId] }), index('record_shares_user').on(t.userId, t.recordType, t.recordId)],
);

export const recordComments = pgTable(
  'record_comments',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    recordId: uuid('record_id').notNull(),
    at: at('at').notNull(),
    userId: uuid('user_id').references(() => users.id),
    text: text().notNull(),
    mentions: uuid().array().notNull(),
    /** It was said or written to the customer as well. */
    toCustomer: boolean('to_customer').notNull().default(false),
  },
  (t) => [index('record_comments_record').on(t.recordType, t.recordId, t.at.desc(), t.id.desc())],
);

export const recordFiles = pgTable(
  'record_files',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    recordId: uuid('record_id').notNull(),
    at: at('at').notNull(),
    userId: uuid('user_id').references(() => users.id),
    name: text().notNull(),
    mediaType: text('media_type').notNull(),
    bytes: integer().notNull(),
    content: bytes().notNull(),
  },
  (t) => [index('record_files_record').on(t.recordType, t.recordId, t.at.desc(), t.id.desc())],
);

export const recordViews = pgTable(
  'record_views',
  {
    id: uuid().primaryKey(),
    recordType: text('record_type').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    shared: boolean().notNull(),
    view: jsonb().notNull().$type<Record<string, unknown>>(),
    version: integer().notNull().default(0),
  },
  (t) => [index('record_views_type').on(t.recordType, t.userId)],
);

/** What a change of many records was, so that it can be taken back. */
export const recordUndos = pgTable(
  'record_undos',
  {
    id: uuid().primaryKey(),
    at: at('at').notNull(),
    userId: uuid('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
    recordType: text('record_type').notNull(),
    undoneAt: at('undone_at'),
  },
  (t) => [index('record_undos_at').on(t.at)],
);
export const recordUndoEntries = pgTable(
  'record_undo_entries',
  {
    undoId: uuid('undo_id').notNull().references(() => recordUndos.id, { onDelete: 'cascade' }),
    recordId: uuid('record_id').notNull(),
    /** The version that the change made: a record that was changed again since is left alone. */
    version: integer().notNull(),
    before: jsonb().notNull().$type<Record<string, unknown>>(),
  },
  (t) => [primaryKey({ columns: [t.undoId, t.recordId] })],
);

/** Two records that were made one, and what it takes to make them two again. */
export const recordMerges = pgTable(
  'record_merges',
  {
    id: uuid().primaryKey(),
    at: at('at').notNull(),
    userId: uuid('user_id').references(() => users.id),
    recordType: text('record_type').notNull(),
    keptId: uuid('kept_id').notNull(),
    goneId: uuid('gone_id').notNull(),
    /** The kept record before and after: undone, only what nobody changed since goes back. */
    before: jsonb().notNull().$type<Record<string, unknown>>(),
    after: jsonb().notNull().$type<Record<string, unknown>>(),
    undoneAt: at('undone_at'),
  },
  (t) => [index('record_merges_kept').on(t.keptId, t.at.desc()), index('record_merges_gone').on(t.goneId)],
);
export const recordMergeMoves = pgTable(
  'record_merge_moves',
  {
    mergeId: uuid('merge_id').notNull().references(() => recordMerges.id, { onDelete: 'cascade' }),
    tableName: text('table_name').notNull(),
    columnName: text('column_name').notNull(),
    ids: uuid().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.mergeId, t.tableName, t.columnName] })],
);
