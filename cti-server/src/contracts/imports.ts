import { z } from 'zod';
import { id, instant, line, page, pageQuery, requiredLine } from './basics.ts';
import { recordFilter } from './records.ts';

/** How the bytes of a text file become letters. What is not recognised can be chosen by hand. */
export const textEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'big5', 'windows-1252'] as const;
export const textEncoding = z.enum(textEncodings);
export type TextEncoding = z.infer<typeof textEncoding>;
export const delimiters = [',', ';', '\t', '|'] as const;
export const delimiter = z.enum(delimiters);
export type Delimiter = z.infer<typeof delimiter>;

/**
 * uploaded `mapping` → `previewing` → `previewed` → `running` → `done` → `undoing` → `undone`.
 * `failed`: nothing more happens, `error` says why. `interrupted`: what was created so far stays until it is undone or the import is run again.
 */
export const importStates = ['mapping', 'previewing', 'previewed', 'running', 'done', 'failed', 'interrupted', 'undoing', 'undone'] as const;
export const importState = z.enum(importStates);
export type ImportState = z.infer<typeof importState>;

/** Columns that lead into the table of a record's numbers rather than into a field. */
export const numberTargets = ['phone1', 'phone2', 'phone3', 'phone4', 'phone5'] as const;

export const importSettings = z.strictObject({
  /** For each column of the file the key of the field it goes into, or null. */
  mapping: z.array(z.string().max(60).nullable()).max(1_000),
  hasHeader: z.boolean().default(true),
  encoding: textEncoding.default('utf-8'),
  delimiter: delimiter.default(','),
  /** The country of numbers written without one; null: such numbers are rejected. */
  defaultCountry: z.string().regex(/^[A-Z]{2}$/).nullable(),
  onDuplicate: z.enum(['skip', 'update', 'create']).default('skip'),
  /** Fields by which a row is known to be a record that is there already; `phone` stands for the numbers. */
  duplicateBy: z.array(z.string().max(60)).max(10).default([]),
  /** Who owns what is created; null: nobody. Left out: as when it is made by hand. */
  ownerId: id.nullable().optional(),
  /** How 03/04/2026 is read. */
  dateOrder: z.enum(['dayFirst', 'monthFirst', 'yearFirst']).default('dayFirst'),
  decimalSign: z.enum(['comma', 'point']).default('point'),
});
export type ImportSettings = z.output<typeof importSettings>;

export const importReasonCodes = [
  'unclosedQuote', 'tooManyColumns', 'unreadable', 'formulaError', 'required', 'tooLong', 'notANumber', 'notAnAmount', 'notADate', 'notAnInstant', 'notAPhone', 'notAnEmail',
  'notAnOption', 'notYesNo', 'unknownUser', 'unknownRecord', 'severalRecords', 'invalid', 'taken', 'duplicateInFile', 'duplicate', 'mayNotChange', 'notSaved',
] as const;
export const importReasonCode = z.enum(importReasonCodes);
export type ImportReasonCode = z.infer<typeof importReasonCode>;

/** Why a row was not imported. */
export const importReason = z.object({
  code: importReasonCode,
  /** The field's key; null for the row as a whole. */
  field: z.string().nullable(),
  /** What stood there, cut short. */
  value: z.string().optional(),
  /** The earlier row it repeats. */
  row: z.int().optional(),
  /** The record that is there already. */
  recordId: id.optional(),
});
export type ImportReason = z.infer<typeof importReason>;

/** Every row read is created, updated, a duplicate or rejected: read = created + updated + duplicates + rejected. */
export const importCounts = z.object({ read: z.int(), valid: z.int(), created: z.int(), updated: z.int(), duplicates: z.int(), rejected: z.int() });
export type ImportCounts = z.infer<typeof importCounts>;

export const importUndo = z.object({
  /** Put into the trash. */
  removed: z.int(),
  /** Brought back to what they were before. */
  restored: z.int(),
  /** Changed by somebody since, and left alone. */
  changedSince: z.int(),
  /** Deleted or gone already. */
  goneAlready: z.int(),
  /** Could not be brought back, for instance because another record has the value now. */
  refused: z.int(),
});
export type ImportUndo = z.infer<typeof importUndo>;

/** What the file looks like, as far as its beginning tells. */
export const importSample = z.object({
  encoding: textEncoding,
  delimiter,
  hasHeader: z.boolean(),
  headers: z.array(z.string()),
  rows: z.array(z.array(z.string())),
});
export type ImportSample = z.infer<typeof importSample>;
export const importSampleQuery = importSample.pick({ encoding: true, delimiter: true, hasHeader: true });

export const recordImport = z.object({
  id,
  recordType: z.string(),
  fileName: z.string(),
  format: z.enum(['csv', 'xlsx']),
  bytes: z.int(),
  state: importState,
  userId: id,
  userName: z.string(),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  settings: importSettings.nullable(),
  counts: importCounts,
  /** From 0 to 1, of what is going on now. */
  progress: z.number(),
  /** The reasons, the most frequent first, with some rows each. */
  reasons: z.array(z.object({ code: importReasonCode, field: z.string().nullable(), count: z.int(), rows: z.array(z.int()) })),
  /** Fields of the mapping that were deleted meanwhile; their columns were ignored. */
  ignoredFields: z.array(z.string()),
  undo: importUndo.nullable(),
  error: z.string().nullable(),
});
export type RecordImport = z.infer<typeof recordImport>;
export const recordImportDetails = recordImport.extend({
  sample: importSample,
  /** From the last import with the same columns, else by the names of the columns. */
  suggested: importSettings,
  /** What a column can go into. */
  targets: z.array(z.object({ key: z.string(), required: z.boolean() })),
});
export type RecordImportDetails = z.infer<typeof recordImportDetails>;
export const recordImportPage = page(recordImport);
export const importUploadQuery = z.object({ type: line(50), name: requiredLine(200) });
export const importReject = z.object({ row: z.int(), reasons: z.array(importReason) });
export type ImportReject = z.infer<typeof importReject>;
export const importRejectPage = page(importReject);
export const importRejectQuery = pageQuery.extend({ code: importReasonCode.optional(), field: z.string().max(60).optional() });

export const exportInput = z.strictObject({
  type: line(50),
  filter: z.array(recordFilter).max(20).default([]),
  search: line(100).optional(),
  sort: z.string().max(60).optional(),
  /** Fields in their order; `ownerId`, `createdAt`, `updatedAt` and `tags` too. */
  columns: z.array(z.string().max(60)).min(1).max(200),
  format: z.enum(['csv', 'xlsx']),
});
export const recordExport = z.object({
  id,
  recordType: z.string(),
  format: z.enum(['csv', 'xlsx']),
  state: z.enum(['running', 'done', 'failed']),
  rows: z.int(),
  /** How many there will be; null while nobody counted, or when there are more than one counts. */
  total: z.int().nullable(),
  bytes: z.int(),
  createdAt: instant,
  /** Until when it can be fetched. */
  expiresAt: instant,
  error: z.string().nullable(),
});
export type RecordExport = z.infer<typeof recordExport>;
