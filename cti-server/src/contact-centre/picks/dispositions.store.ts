import { asc, eq } from 'drizzle-orm';
import { type Disposition, nextAction } from '../../contracts/index.ts';
import { dispositions, wrapUps } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, Refusal } from '../../platform/errors.ts';
import { refuseUnknownQueues } from '../queues/index.ts';
import { firstRepeated, inUseBy, namedTwice, type SetupStore, type Transaction, unknownId } from '../setup/index.ts';

export const dispositionsStore: SetupStore<Disposition> = {
  recordType: 'disposition',
  async list(connection) {
    const rows = await connection.select().from(dispositions).orderBy(asc(dispositions.sortOrder), asc(dispositions.name), asc(dispositions.id));
    return rows.map(toDisposition);
  },
  async lock(tx, id) {
    const [found] = await tx.select().from(dispositions).where(eq(dispositions.id, id)).for('update');
    return found && toDisposition(found);
  },
  async insert(tx, item) {
    await tx.insert(dispositions).values(item);
  },
  async update(tx, { id, ...columns }) {
    await tx.update(dispositions).set(columns).where(eq(dispositions.id, id));
  },
  async remove(tx, id) {
    await tx.delete(dispositions).where(eq(dispositions.id, id));
  },
  async check(tx, { id, parentId, queueIds }) {
    const repeated = firstRepeated(queueIds);
    if (repeated >= 0) throw namedTwice(`queueIds.${String(repeated)}`);
    await refuseUnknownQueues(tx, queueIds);
    if (parentId !== null) await refuseBadParent(tx, id, parentId);
  },
  async refuseWhileInUse(tx, { id }) {
    const used = await tx.select({ callId: wrapUps.callId }).from(wrapUps).where(eq(wrapUps.dispositionId, id)).limit(1);
    if (used.length > 0) throw usedByCalls();
    if ((await tx.select({ id: dispositions.id }).from(dispositions).where(eq(dispositions.parentId, id)).limit(1)).length > 0) throw usedByOthers();
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'dispositions_name') return alreadyExists('name', 'There is a disposition of this name already.');
    const foreignKey = brokenForeignKey(error);
    if (foreignKey?.startsWith('dispositions_parent')) return usedByOthers();
    return foreignKey?.startsWith('wrap_ups') ? usedByCalls() : undefined;
  },
};

const toDisposition = (row: typeof dispositions.$inferSelect): Disposition => ({ ...row, nextAction: nextAction.parse(row.nextAction) });

/** Deeper, nobody would find anything in it during a call. */
const deepest = 4;

/** Throws 400 when the parent is not there, is the disposition itself or stands under it, or stands too deep. */
async function refuseBadParent(tx: Transaction, id: string, parentId: string): Promise<void> {
  // two who hang two groups under each other at the same moment would make a circle: one after the other they do not
  const rows = await tx
    .select({ id: dispositions.id, parentId: dispositions.parentId })
    .from(dispositions)
    .orderBy(asc(dispositions.id))
    .for('no key update');
  const all = new Map(rows.map((row) => [row.id, row.parentId]));
  if (!all.has(parentId)) throw unknownId('parentId', 'disposition');
  let depth = 1;
  for (let above: string | null = parentId; above !== null; above = all.get(above) ?? null) {
    depth += 1;
    if (above === id) throw new Refusal(400, 'invalidBody', 'parentId: stands under this one', { field: 'parentId' });
  }
  const below = (of: string): number => 1 + Math.max(-1, ...[...all].filter(([, parent]) => parent === of).map(([child]) => below(child)));
  if (depth + below(id) > deepest) throw new Refusal(400, 'invalidBody', 'parentId: stands too deep', { field: 'parentId' });
}

const usedByOthers = () => inUseBy('dispositions', 'Other dispositions stand under this one: move or delete them first.');

const usedByCalls = () => inUseBy('calls', 'Calls were closed with this disposition: switch it off instead of deleting it.');
