import { asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { disposition } from '../../contracts/index.ts';
import { dispositions, wrapUps } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique } from '../../platform/errors.ts';
import { refuseUnknownQueues } from '../queues/index.ts';
import { firstRepeated, inUseBy, namedTwice, type SetupStore } from '../setup/index.ts';

export type Disposition = z.infer<typeof disposition>;

export const dispositionsStore: SetupStore<Disposition> = {
  recordType: 'disposition',
  list: (connection) =>
    connection.select().from(dispositions).orderBy(asc(dispositions.sortOrder), asc(dispositions.name), asc(dispositions.id)),
  async lock(tx, id) {
    const [found] = await tx.select().from(dispositions).where(eq(dispositions.id, id)).for('update');
    return found;
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
  async check(tx, { queueIds }) {
    const repeated = firstRepeated(queueIds);
    if (repeated >= 0) throw namedTwice(`queueIds.${String(repeated)}`);
    await refuseUnknownQueues(tx, queueIds);
  },
  async refuseWhileInUse(tx, { id }) {
    const used = await tx.select({ callId: wrapUps.callId }).from(wrapUps).where(eq(wrapUps.dispositionId, id)).limit(1);
    if (used.length > 0) throw usedByCalls();
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'dispositions_name') return alreadyExists('name', 'There is a disposition of this name already.');
    return brokenForeignKey(error)?.startsWith('wrap_ups') ? usedByCalls() : undefined;
  },
};

const usedByCalls = () => inUseBy('calls', 'Calls were closed with this disposition: switch it off instead of deleting it.');
