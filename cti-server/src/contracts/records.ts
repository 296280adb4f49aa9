import { z } from 'zod';
import { id, instant, line, pageQuery, requiredLine, text } from './basics.ts';
import { fieldKind, labels, pickOption, recordField } from './record-fields.ts';

/** How far a right on records reaches, from nothing to everything. `department`: the viewer's teams, and all teams under the same top team. */
export const recordScopes = ['none', 'own', 'subordinates', 'team', 'department', 'all'] as const;
export const recordScope = z.enum(recordScopes);
export type RecordScope = z.infer<typeof recordScope>;
export const recordActions = ['read', 'create', 'change', 'delete', 'import', 'export', 'configure'] as const;
export const recordAction = z.enum(recordActions);
export type RecordAction = z.infer<typeof recordAction>;
/** What a role may do with which record type; `*` stands for every type. What is not named is `none`. */
export const recordRights = z.record(z.string().max(50), z.partialRecord(recordAction, recordScope));
export type RecordRights = z.infer<typeof recordRights>;

/** A record type as the console draws it: list, card and form come from here. */
export const recordType = z.object({
  name: z.string(),
  label: labels,
  plural: labels,
  /** A name of lucide's icons. */
  icon: z.string(),
  fields: z.array(recordField),
  /** The field that names a record in lists, links and headings. */
  titleField: z.string(),
  /** The pick list by whose values a kanban stands; null where there is no stage. */
  stageField: z.string().nullable(),
  listFields: z.array(z.string()),
  /** The order of card and form; fields that are not named come last. */
  sections: z.array(z.object({ label: labels, fields: z.array(z.string()) })),
  /** What the viewer may do. */
  may: z.record(recordAction, recordScope),
  /** Grows with each change of the fields. */
  version: z.int(),
});
export type RecordType = z.infer<typeof recordType>;

export const filterOps = ['eq', 'ne', 'in', 'contains', 'startsWith', 'lt', 'lte', 'gt', 'gte', 'notSince', 'empty', 'notEmpty'] as const;
/** One condition of a list; all must hold. `value` is a list for `in`, and left out for `empty` and `notEmpty`. */
export const recordFilter = z.strictObject({ field: z.string().max(60), op: z.enum(filterOps), value: z.unknown().optional() });
export type RecordFilter = z.infer<typeof recordFilter>;
const fromJson = <T extends z.ZodType>(schema: T) =>
  z.preprocess((given) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given) as unknown;
    } catch {
      return undefined;
    }
  }, schema);

export const recordQuery = pageQuery.extend({
  /** JSON: a list of filters. */
  filter: fromJson(z.array(recordFilter).max(20)).optional(),
  /** A field; with a minus before it, backwards. */
  sort: z.string().max(60).optional(),
  /** Only these fields, with commas between. */
  fields: z.string().max(2_000).optional(),
  search: line(100).optional(),
  /** `trash`: what was deleted and can be restored. */
  state: z.enum(['alive', 'trash']).default('alive'),
});
export type RecordQuery = z.output<typeof recordQuery>;

/** One record: its fields by key, and what every record has. `names` words users and linked records that fields point to. */
export const record = z.object({
  id,
  title: z.string(),
  fields: z.record(z.string(), z.unknown()),
  names: z.record(z.string(), z.string()),
  ownerId: id.nullable(),
  ownerName: z.string().nullable(),
  sharedWith: z.array(z.object({ id, name: z.string() })).optional(),
  tags: z.array(z.string()).optional(),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant.nullable(),
  version: z.int(),
  /** What the viewer may do with this one. */
  mayChange: z.boolean(),
  mayDelete: z.boolean(),
});
export type CrmRecord = z.infer<typeof record>;

const values = z.record(z.string().max(60), z.unknown());
export const recordInput = z.strictObject({ fields: values, ownerId: id.nullable().optional(), tags: z.array(requiredLine(40)).max(50).optional() });
export const recordChange = recordInput.partial().extend({ version: z.int().min(0) });
export const shareInput = z.strictObject({ userIds: z.array(id).max(200) });

/** Changes many records alike. First `preview`, which says how many and names some; then for real, which can be undone. */
export const bulkChange = z.strictObject({
  /** Either these, or all that the filter finds. */
  ids: z.array(id).max(1_000).optional(),
  filter: z.array(recordFilter).max(20).optional(),
  search: line(100).optional(),
  fields: values.optional(),
  ownerId: id.nullable().optional(),
  addTags: z.array(requiredLine(40)).max(20).optional(),
  removeTags: z.array(requiredLine(40)).max(20).optional(),
  remove: z.boolean().optional(),
  preview: z.boolean().default(false),
});
export const bulkAnswer = z.object({
  /** How many the viewer may change; the others are counted in `refused`. */
  changed: z.int(),
  refused: z.int(),
  examples: z.array(z.object({ id, title: z.string() })),
  /** For POST /api/records/undo/:id; null in a preview. */
  undoId: id.nullable(),
});
export type BulkAnswer = z.infer<typeof bulkAnswer>;
export const undoAnswer = z.object({ restored: z.int(), /** Changed again since, and therefore left alone. */ skipped: z.int() });

/** All that happened with a record, the newest first: changes, comments, files, calls, tickets. */
export const historyEntry = z.object({
  id: z.string(),
  at: instant,
  kind: z.enum(['created', 'changed', 'deleted', 'restored', 'comment', 'file', 'call', 'ticket', 'note', 'other']),
  userId: id.nullable(),
  userName: z.string().nullable(),
  text: z.string(),
  changes: z.record(z.string(), z.object({ old: z.unknown(), new: z.unknown() })),
  data: z.record(z.string(), z.unknown()),
});
export type HistoryEntry = z.infer<typeof historyEntry>;
export const commentInput = z.strictObject({
  text: text(20_000).min(1),
  mentions: z.array(id).max(50).default([]),
  /** It was said or written to the customer as well: they were in contact. */
  toCustomer: z.boolean().default(false),
});
/** A file comes as the body itself, with its name and type in the query. */
export const recordFile = z.object({ id, name: z.string(), mediaType: z.string(), bytes: z.int(), at: instant, userName: z.string().nullable() });
export type RecordFile = z.infer<typeof recordFile>;

/** A list as somebody likes it. `shared` shows it to everybody; only its owner and those who may configure change it. */
export const savedViewInput = z.strictObject({
  name: requiredLine(80),
  shared: z.boolean().default(false),
  look: z.enum(['list', 'kanban']).default('list'),
  columns: z.array(z.string().max(60)).max(40),
  filter: z.array(recordFilter).max(20).default([]),
  sort: z.string().max(60).nullable().default(null),
});
export const savedView = savedViewInput.extend({ id, mine: z.boolean(), version: z.int() });
export type SavedView = z.infer<typeof savedView>;

/** A field that an administrator adds. Kind and key stay for ever; the rest may change. */
export const customFieldInput = z.strictObject({
  key: z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/),
  kind: fieldKind,
  label: labels,
  required: z.boolean().default(false),
  unique: z.boolean().default(false),
  encrypted: z.boolean().default(false),
  searchable: z.boolean().default(false),
  options: z.array(pickOption).max(500).default([]),
  linkTo: z.string().max(50).nullable().default(null),
  /** Roles that may read or change it; empty: everybody who may read or change the record. */
  readRoleIds: z.array(id).max(50).default([]),
  changeRoleIds: z.array(id).max(50).default([]),
});
export const customField = customFieldInput.extend({ id, recordType: z.string(), version: z.int() });
export type CustomField = z.infer<typeof customField>;
export const layoutInput = z.strictObject({
  listFields: z.array(z.string().max(60)).max(40),
  sections: z.array(z.strictObject({ label: labels, fields: z.array(z.string().max(60)).max(100) })).max(30),
});

/** The one search box: any record, with the reason it was found. */
export const searchHit = z.object({
  type: z.string(),
  id,
  title: z.string(),
  /** Which field matched, and how. */
  matchedField: z.string(),
  matchedText: z.string(),
  how: z.enum(['exact', 'beginning', 'number', 'contains', 'similar']),
});
export type SearchHit = z.infer<typeof searchHit>;
export const searchAnswer = z.object({ hits: z.array(searchHit) });

/** Makes two records one: this one stays, the other goes, and all that belonged to it comes along. `fields` are the values that the kept one then has. */
export const mergeInput = z.strictObject({ otherId: id, version: z.int().min(0), otherVersion: z.int().min(0), fields: values.default({}) });
export const mergeAnswer = z.object({ record, mergeId: id, /** What came along, by kind of thing. */ moved: z.record(z.string(), z.int()) });
export type MergeAnswer = z.infer<typeof mergeAnswer>;
export const duplicateReason = z.enum(['number', 'email', 'sameName', 'similarName']);
/** A record that may be the same, the surest first. */
export const duplicate = z.object({ id, title: z.string(), reasons: z.array(z.object({ reason: duplicateReason, field: z.string(), text: z.string() })), updatedAt: instant });
export type Duplicate = z.infer<typeof duplicate>;
export const duplicateQuery = z.object({ fields: fromJson(values), numbers: z.string().max(500).default(''), exceptId: id.optional() });
export const duplicateGroup = z.object({ reason: duplicateReason, text: z.string(), records: z.array(z.object({ id, title: z.string(), version: z.int(), updatedAt: instant })) });
export const duplicateGroupQuery = pageQuery.extend({ by: z.enum(['number', 'email', 'sameName']).default('number') });
/** Gives all that somebody owns of a type to others in turn, for instance when they leave. */
export const handOverInput = z.strictObject({ fromUserId: id, toUserIds: z.array(id).min(1).max(50), preview: z.boolean().default(false) });
export const handOverAnswer = z.object({ records: z.int() });
