import { z } from 'zod';
import {
  type CirculationRules, type CrmRecord, type followUpInput, type FollowUp, id, instant, type LeadCirculation, type leadQuery, type LeadLimits, type LeadRow,
  type LeadRules, type LeadRulesAnswer, openLeadStages, type Page, type PoolReason, type RecordFilter,
} from '../../contracts/index.ts';
import { changesBetween } from '../../access/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { changedMeanwhile, forbidden, wrongState } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import { type Database, inTransaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import type { RecordsService } from '../records/index.ts';
import { insertFollowUp, listFollowUps } from './follow-ups.store.ts';
import { readRules, writeRules } from './lead-rules.store.ts';
import { type Holding, holdingOf, lossesOf, userNames } from './moves.store.ts';
import { dayMs, fateOf, isOpen, pooledLead, refusalOfTaking } from './pool-rules.ts';
import { refuseTaking } from './refuse-taking.ts';

export interface LeadsOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: RecordsService;
  config: Pick<Config, 'timeZone'>;
  /** The rules changed: when leads go to the pool is worked out anew. */
  onRules(): Promise<void>;
}

const position = z.tuple([instant, id]);
/** What tells that somebody was spoken to, so that a new lead counts as contacted. */
const spoken: readonly string[] = ['reached', 'interested', 'notInterested', 'callBack'];

/** What people do with leads. */
export function createLeadsService({ database, clock, audit, records, config, onRules }: LeadsOptions) {
  const leadType = () => records.typeFor(null, 'lead');

  /** Throws 403 when the viewer's roles say nothing of this action on leads. */
  function need(viewer: Viewer, action: 'read' | 'change' | 'configure'): void {
    const type = records.typeFor(viewer, 'lead');
    if (records.scopeOf(viewer, type, action) === 'none') throw forbidden(`${action} leads`);
  }

  async function explain(viewer: Viewer, leads: readonly CrmRecord[]): Promise<LeadRow[]> {
    const nowMs = clock.now();
    const { circulation } = await readRules(database);
    const isPool = leads.some((lead) => lead.ownerId === null);
    const holding = isPool ? await holdingOf(database, viewer.userId, null, nowMs, config.timeZone) : null;
    const losses = isPool ? await lossesOf(database, viewer.userId, leads.map((lead) => lead.id)) : new Map<string, number>();
    return leads.map((lead) => ({ lead, circulation: circulationOf(lead, circulation, nowMs, holding && { ...holding, lostAtMs: losses.get(lead.id) ?? null }) }));
  }

  const withNames = async (rules: LeadRules): Promise<LeadRulesAnswer> => ({ ...rules, names: await userNames(database, rules.routes.flatMap((route) => route.userIds)) });

  const filters = (viewer: Viewer, tab: z.output<typeof leadQuery>['tab']): { filter: RecordFilter[]; sort: string } => {
    const open: RecordFilter = { field: 'stage', op: 'in', value: [...openLeadStages] };
    switch (tab) {
      case 'mine':
        return { filter: [{ field: 'ownerId', op: 'eq', value: viewer.userId }, open], sort: 'poolsAt' };
      case 'pool':
        return { filter: [{ field: 'ownerId', op: 'empty' }, open], sort: '-pooledAt' };
      case 'team':
        return { filter: [{ field: 'ownerId', op: 'notEmpty' }, open], sort: 'poolsAt' };
    }
  };

  return {
    async list(viewer: Viewer, { tab, ...query }: z.output<typeof leadQuery>): Promise<Page<LeadRow>> {
      const page = await records.list(viewer, 'lead', { ...query, ...filters(viewer, tab), state: 'alive' });
      return { items: await explain(viewer, page.items), nextCursor: page.nextCursor };
    },

    async circulation(viewer: Viewer, leadId: string): Promise<LeadCirculation> {
      const [row] = await explain(viewer, [await records.get(viewer, 'lead', leadId)]);
      if (!row) throw new Error('One lead was explained by none.');
      return row.circulation;
    },

    async limits(viewer: Viewer): Promise<LeadLimits> {
      need(viewer, 'read');
      const { circulation } = await readRules(database);
      const { held, grabbedToday } = await holdingOf(database, viewer.userId, null, clock.now(), config.timeZone);
      return { held, grabbedToday, maxHeld: circulation.maxHeld, grabsPerDay: circulation.grabsPerDay };
    },

    /** From the pool to the viewer. However many ask at once, one gets it; the others are told 409 `taken`. */
    async grab(viewer: Viewer, leadId: string): Promise<CrmRecord> {
      need(viewer, 'change');
      await inTransaction(database, async (tx) => {
        // read past one's reach: who comes second has lost sight of the lead, but should hear that it is taken
        const row = await records.changeIn(tx, null, leadType(), leadId, { version: null });
        if (row.ownerId !== null) refuseTaking({ reason: 'taken', untilMs: null, limit: null });
        await records.saveChange(tx, viewer, leadType(), row, { fields: {}, ownerId: viewer.userId });
      });
      return records.get(viewer, 'lead', leadId);
    },

    /** Back to the pool, by hand. */
    async release(viewer: Viewer, leadId: string): Promise<void> {
      await inTransaction(database, async (tx) => {
        const row = await records.changeIn(tx, viewer, records.typeFor(viewer, 'lead'), leadId, { version: null });
        if (row.ownerId === null) throw wrongState('This lead lies in the pool already.');
        await records.saveChange(tx, viewer, leadType(), row, { fields: {}, ownerId: null });
      });
    },

    /** What was done, and what comes next. A lead in the pool is taken first. */
    followUp: (viewer: Viewer, leadId: string, input: z.output<typeof followUpInput>): Promise<CrmRecord> =>
      inTransaction(database, async (tx) => {
        const row = await records.changeIn(tx, viewer, records.typeFor(viewer, 'lead'), leadId, { version: null });
        if (row.ownerId === null) throw wrongState('This lead lies in the pool: take it first.');
        const nowMs = clock.now();
        const at = new Date(nowMs).toISOString();
        const next = { nextStep: keep(input.nextStep, row.fields['nextStep']), nextStepAt: keep(input.nextStepAt, row.fields['nextStepAt']) };
        const stage = row.fields['stage'] === 'new' && spoken.includes(input.outcome) ? { stage: 'contacted' } : {};
        await records.saveChange(tx, viewer, leadType(), row, { fields: { lastFollowUpAt: at, ...next, ...stage } });
        await insertFollowUp(tx, leadId, { id: newId(nowMs), at, userId: viewer.userId, text: input.text, outcome: input.outcome, ...next });
        await audit.record(tx, viewer, 'lead.followedUp', 'lead', leadId, { text: { old: null, new: input.text }, outcome: { old: null, new: input.outcome } });
      }).then(() => records.get(viewer, 'lead', leadId)),

    async followUps(viewer: Viewer, leadId: string, query: { cursor?: string | undefined; limit: number }): Promise<Page<FollowUp>> {
      await records.get(viewer, 'lead', leadId);
      const found = await listFollowUps(database, leadId, readCursor(query.cursor, position), query.limit + 1);
      return toPage(found, query.limit, (one) => [one.at, one.id]);
    },

    /** A conversation that nobody wrote down, such as a call: it counts as a follow-up. Throws 404 for a lead that is not there. */
    noteContact: (leadId: string, atMs: number): Promise<void> =>
      inTransaction(database, async (tx) => {
        const before = await records.changeIn(tx, null, leadType(), leadId, { version: null });
        const last = before.fields['lastFollowUpAt'];
        if (typeof last === 'string' && Date.parse(last) >= atMs) return;
        await records.saveChange(tx, null, leadType(), before, { fields: { lastFollowUpAt: new Date(atMs).toISOString() } });
      }),

    assignsAtCapture: async (): Promise<boolean> => (await readRules(database)).assignAtCapture,

    async rules(viewer: Viewer): Promise<LeadRulesAnswer> {
      need(viewer, 'read');
      return withNames(await readRules(database));
    },

    /** Throws 409 `changedMeanwhile` with the present rules. They hold for every lead at once. */
    async changeRules(viewer: Viewer, rules: LeadRules): Promise<LeadRulesAnswer> {
      need(viewer, 'configure');
      const saved = await inTransaction(database, async (tx) => {
        const before = await readRules(tx);
        if (!(await writeRules(tx, rules))) throw changedMeanwhile(before);
        const { version: _version, ...old } = before;
        const { version: _next, ...now } = rules;
        await audit.record(tx, viewer, 'leadRules.changed', 'leadRules', 'rules', changesBetween({ ...old.circulation, ...old, circulation: null }, { ...now.circulation, ...now, circulation: null }));
        return readRules(tx);
      });
      await onRules();
      return withNames(saved);
    },
  };
}
export type LeadsService = ReturnType<typeof createLeadsService>;

const keep = <T>(given: T | undefined, present: unknown): T | null => (given === undefined ? ((present as T | null | undefined) ?? null) : given);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What the rules say of a lead, in words that the card can show. */
export function circulationOf(lead: CrmRecord, rules: CirculationRules, nowMs: number, viewer: Holding | null): LeadCirculation {
  const pooled = pooledLead(lead);
  const fate = fateOf(pooled, rules);
  const isInPool = pooled.ownerId === null;
  const refusal = isInPool && viewer !== null ? refusalOfTaking({ ...viewer, how: 'grabbed', stage: pooled.stage, nowMs }, rules) : null;
  const pooledAt = lead.fields['pooledAt'];
  return {
    state: !isOpen(pooled.stage) ? 'closed' : isInPool ? 'pool' : 'held',
    poolsAt: iso(fate?.poolsAtMs ?? null),
    because: fate?.because ?? null,
    ruleDays: fate?.ruleDays ?? null,
    delayedByProtection: fate?.delayedByProtection ?? false,
    protectedUntil: pooled.protectedUntilMs !== null && pooled.protectedUntilMs > nowMs ? iso(pooled.protectedUntilMs) : null,
    goesSoon: fate !== null && fate.poolsAtMs - nowMs < dayMs,
    pooledAt: typeof pooledAt === 'string' ? pooledAt : null,
    poolReason: (lead.fields['poolReason'] as PoolReason | null | undefined) ?? null,
    grab: isInPool ? { allowed: refusal === null && lead.deletedAt === null, refusal: refusal && { reason: refusal.reason, until: iso(refusal.untilMs), limit: refusal.limit } } : null,
  };
}
