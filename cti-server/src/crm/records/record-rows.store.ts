/** A record's row as SQL reads it, and as the engine speaks of it. */
import { sql, type SQL } from 'drizzle-orm';
import { fromColumn, selected } from './field-columns.ts';
import type { FieldCipher } from './field-cipher.ts';
import type { LiveField, LiveType } from './registry.ts';
import { baseColumns } from './tables.store.ts';

/** A record as its row has it, fields in the API's terms. */
export interface RecordRow {
  id: string;
  fields: Record<string, unknown>;
  ownerId: string | null;
  ownerName: string | null;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  deletedAt: string | null;
  version: number;
  importId: string | null;
}

export interface Reader {
  userId: string;
}

const iso = (value: unknown): string => (value instanceof Date ? value : new Date(String(value))).toISOString();

export function columnsOf(type: LiveType, keys?: readonly string[]): { fields: LiveField[]; columns: SQL } {
  const fields = [...type.fields.values()].filter((field) => !keys || keys.includes(field.key) || field.key === type.declaration.titleField);
  const base = baseColumns(type.declaration);
  const named = (column: string, as: string): SQL => sql`t.${sql.identifier(column)} as ${sql.identifier(as)}`;
  const columns = sql.join(
    [
      ...[sql`t.id`, sql`t.version`, sql`t.tags`, sql`t.import_id`, sql`t.deleted_at`],
      ...[named(base.ownerId, 'owner_id'), named(base.createdAt, 'created_at'), named(base.updatedAt, 'updated_at')],
      ...fields.map((field, at) => sql`${selected(field)} as ${sql.identifier(`f${String(at)}`)}`),
    ],
    sql`, `,
  );
  return { fields, columns };
}

export function toRow(row: Record<string, unknown>, fields: readonly LiveField[], cipher: FieldCipher): RecordRow {
  return {
    id: String(row['id']),
    fields: Object.fromEntries(fields.map((field, at) => [field.key, fromColumn(field, row[`f${String(at)}`], cipher)])),
    ownerId: row['owner_id'] as string | null,
    ownerName: (row['owner_name'] as string | null | undefined) ?? null,
    tags: row['tags'] as string[],
    createdAt: iso(row['created_at']),
    updatedAt: iso(row['updated_at']),
    deletedAt: row['deleted_at'] === null ? null : iso(row['deleted_at']),
    version: row['version'] as number,
    importId: row['import_id'] as string | null,
  };
}

export const tableOf = (type: LiveType): SQL => sql.identifier(type.declaration.table) as unknown as SQL;
export const ownerColumn = (type: LiveType): SQL => sql`t.${sql.identifier(baseColumns(type.declaration).ownerId)}`;
