import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeadRoute } from '../../contracts/index.ts';
import { type Candidate, chooseHolder, routeFits, type RoutedLead } from './assignment-rules.ts';
import { noRules } from './pool-rules.ts';

const route = (some: Partial<LeadRoute>): LeadRoute => ({ id: 'r', name: 'r', countries: [], cities: [], phonePrefixes: [], sources: [], grades: [], userIds: [], skillIds: [], how: 'inTurn', ...some });
const lead: RoutedLead = { country: 'ES', city: 'Málaga', phone: '+34952123456', source: 'form', grade: null, stage: 'new' };
const candidate = (userId: string, held = 0, lostAtMs: number | null = null): Candidate => ({ userId, name: userId, held, lostAtMs });

describe('a route is for', () => {
  it.each<[Partial<LeadRoute>, boolean]>([
    [{}, true],
    [{ countries: ['ES', 'PT'] }, true],
    [{ countries: ['MX'] }, false],
    [{ cities: ['malaga '] }, true],
    [{ phonePrefixes: ['+3493', '+34952'] }, true],
    [{ phonePrefixes: ['+3493'] }, false],
    [{ countries: ['ES'], cities: ['Cádiz'] }, false],
    [{ grades: ['A'] }, false],
    [{ sources: ['form'] }, true],
  ])('%j: %s', (some, fits) => expect(routeFits(route(some), lead)).toBe(fits));
});

describe('a lead is handed', () => {
  const three = [candidate('c', 1), candidate('a', 5), candidate('b', 1)];
  const choose = (how: LeadRoute['how'], last: string | null, candidates = three, rules = noRules) => chooseHolder(how, lead, candidates, last, rules, 0)?.userId ?? null;
  it('in turn, also when the last one left', () => {
    expect([null, 'a', 'b', 'c', 'bb', 'z'].map((last) => choose('inTurn', last))).toEqual(['a', 'b', 'c', 'a', 'c', 'a']);
  });
  it('to who holds fewest, in turn among equals', () => expect([null, 'b', 'c'].map((last) => choose('leastLoaded', last))).toEqual(['b', 'c', 'b']));
  it('to nobody at their maximum, nor to who lost it a while ago', () => {
    expect(choose('inTurn', null, three, { ...noRules, maxHeld: 2 })).toBe('b');
    expect(choose('inTurn', null, three, { ...noRules, maxHeld: 1 })).toBeNull();
    expect(choose('inTurn', null, [candidate('a', 0, -1_000), candidate('b')], { ...noRules, lockOutDays: 1 })).toBe('b');
    expect(choose('leastLoaded', null, [])).toBeNull();
  });
});

it('in turn means that over a whole round everybody gets one', () =>
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 12 }), fc.option(fc.uuid()), (ids, start) => {
      let last = start;
      const got = ids.map(() => (last = chooseHolder('inTurn', lead, ids.map((id) => candidate(id)), last, noRules, 0)?.userId ?? null));
      expect(new Set(got)).toEqual(new Set(ids));
    }),
    { seed: 7 },
  ));
