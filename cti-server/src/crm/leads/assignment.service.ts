import type { AssignAnswer, LeadRoute, LeadRules } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Database, inTransaction, type Transaction } from '../database.store.ts';
import type { RecordRow, RecordsService } from '../records/index.ts';
import { type Candidate, chooseHolder, type RoutedLead, routeFits } from './assignment-rules.ts';
import { lockTurn, readRules, saveTurn } from './lead-rules.store.ts';
import { candidatesFor, lockHolder, oldestInPool } from './moves.store.ts';

export interface AssignmentOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: RecordsService;
  /** Who has one of these skills; the CRM itself knows of no skills. */
  usersWithSkills(skillIds: readonly string[]): Promise<string[]>;
}

type Outcome = { assigned: AssignAnswer['assigned'][number] } | { left: AssignAnswer['left'][number] };

/** Hands leads of the pool out as the company's routes say. */
export function createAssignment({ database, clock, audit, records, usersWithSkills }: AssignmentOptions) {
  async function choose(tx: Transaction, rules: LeadRules, row: RecordRow): Promise<{ route: LeadRoute; holder: Candidate } | 'noRoute' | 'nobodyFree'> {
    const lead = routedLead(row);
    let fits = false;
    for (const route of rules.routes) {
      if (!routeFits(route, lead)) continue;
      fits = true;
      const last = await lockTurn(tx, route.id);
      const userIds = [...new Set([...route.userIds, ...(route.skillIds.length > 0 ? await usersWithSkills(route.skillIds) : [])])];
      const candidates = await candidatesFor(tx, row.id, userIds);
      for (const left = [...candidates]; left.length > 0; ) {
        const holder = chooseHolder(route.how, lead, left, last, rules.circulation, clock.now());
        if (holder === null) break;
        // somebody else may have filled their hands since they were counted: once they are locked, it is looked at again
        await lockHolder(tx, holder.userId);
        const [now] = await candidatesFor(tx, row.id, [holder.userId]);
        if (now && chooseHolder(route.how, lead, [now], null, rules.circulation, clock.now())) return { route, holder };
        left.splice(left.indexOf(holder), 1);
      }
    }
    return fits ? 'nobodyFree' : 'noRoute';
  }

  /** One lead, in a transaction of its own. */
  async function assign(viewer: Pick<Viewer, 'userId' | 'name'> | null, id: string): Promise<Outcome> {
    return inTransaction(database, async (tx): Promise<Outcome> => {
      const type = records.typeFor(null, 'lead');
      const row = await records.changeIn(tx, null, type, id, { version: null });
      if (row.ownerId !== null) return { left: { id, reason: 'notInPool' } };
      const chosen = await choose(tx, await readRules(tx, true), row);
      if (typeof chosen === 'string') return { left: { id, reason: chosen } };
      const { route, holder } = chosen;
      await records.saveChange(tx, null, type, row, { fields: {}, ownerId: holder.userId });
      await audit.record(tx, viewer, 'lead.assignedByRule', 'lead', id, { route: { old: null, new: route.name } });
      await saveTurn(tx, route.id, holder.userId);
      return { assigned: { id, ownerId: holder.userId, ownerName: holder.name, route: route.name } };
    }).catch((error: unknown): Outcome => {
      if (error instanceof Refusal && error.status === 404) return { left: { id, reason: 'notInPool' } };
      throw error;
    });
  }

  return {
    assign,
    /** These leads, or the oldest of the pool. */
    async assignMany(viewer: Viewer, ids: readonly string[] | undefined, limit: number): Promise<AssignAnswer> {
      const answer: AssignAnswer = { assigned: [], left: [] };
      for (const id of ids ?? (await oldestInPool(database, limit))) {
        const outcome = await assign(viewer, id);
        if ('assigned' in outcome) answer.assigned.push(outcome.assigned);
        else answer.left.push(outcome.left);
      }
      return answer;
    },
  };
}
export type Assignment = ReturnType<typeof createAssignment>;

function routedLead(row: RecordRow): RoutedLead {
  const text = (key: string): string | null => (typeof row.fields[key] === 'string' ? row.fields[key] : null);
  return { country: text('country'), city: text('city'), phone: text('phone'), source: text('source'), grade: text('grade'), stage: text('stage') };
}
