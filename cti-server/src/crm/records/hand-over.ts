import type { z } from 'zod';
import type { handOverInput } from '../../contracts/index.ts';
import { forbidden, wrongState } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';
import { countRows } from './list.store.ts';
import { findRow } from './records.store.ts';

const chunk = 200;

/** All that somebody owns goes to others in turn: when staff leave, no record is left without anybody. */
export function createHandOver(context: RecordsContext & { records: RecordsService }) {
  const { database, cipher, records } = context;
  return async (viewer: Viewer, typeName: string, input: z.output<typeof handOverInput>): Promise<{ records: number }> => {
    const type = records.typeFor(viewer, typeName, 'change');
    if (input.toUserIds.includes(input.fromUserId)) throw wrongState('The one who leaves cannot be among those who take over.');
    if (!['team', 'department', 'all'].includes(records.scopeOf(viewer, type, 'change'))) throw forbidden('hand over what others own');
    const filters = [{ field: 'ownerId', op: 'eq' as const, value: input.fromUserId }];
    if (input.preview) return { records: await countRows(database, type, viewer, null, { filters, words: [], digits: null, trash: false }, 1_000_000, cipher) };
    let done = 0;
    for (;;) {
      const page = await records.list(viewer, typeName, { filter: filters, limit: chunk, state: 'alive', sort: 'createdAt', fields: type.declaration.titleField, cursor: undefined, search: undefined });
      if (page.items.length === 0) return { records: done };
      await inTransaction(database, async (tx) => {
        for (const { id } of page.items) {
          if (!(await records.reaches(tx, viewer, type, 'change', id))) throw forbidden('hand over this record');
          const row = await findRow(tx, context.types().get(typeName) ?? type, id, cipher, undefined, true);
          if (row?.ownerId !== input.fromUserId) continue; // went to somebody meanwhile
          await records.saveChange(tx, viewer, context.types().get(typeName) ?? type, row, { fields: {}, ownerId: input.toUserIds[done % input.toUserIds.length] ?? null });
          done += 1;
        }
      });
    }
  };
}
