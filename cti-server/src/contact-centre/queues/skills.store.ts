import { asc, eq } from 'drizzle-orm';
import { agentSkills, queueSkills, skills } from '../../db/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique } from '../../platform/errors.ts';
import { inUseBy, type SetupStore } from '../setup/index.ts';

export interface Skill {
  id: string;
  name: string;
  version: number;
}

export const skillsStore: SetupStore<Skill> = {
  recordType: 'skill',
  list: (connection) => connection.select().from(skills).orderBy(asc(skills.name), asc(skills.id)),
  async lock(tx, id) {
    const [found] = await tx.select().from(skills).where(eq(skills.id, id)).for('update');
    return found;
  },
  async insert(tx, skill) {
    await tx.insert(skills).values(skill);
  },
  async update(tx, { id, ...columns }) {
    await tx.update(skills).set(columns).where(eq(skills.id, id));
  },
  async remove(tx, id) {
    await tx.delete(skills).where(eq(skills.id, id));
  },
  async refuseWhileInUse(tx, { id }) {
    if ((await tx.select().from(queueSkills).where(eq(queueSkills.skillId, id)).limit(1)).length > 0) throw usedByQueues();
    if ((await tx.select().from(agentSkills).where(eq(agentSkills.skillId, id)).limit(1)).length > 0) throw usedByAgents();
  },
  refusalFor(error) {
    if (brokenUnique(error) === 'skills_name') return alreadyExists('name', 'There is a skill of this name already.');
    const foreignKey = brokenForeignKey(error);
    // a queue or an agent took the skill while it was being deleted
    if (foreignKey?.startsWith('queue_skills')) return usedByQueues();
    if (foreignKey?.startsWith('agent_skills')) return usedByAgents();
    return undefined;
  },
};

const usedByQueues = () => inUseBy('queues', 'A queue asks for this skill: take it out of the queue first.');
const usedByAgents = () => inUseBy('agents', 'An agent has this skill: take it from the agent first.');
