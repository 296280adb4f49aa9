import { z } from 'zod';
import type { Duplicate, duplicateGroup, duplicateGroupQuery, duplicateQuery, Page } from '../../contracts/index.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { readCursor, writeCursor } from '../page-cursor.ts';
import { findDuplicates, listGroups } from './duplicates.store.ts';
import { usersWithin } from './reach.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';

/** Finds records that are there twice, while one is being typed and afterwards. */
export function createDuplicates(context: RecordsContext & { records: RecordsService }) {
  const { database, records, config } = context;
  const reach = (viewer: Viewer, type: ReturnType<RecordsService['typeFor']>) => usersWithin(database, viewer, records.scopeOf(viewer, type, 'read'));
  return {
    async find(viewer: Viewer, typeName: string, query: z.output<typeof duplicateQuery>): Promise<Duplicate[]> {
      const type = records.typeFor(viewer, typeName);
      const typed = (kind: string): string[] => [...type.fields.values()].filter((field) => field.kind === kind).flatMap((field) => (typeof query.fields[field.key] === 'string' ? [String(query.fields[field.key]).trim()] : [])).filter((text) => text !== '');
      const numbers = [...typed('phone'), ...query.numbers.split(',')].flatMap((number) => normaliseNumber(number, config.defaultCountry).e164 ?? []);
      const name = query.fields[type.declaration.titleField];
      const asked = { numbers, email: typed('email')[0] ?? null, name: typeof name === 'string' && name.trim() !== '' ? name.trim() : null };
      return findDuplicates(database, type, viewer, await reach(viewer, type), asked, query.exceptId ?? null);
    },
    async groups(viewer: Viewer, typeName: string, query: z.output<typeof duplicateGroupQuery>): Promise<Page<z.output<typeof duplicateGroup>>> {
      const type = records.typeFor(viewer, typeName);
      const { groups, last } = await listGroups(database, type, viewer, await reach(viewer, type), query.by, readCursor(query.cursor, z.string().max(2_000)) ?? '', query.limit);
      return { items: groups.map((group) => ({ reason: query.by, ...group })), nextCursor: last === null ? null : writeCursor(last) };
    },
  };
}
export type Duplicates = ReturnType<typeof createDuplicates>;
