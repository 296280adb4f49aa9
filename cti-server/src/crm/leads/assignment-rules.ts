/** Who gets a lead when a rule hands it out. Pure. */
import type { CirculationRules, LeadRoute } from '../../contracts/index.ts';
import { refusalOfTaking } from './pool-rules.ts';

export interface RoutedLead {
  country: string | null;
  city: string | null;
  phone: string | null;
  source: string | null;
  grade: string | null;
  stage: string | null;
}

export interface Candidate {
  userId: string;
  name: string;
  /** Open leads they hold. */
  held: number;
  /** When they last lost this lead to the pool. */
  lostAtMs: number | null;
}

const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();

/** Whether a lead is of the kind that a route is for. */
export function routeFits(route: LeadRoute, lead: RoutedLead): boolean {
  const within = (list: readonly string[], value: string | null): boolean => list.length === 0 || (value !== null && list.includes(value));
  return (
    within(route.countries, lead.country) &&
    within(route.sources, lead.source) &&
    within(route.grades, lead.grade) &&
    (route.cities.length === 0 || (lead.city !== null && route.cities.map(folded).includes(folded(lead.city)))) &&
    (route.phonePrefixes.length === 0 || route.phonePrefixes.some((prefix) => lead.phone?.startsWith(prefix) ?? false))
  );
}

/**
 * In turn: the next by id after whoever had the last one. Least loaded: who holds fewest, and among equals the next in turn. Null when
 * nobody of them may take it.
 * @param lastUserId who got the last lead of this route; they may have left since
 */
export function chooseHolder(how: LeadRoute['how'], lead: RoutedLead, candidates: readonly Candidate[], lastUserId: string | null, rules: CirculationRules, nowMs: number): Candidate | null {
  const free = candidates
    .filter(({ held, lostAtMs }) => refusalOfTaking({ how: 'byRule', stage: lead.stage, held, grabbedToday: 0, lostAtMs, nowMs, dayEndsAtMs: nowMs }, rules) === null)
    .sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const inTurn = [...free.filter((one) => lastUserId === null || one.userId > lastUserId), ...free.filter((one) => lastUserId !== null && one.userId <= lastUserId)];
  if (how === 'inTurn') return inTurn[0] ?? null;
  const least = Math.min(...inTurn.map((one) => one.held));
  return inTurn.find((one) => one.held === least) ?? null;
}
