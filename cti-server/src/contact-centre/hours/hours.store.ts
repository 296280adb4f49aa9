import { asc, eq } from 'drizzle-orm';
import type { Calendar } from '../../contracts/index.ts';
import { calendars, queues } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique } from '../../platform/errors.ts';
import { inUseBy, type SetupStore } from '../setup/index.ts';

export const calendarsStore: SetupStore<Calendar> = {
  recordType: 'calendar',
  list: (connection) => connection.select().from(calendars).orderBy(asc(calendars.name), asc(calendars.id)),
  async lock(tx, id) {
    const [found] = await tx.select().from(calendars).where(eq(calendars.id, id)).for('update');
    return found;
  },
  async insert(tx, calendar) {
    await tx.insert(calendars).values(calendar);
  },
  async update(tx, { id, ...columns }) {
    await tx.update(calendars).set(columns).where(eq(calendars.id, id));
  },
  async remove(tx, id) {
    await tx.delete(calendars).where(eq(calendars.id, id));
  },
  async refuseWhileInUse(tx, { id }) {
    if ((await tx.select({ id: queues.id }).from(queues).where(eq(queues.calendarId, id)).limit(1)).length > 0) throw usedByQueues();
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'calendars_name') return alreadyExists('name', 'There is a calendar of this name already.');
    // a queue took the calendar while it was being deleted
    return brokenForeignKey(error)?.startsWith('queues') ? usedByQueues() : undefined;
  },
};

const usedByQueues = () => inUseBy('queues', 'A queue keeps these hours: give it others first.');
