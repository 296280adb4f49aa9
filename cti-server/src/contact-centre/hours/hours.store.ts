import { and, asc, eq, isNull, or, sql } from 'drizzle-orm';
import type { Calendar } from '../../contracts/index.ts';
import { calendars, flows, flowVersions, queues } from '../../db/index.ts';
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
    // flows name it inside what is drawn: in the draft, and in what callers hear now
    const asked = await tx
      .select({ id: flows.id })
      .from(flows)
      .leftJoin(flowVersions, eq(flowVersions.id, flows.publishedVersionId))
      .where(and(isNull(flows.deletedAt), or(sql`strpos(${flows.draft}::text, ${id}) > 0`, sql`strpos(${flowVersions.graph}::text, ${id}) > 0`)))
      .limit(1);
    if (asked.length > 0) throw usedByFlows();
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'calendars_name') return alreadyExists('name', 'There is a calendar of this name already.');
    // a queue took the calendar while it was being deleted
    return brokenForeignKey(error)?.startsWith('queues') ? usedByQueues() : undefined;
  },
};

const usedByQueues = () => inUseBy('queues', 'A queue keeps these hours: give it others first.');
const usedByFlows = () => inUseBy('flows', 'A call flow asks for these hours: let it ask for others first.');
