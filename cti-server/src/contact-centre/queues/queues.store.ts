import { and, arrayContains, asc, eq, inArray, isNull, ne, sql } from 'drizzle-orm';
import { type Queue, queueRules, type QueueRuleSettings } from '../../contracts/index.ts';
import { calendars, calls, dispositions, flows, numbers, queues, queueSkills, skills } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, Refusal } from '../../platform/errors.ts';
import { queueFromRow } from '../directory/index.ts';
import { type Connection, firstRepeated, inUseBy, namedTwice, type SetupStore, type Transaction, unknownId } from '../setup/index.ts';

export const queuesStore: SetupStore<Queue> = {
  recordType: 'queue',
  async list(connection) {
    const rows = await connection.select().from(queues).orderBy(asc(queues.name), asc(queues.id));
    const asked = Map.groupBy(await connection.select().from(queueSkills).orderBy(asc(queueSkills.skillId)), (row) => row.queueId);
    return rows.map((row) => toQueue(row, asked.get(row.id) ?? []));
  },
  async lock(tx, id) {
    const [found] = await tx.select().from(queues).where(eq(queues.id, id)).for('update');
    return found && toQueue(found, await skillsOfQueue(tx, id));
  },
  async insert(tx, queue) {
    await tx.insert(queues).values(toRow(queue));
    await insertSkills(tx, queue.id, queue.skills);
  },
  async update(tx, queue) {
    const { id, skills: asked } = queue;
    await tx.update(queues).set(toRow(queue)).where(eq(queues.id, id));
    await tx.delete(queueSkills).where(eq(queueSkills.queueId, id));
    await insertSkills(tx, id, asked);
  },
  async remove(tx, id) {
    await tx.delete(queues).where(eq(queues.id, id));
  },
  async check(tx, queue) {
    const ids = queue.skills.map((one) => one.skillId);
    const repeated = firstRepeated(ids);
    if (repeated >= 0) throw namedTwice(`skills.${String(repeated)}.skillId`);
    await refuseUnknownSkills(tx, ids);
    for (const [index, step] of queue.skillSteps.entries()) {
      if (step.skillId !== null && !ids.includes(step.skillId)) throw unknownId(`skillSteps.${String(index)}.skillId`, 'skill of this queue');
    }
    await refuseUnknownPlaces(tx, queue);
  },
  async refuseWhileInUse(tx, { id }) {
    if ((await tx.select({ id: numbers.id }).from(numbers).where(eq(numbers.queueId, id)).limit(1)).length > 0) throw usedByNumbers();
    if ((await tx.select({ id: calls.id }).from(calls).where(eq(calls.queueId, id)).limit(1)).length > 0) throw usedByCalls();
    const restricted = await tx
      .select({ id: dispositions.id })
      .from(dispositions)
      .where(arrayContains(dispositions.queueIds, [id]))
      .limit(1);
    const sending = await tx
      .select({ id: queues.id })
      .from(queues)
      .where(and(ne(queues.id, id), sql`strpos(${queues.rules}::text, ${id}) > 0`))
      .limit(1);
    if (sending.length > 0) throw inUseBy('queues', 'Another queue sends calls here: let it send them elsewhere, or switch the queue off.');
    if (restricted.length > 0)
      throw inUseBy('dispositions', 'A disposition is offered for this queue: take the queue out of it, or switch the queue off.');
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'queues_name') return alreadyExists('name', 'There is a queue of this name already.');
    const foreignKey = brokenForeignKey(error);
    if (foreignKey?.startsWith('queue_skills')) return unknownId('skills', 'skill');
    if (foreignKey?.startsWith('queues_calendar')) return unknownId('calendarId', 'calendar');
    if (foreignKey?.startsWith('queues_outbound')) return unknownId('outboundNumberId', 'number');
    // a number or a call took the queue while it was being deleted
    if (foreignKey?.startsWith('numbers')) return usedByNumbers();
    if (foreignKey?.startsWith('calls')) return usedByCalls();
    if (foreignKey?.startsWith('callbacks') || foreignKey?.startsWith('voicemails')) return inUseBy('callbacks', 'This queue has callbacks or voicemail: switch it off instead of deleting it.');
    return undefined;
  },
};

const usedByNumbers = () => inUseBy('numbers', 'A number leads to this queue: let it lead elsewhere, or switch the queue off.');
const usedByCalls = () => inUseBy('calls', 'This queue has calls in its history: switch it off instead of deleting it.');

const toQueue = (row: typeof queues.$inferSelect, asked: readonly (typeof queueSkills.$inferSelect)[]): Queue =>
  queueFromRow(
    row,
    asked.map(({ skillId, minLevel }) => ({ skillId, minLevel })),
  );

const ruleNames = new Set(Object.keys(queueRules.shape));

/** What has a column of its own, and the rest as `rules`. */
function toRow({ skills: _, ...queue }: Queue): typeof queues.$inferInsert {
  const entries = Object.entries(queue);
  const columns = Object.fromEntries(entries.filter(([name]) => !ruleNames.has(name))) as Omit<Queue, 'skills' | keyof QueueRuleSettings>;
  return { ...columns, rules: Object.fromEntries(entries.filter(([name]) => ruleNames.has(name))) };
}

const sendsTo = ['whenFull', 'afterMaxWait', 'whenNoAgents', 'afterHours', 'atClosing'] as const;

/** Throws 400 with the field of the first place that calls are sent to and that is not there, or that is the queue itself. */
async function refuseUnknownPlaces(tx: Transaction, queue: Queue): Promise<void> {
  if (queue.calendarId !== null) {
    const found = await tx.select({ id: calendars.id }).from(calendars).where(eq(calendars.id, queue.calendarId)).for('key share');
    if (found.length === 0) throw unknownId('calendarId', 'calendar');
  }
  for (const field of sendsTo) {
    const action = queue[field];
    if (action?.to === 'flow') await refuseUnknownFlow(tx, action.flowId, `${field}.flowId`);
    if (action?.to !== 'queue') continue;
    const found = await tx.select({ id: queues.id }).from(queues).where(eq(queues.id, action.queueId)).for('key share');
    if (found.length === 0 || action.queueId === queue.id) throw unknownId(`${field}.queueId`, 'other queue');
  }
}

const skillsOfQueue = (connection: Connection, queueId: string) =>
  connection.select().from(queueSkills).where(eq(queueSkills.queueId, queueId)).orderBy(asc(queueSkills.skillId));

async function insertSkills(tx: Transaction, queueId: string, asked: Queue['skills']): Promise<void> {
  if (asked.length > 0) await tx.insert(queueSkills).values(asked.map((one) => ({ queueId, ...one })));
}

/** Throws 400 with the field of the first id that is no skill. `ids` in the order of the body's `skills`. */
export async function refuseUnknownSkills(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const found = new Set(
    (
      await tx
        .select({ id: skills.id })
        .from(skills)
        .where(inArray(skills.id, [...ids]))
    ).map((row) => row.id),
  );
  const unknown = ids.findIndex((skillId) => !found.has(skillId));
  if (unknown >= 0) throw unknownId(`skills.${String(unknown)}.skillId`, 'skill');
}

/** Throws 400 with the field of the first id that is no queue. `ids` in the order of the body's `queueIds`. */
export async function refuseUnknownQueues(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const found = new Set(
    (
      await tx
        .select({ id: queues.id })
        .from(queues)
        .where(inArray(queues.id, [...ids]))
        .for('key share')
    ).map((row) => row.id),
  );
  const unknown = ids.findIndex((queueId) => !found.has(queueId));
  if (unknown >= 0) throw unknownId(`queueIds.${String(unknown)}`, 'queue');
}

/** Throws 400 with the field when the id is no call flow, or one that was never published: nobody would answer. */
export async function refuseUnknownFlow(tx: Transaction, flowId: string, field: string): Promise<void> {
  const [found] = await tx
    .select({ published: flows.publishedVersionId })
    .from(flows)
    .where(and(eq(flows.id, flowId), isNull(flows.deletedAt)))
    .for('key share');
  if (!found) throw unknownId(field, 'call flow');
  if (found.published === null) throw new Refusal(400, 'invalidBody', `${field}: was never published`, { field });
}
