import { asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { number } from '../../contracts/index.ts';
import { numbers, queues } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique } from '../../platform/errors.ts';
import { type SetupStore, unknownId } from '../setup/index.ts';

export type InboundNumber = z.infer<typeof number>;

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
  async check(tx, { queueId }) {
    if (queueId === null) return;
    const found = await tx.select({ id: queues.id }).from(queues).where(eq(queues.id, queueId)).for('key share');
    if (found.length === 0) throw unknownId('queueId', 'queue');
  },
  async refuseWhileInUse() {
    // calls remember the number that was dialled by its digits
  },
  refusalFor(error) {
    const unique = brokenUnique(error);
    if (unique === 'numbers_number' || unique === 'numbers_spelling') {
      return alreadyExists('number', 'This number is there already, perhaps in another spelling.');
    }
    return brokenForeignKey(error)?.startsWith('numbers') ? unknownId('queueId', 'queue') : undefined;
  },
};
