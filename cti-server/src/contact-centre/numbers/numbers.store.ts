import { and, asc, eq, ne } from 'drizzle-orm';
import type { InboundNumber } from '../../contracts/index.ts';
import { numbers, queues } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique } from '../../platform/errors.ts';
import { refuseUnknownFlow } from '../queues/index.ts';
import { inUseBy, type SetupStore, type Transaction, unknownId } from '../setup/index.ts';

export const numbersStore: SetupStore<InboundNumber> = {
  recordType: 'number',
  list: (connection) => connection.select().from(numbers).orderBy(asc(numbers.number)),
  async lock(tx, id) {
    const [found] = await tx.select().from(numbers).where(eq(numbers.id, id)).for('update');
    return found;
  },
  async insert(tx, item) {
    await tx.insert(numbers).values(item);
  },
  async update(tx, { id, ...columns }) {
    await tx.update(numbers).set(columns).where(eq(numbers.id, id));
  },
  async remove(tx, id) {
    await tx.delete(numbers).where(eq(numbers.id, id));
  },
  async check(tx, { id, queueId, flowId, outboundNumberId }) {
    if (queueId !== null) {
      const found = await tx.select({ id: queues.id }).from(queues).where(eq(queues.id, queueId)).for('key share');
      if (found.length === 0) throw unknownId('queueId', 'queue');
    }
    if (flowId !== null) await refuseUnknownFlow(tx, flowId, 'flowId');
    if (outboundNumberId !== null && outboundNumberId !== id) await refuseUnknownNumber(tx, outboundNumberId);
  },
  async refuseWhileInUse(tx, { id }) {
    // calls remember the number that was dialled by its digits; what is shown instead of another is looked up by its id
    const shownBy = await tx
      .select({ id: numbers.id })
      .from(numbers)
      .where(and(eq(numbers.outboundNumberId, id), ne(numbers.id, id)))
      .limit(1);
    if (shownBy.length > 0) throw usedByNumbers();
    if ((await tx.select({ id: queues.id }).from(queues).where(eq(queues.outboundNumberId, id)).limit(1)).length > 0) throw usedByQueues();
  },
  refusalFor(error) {
    const unique = brokenUnique(error);
    if (unique === 'numbers_number' || unique === 'numbers_spelling') {
      return alreadyExists('number', 'This number is there already, perhaps in another spelling.');
    }
    const foreignKey = brokenForeignKey(error);
    if (foreignKey?.startsWith('queues_outbound')) return usedByQueues();
    if (foreignKey?.startsWith('numbers_outbound')) return unknownId('outboundNumberId', 'number');
    if (foreignKey?.startsWith('numbers_flow')) return unknownId('flowId', 'call flow');
    return foreignKey?.startsWith('numbers') ? unknownId('queueId', 'queue') : undefined;
  },
};

const usedByNumbers = () => inUseBy('numbers', 'Another number shows this one: let it show another first, or switch this one off.');
const usedByQueues = () => inUseBy('queues', 'A queue shows this number when it calls out: let it show another first.');

async function refuseUnknownNumber(tx: Transaction, id: string): Promise<void> {
  const found = await tx.select({ id: numbers.id }).from(numbers).where(eq(numbers.id, id)).for('key share');
  if (found.length === 0) throw unknownId('outboundNumberId', 'number');
}
