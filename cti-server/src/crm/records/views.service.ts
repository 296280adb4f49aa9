import type { z } from 'zod';
import type { SavedView, savedViewInput } from '../../contracts/index.ts';
import { changedMeanwhile, forbidden, notFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction, type Transaction } from '../database.store.ts';
import { deleteView, insertView, listViews, lockView, updateView, viewOf } from './views.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';

type ViewInput = z.output<typeof savedViewInput>;

/** Lists as people like them. */
export function createViews(context: RecordsContext & { records: RecordsService }) {
  const { database, clock, records } = context;

  async function lockOwn(tx: Transaction, viewer: Viewer, id: string) {
    const found = await lockView(tx, id);
    if (!found) throw notFound('view');
    const mayConfigure = context.scopeOf(viewer.recordRights, found.recordType, 'configure') !== 'none';
    if (found.userId !== viewer.userId && !(found.shared && mayConfigure)) throw found.shared ? forbidden('change somebody else’s view') : notFound('view');
    return found;
  }

  const views = {
    /** For whoever has looked already whether the viewer may see the list. */
    of: (viewer: Viewer, list: string): Promise<SavedView[]> => listViews(database, list, viewer.userId),
    add: (viewer: Viewer, list: string, input: ViewInput): Promise<SavedView> => inTransaction(database, (tx) => insertView(tx, newId(clock.now()), list, viewer.userId, input)),

    async list(viewer: Viewer, type: string): Promise<SavedView[]> {
      records.typeFor(viewer, type);
      return views.of(viewer, type);
    },
    create: (viewer: Viewer, type: string, input: ViewInput): Promise<SavedView> => {
      records.typeFor(viewer, type);
      return views.add(viewer, type, input);
    },
    change: (viewer: Viewer, id: string, { version, ...input }: { [K in keyof ViewInput]?: ViewInput[K] | undefined } & { version: number }): Promise<SavedView> =>
      inTransaction(database, async (tx) => {
        const row = await lockOwn(tx, viewer, id);
        const { id: _id, mine: _mine, version: present, ...before } = viewOf(row, viewer.userId);
        if (present !== version) throw changedMeanwhile({ ...before, id, version: present });
        const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
        return updateView(tx, id, viewer.userId, { ...before, ...given });
      }),
    remove: (viewer: Viewer, id: string): Promise<void> =>
      inTransaction(database, async (tx) => {
        await lockOwn(tx, viewer, id);
        await deleteView(tx, id);
      }),
  };
  return views;
}
export type Views = ReturnType<typeof createViews>;
