/** How leads go round between people and the public pool: pure decisions, each with its reason. Times are milliseconds since 1970. */
import { type CirculationRules, openLeadStages, type PoolReason, type takeRefusals } from '../../contracts/index.ts';

export const dayMs = 86_400_000;

/** A lead as far as the rules look at it. */
export interface PooledLead {
  ownerId: string | null;
  stage: string | null;
  heldSinceMs: number | null;
  lastFollowUpAtMs: number | null;
  protectedUntilMs: number | null;
}

/** When a rule takes a lead from its owner. A lead of which nothing is known but its owner is safe: no rule can count from anything. */
export interface Fate {
  poolsAtMs: number;
  because: Extract<PoolReason, 'noFollowUp' | 'notConverted'>;
  ruleDays: number;
  delayedByProtection: boolean;
}

export const noRules: CirculationRules = { noFollowUpDays: null, convertWithinDays: null, protectedDays: 0, maxHeld: null, lockOutDays: 0, grabsPerDay: null };

const open: readonly string[] = openLeadStages;
/** Worked on: counts for the maximum, and goes round. */
export const isOpen = (stage: string | null): boolean => stage !== null && open.includes(stage);

/**
 * The rule that ends first counts, and no rule before the owner's protection ends:
 *
 *   taken ──protected days──┐
 *   taken or followed up ──no-follow-up days──┤ later of protection and
 *   taken ──────────conversion days───────────┘ the earlier of the two rules
 */
export function fateOf(lead: PooledLead, rules: CirculationRules): Fate | null {
  if (lead.ownerId === null || !isOpen(lead.stage) || lead.heldSinceMs === null) return null;
  const followedUp = Math.max(lead.heldSinceMs, lead.lastFollowUpAtMs ?? lead.heldSinceMs);
  const ends: { atMs: number; because: Fate['because']; ruleDays: number }[] = [];
  if (rules.noFollowUpDays !== null) ends.push({ atMs: followedUp + rules.noFollowUpDays * dayMs, because: 'noFollowUp', ruleDays: rules.noFollowUpDays });
  if (rules.convertWithinDays !== null) ends.push({ atMs: lead.heldSinceMs + rules.convertWithinDays * dayMs, because: 'notConverted', ruleDays: rules.convertWithinDays });
  const [first] = ends.sort((a, b) => a.atMs - b.atMs);
  if (!first) return null;
  const poolsAtMs = Math.max(first.atMs, lead.protectedUntilMs ?? first.atMs);
  return { poolsAtMs, because: first.because, ruleDays: first.ruleDays, delayedByProtection: poolsAtMs > first.atMs };
}

/** The rule that takes it now; null when it stays. */
export function dueFate(lead: PooledLead, rules: CirculationRules, nowMs: number): Fate | null {
  const fate = fateOf(lead, rules);
  return fate !== null && fate.poolsAtMs <= nowMs ? fate : null;
}

/** How somebody comes by a lead: made with it, given it by a person, by a rule, or taken by themselves from the pool. */
export type Taking = 'made' | 'given' | 'byRule' | 'grabbed';

export interface TakeQuestion {
  how: Taking;
  stage: string | null;
  /** Open leads the person holds, without this one. */
  held: number;
  /** Taken by themselves today. */
  grabbedToday: number;
  /** When this person last lost this lead to the pool; null: never. */
  lostAtMs: number | null;
  nowMs: number;
  /** When the person's day ends, and with it the count of what they grabbed. */
  dayEndsAtMs: number;
}

export interface TakeRefusal {
  reason: (typeof takeRefusals)[number];
  untilMs: number | null;
  limit: number | null;
}

/** Null when the person may have it. Nobody gets above the maximum in any way; whoever hands leads out may give one back to who lost it. */
export function refusalOfTaking(question: TakeQuestion, rules: CirculationRules): TakeRefusal | null {
  const { how, held, grabbedToday, lostAtMs, nowMs } = question;
  if (!isOpen(question.stage)) return how === 'grabbed' || how === 'byRule' ? { reason: 'leadClosed', untilMs: null, limit: null } : null;
  if ((how === 'grabbed' || how === 'byRule') && lostAtMs !== null && rules.lockOutDays > 0) {
    const untilMs = lostAtMs + rules.lockOutDays * dayMs;
    if (nowMs < untilMs) return { reason: 'lockedOut', untilMs, limit: rules.lockOutDays };
  }
  if (rules.maxHeld !== null && held >= rules.maxHeld) return { reason: 'maximumHeld', untilMs: null, limit: rules.maxHeld };
  if (how === 'grabbed' && rules.grabsPerDay !== null && grabbedToday >= rules.grabsPerDay) return { reason: 'grabsUsedUp', untilMs: question.dayEndsAtMs, limit: rules.grabsPerDay };
  return null;
}

/** What is kept of a lead's place, in the record's own fields. */
export interface Place {
  heldSince: string | null;
  protectedUntil: string | null;
  pooledAt: string | null;
  poolReason: PoolReason | null;
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** A lead as its new owner gets it. */
export const placeOfHeld = (rules: CirculationRules, nowMs: number): Place => ({
  heldSince: instant(nowMs),
  protectedUntil: rules.protectedDays > 0 ? instant(nowMs + rules.protectedDays * dayMs) : null,
  pooledAt: null,
  poolReason: null,
});

/** A lead as the pool gets it. */
export const placeInPool = (reason: PoolReason, nowMs: number): Place => ({ heldSince: null, protectedUntil: null, pooledAt: instant(nowMs), poolReason: reason });

const msOf = (value: unknown): number | null => (typeof value === 'string' ? Date.parse(value) : null);

/** A record of type lead as the rules see it. */
export const pooledLead = (record: { ownerId: string | null; fields: Readonly<Record<string, unknown>> }): PooledLead => ({
  ownerId: record.ownerId,
  stage: typeof record.fields['stage'] === 'string' ? record.fields['stage'] : null,
  heldSinceMs: msOf(record.fields['heldSince']),
  lastFollowUpAtMs: msOf(record.fields['lastFollowUpAt']),
  protectedUntilMs: msOf(record.fields['protectedUntil']),
});
