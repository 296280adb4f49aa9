import { changesBetween } from '../../access/index.ts';
import type { TicketAssignAnswer, TicketRoute, TicketRules, TicketRulesAnswer } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, forbidden, Refusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Database, inTransaction, type Transaction } from '../database.store.ts';
import type { RecordsService } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import { faultOfRules } from './ticket-flow-rules.ts';
import { chooseAssignee, type TicketCandidate, ticketRouteFits } from './ticket-route-rules.ts';
import { lockTicketTurn, oldestUnassigned, readTicketRules, saveTicketTurn, ticketCandidates, tierOf, userNames, writeTicketRules } from './ticket-rules.store.ts';

/** Who has one of these skills; the CRM itself knows of no skills. */
export type UsersWithSkills = (skillIds: readonly string[]) => Promise<string[]>;

export interface TicketAssignmentOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: Pick<RecordsService, 'typeFor' | 'scopeOf' | 'changeIn' | 'saveChange'>;
  usersWithSkills: UsersWithSkills;
  /** The kinds changed: forms and filters are to offer others. */
  onRules(): Promise<void>;
}

/** The first route that fits and has somebody, and who it is. The turn is theirs from then on. */
export async function chooseByRoutes(
  tx: Transaction,
  rules: TicketRules,
  ticket: Readonly<Record<string, unknown>>,
  usersWithSkills: UsersWithSkills,
): Promise<{ route: TicketRoute; assignee: TicketCandidate } | 'noRoute' | 'nobodyFree'> {
  const { customerId } = ticket;
  const routed = { kind: String(ticket['kind']), priority: String(ticket['priority']), tier: typeof customerId === 'string' ? await tierOf(tx, customerId) : null };
  let fits = false;
  for (const route of rules.routes) {
    if (!ticketRouteFits(route, routed)) continue;
    fits = true;
    const last = await lockTicketTurn(tx, route.id);
    const skilled = route.skillIds.length > 0 ? await usersWithSkills(route.skillIds) : [];
    const assignee = chooseAssignee(route.how, await ticketCandidates(tx, [...route.userIds, ...skilled], route.teamIds), last);
    if (assignee === null) continue;
    await saveTicketTurn(tx, route.id, assignee.userId);
    return { route, assignee };
  }
  return fits ? 'nobodyFree' : 'noRoute';
}

/** Kinds and routes of tickets, and handing out what nobody has. */
export function createTicketAssignment({ database, audit, records, usersWithSkills, onRules }: TicketAssignmentOptions) {
  type Outcome = { assigned: TicketAssignAnswer['assigned'][number] } | { left: TicketAssignAnswer['left'][number] };
  const withNames = async (rules: TicketRules): Promise<TicketRulesAnswer> => ({ ...rules, names: await userNames(database, rules.routes.flatMap((route) => route.userIds)) });

  const assign = (viewer: Viewer, id: string): Promise<Outcome> =>
    inTransaction(database, async (tx): Promise<Outcome> => {
      const type = records.typeFor(null, 'ticket');
      const row = await records.changeIn(tx, null, type, id, { version: null });
      if (row.ownerId !== null || row.fields['closedAt'] !== null) return { left: { id, reason: 'taken' } };
      const chosen = await chooseByRoutes(tx, await readTicketRules(tx, true), row.fields, usersWithSkills);
      if (typeof chosen === 'string') return { left: { id, reason: chosen } };
      const { route, assignee } = chosen;
      await records.saveChange(tx, null, type, row, { fields: {}, ownerId: assignee.userId });
      await audit.record(tx, viewer, 'ticket.assignedByRule', 'ticket', id, { route: { old: null, new: route.name } });
      return { assigned: { id, assigneeId: assignee.userId, assigneeName: assignee.name, route: route.name } };
    }).catch((error: unknown): Outcome => {
      if (error instanceof Refusal && error.status === 404) return { left: { id, reason: 'taken' } };
      throw error;
    });

  return {
    /** From nobody to the viewer. However many ask at once, one gets it; the others are told 409 `taken`. */
    grab: (viewer: Viewer, id: string): Promise<void> =>
      inTransaction(database, async (tx) => {
        const type = records.typeFor(null, 'ticket');
        // read past one's reach: who comes second has lost sight of the ticket, but should hear that it is taken
        const row = await records.changeIn(tx, null, type, id, { version: null });
        if (row.ownerId !== null) throw new Refusal(409, 'taken', 'Somebody else was faster: this ticket has somebody now.');
        if (row.fields['closedAt'] !== null) throw new Refusal(409, 'wrongState', 'This ticket is closed already.');
        await records.saveChange(tx, viewer, type, row, { fields: {}, ownerId: viewer.userId });
      }),

    /** These, or the oldest that nobody has, as the routes say; for those who may change more than their own tickets. */
    async assignMany(viewer: Viewer, ids: readonly string[] | undefined, limit: number): Promise<TicketAssignAnswer> {
      const scope = records.scopeOf(viewer, records.typeFor(viewer, 'ticket'), 'change');
      if (scope === 'none' || scope === 'own') throw forbidden('hand out tickets');
      const answer: TicketAssignAnswer = { assigned: [], left: [] };
      for (const id of ids ?? (await oldestUnassigned(database, limit))) {
        const outcome = await assign(viewer, id);
        if ('assigned' in outcome) answer.assigned.push(outcome.assigned);
        else answer.left.push(outcome.left);
      }
      return answer;
    },

    rules: async (): Promise<TicketRulesAnswer> => withNames(await readTicketRules(database)),

    /** Throws 409 `changedMeanwhile` with the present rules, 400 with the field at fault. */
    async changeRules(viewer: Viewer, rules: TicketRules): Promise<TicketRulesAnswer> {
      if (records.scopeOf(viewer, records.typeFor(viewer, 'ticket'), 'configure') === 'none') throw forbidden('configure tickets');
      const saved = await inTransaction(database, async (tx) => {
        const before = await readTicketRules(tx);
        const fault = faultOfRules(rules, before);
        if (fault) throw wrongField(fault.field, fault.message);
        if (!(await writeTicketRules(tx, rules))) throw changedMeanwhile(before);
        const { version: _version, ...old } = before;
        const { version: _next, ...now } = rules;
        await audit.record(tx, viewer, 'ticketRules.changed', 'ticketRules', 'rules', changesBetween(old, now));
        return readTicketRules(tx);
      });
      await onRules();
      return withNames(saved);
    },
  };
}
export type TicketAssignment = ReturnType<typeof createTicketAssignment>;
