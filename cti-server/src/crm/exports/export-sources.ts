/** What a file is made of: the records of a type, or the lines of a list. */
import type { z } from 'zod';
import type { exportInput } from '../../contracts/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { ListsService } from '../lists/index.ts';
import type { RecordsService } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import { baseCell, baseColumnWords, cellText, exportRights, isBaseColumn } from './export-rules.ts';

type ExportInput = z.output<typeof exportInput>;

export interface ExportSource {
  /** In the viewer's language, as the file is named. */
  plural: string;
  heading(key: string): string;
  /** Throws 400 for a column that one may not read, or that is never exported. */
  refuseColumns(keys: readonly string[]): void;
  count(input: ExportInput): Promise<{ count: number; exact: boolean }>;
  page(input: ExportInput, limit: number, cursor: string | undefined): Promise<{ rows: string[][]; nextCursor: string | null }>;
}

/** Throws 403 without the right to export the type. */
export function sourceOfRecords(viewer: Viewer, records: RecordsService, name: string): ExportSource {
  records.typeFor(viewer, name, 'export');
  const type = records.typeFor(viewer, name, 'read');
  const reader: Viewer = { ...viewer, recordRights: exportRights(viewer.recordRights, name, { read: records.scopeOf(viewer, type, 'read'), export: records.scopeOf(viewer, type, 'export') }) };
  const { locale } = viewer;
  return {
    plural: type.declaration.plural[locale],
    heading: (key) => (isBaseColumn(key) ? baseColumnWords[key][locale] : (type.fields.get(key)?.label[locale] ?? key)),
    refuseColumns(keys) {
      for (const key of keys) {
        const field = type.fields.get(key);
        if (!isBaseColumn(key) && !field) throw wrongField('columns', `there is no field ${key}`);
        if (field?.encrypted || field?.kind === 'file') throw wrongField('columns', `${key} is never exported`);
      }
    },
    count: ({ filter, search }) => records.count(reader, name, { filter, search, state: 'alive' }),
    async page({ filter, search, sort, columns }, limit, cursor) {
      const fields = columns.filter((key) => !isBaseColumn(key)).join(',') || type.declaration.titleField;
      const page = await records.list(reader, name, { filter, search, state: 'alive', sort, fields, limit, cursor });
      const rows = page.items.map((record) => columns.map((key) => (isBaseColumn(key) ? baseCell(record, key) : cellText(record.fields[key], type.fields.get(key), record.names, locale))));
      return { rows, nextCursor: page.nextCursor };
    },
  };
}

/** Throws 403 without the right to export the list. */
export async function sourceOfList(viewer: Viewer, lists: ListsService, name: string): Promise<ExportSource> {
  const list = await lists.exporting(viewer, name);
  const { locale } = viewer;
  return {
    plural: list.plural[locale],
    heading(key) {
      const field = list.fields.get(key);
      return field === undefined ? key : `${field.label[locale]}${field.unit === 'seconds' ? ' (s)' : ''}`;
    },
    refuseColumns(keys) {
      for (const key of keys) if (!list.fields.has(key)) throw wrongField('columns', `there is no field ${key}`);
    },
    count: list.count,
    async page({ filter, search, sort, columns }, limit, cursor) {
      const page = await list.page({ filter, search, sort, limit, cursor });
      return { rows: page.items.map((line) => columns.map((key) => cellText(line.fields[key], list.fields.get(key), line.names, locale))), nextCursor: page.nextCursor };
    },
  };
}
