import { describe, expect, it } from 'vitest';
import { faultOfRules, firstTicketRules, openFlow, refusalOfMove } from './ticket-flow-rules.ts';
import { chooseAssignee, ticketRouteFits } from './ticket-route-rules.ts';

const [question] = firstTicketRules.kinds;
if (!question) throw new Error('There are no kinds to begin with.');
const strict = { ...question, value: 'repair', flow: { open: ['inProgress'], inProgress: ['solved'], solved: [] } } as const;
const gone = { ...question, value: 'old', retired: true };
const kinds = [question, { ...strict, flow: { open: ['inProgress' as const], inProgress: ['solved' as const], solved: [] } }, gone];
const move = (from: [string, 'open' | 'inProgress' | 'solved' | 'closed'] | null, to: [string, 'open' | 'inProgress' | 'solved' | 'closed']) =>
  refusalOfMove(kinds, from && { kind: from[0], status: from[1] }, { kind: to[0], status: to[1] });

describe('a ticket', () => {
  it('goes only the ways of its kind, and hears which there are', () => {
    expect(move(['repair', 'open'], ['repair', 'inProgress'])).toBeNull();
    expect(move(['repair', 'open'], ['repair', 'solved'])).toEqual({ reason: 'notInFlow', allowed: ['inProgress'] });
    expect(move(['repair', 'solved'], ['repair', 'open'])).toEqual({ reason: 'notInFlow', allowed: [] });
  });
  it('begins with any status of its kind', () => {
    expect(move(null, ['repair', 'solved'])).toBeNull();
    expect(move(null, ['repair', 'closed'])).toMatchObject({ reason: 'notInFlow' });
  });
  it('takes no kind that is unknown or retired, but keeps one', () => {
    expect(move(null, ['none', 'open'])).toEqual({ reason: 'unknownKind' });
    expect(move(['question', 'open'], ['old', 'open'])).toEqual({ reason: 'retiredKind' });
    expect(move(['old', 'open'], ['old', 'solved'])).toBeNull();
  });
  it('that stands where its kind has no place any more goes to any status of it, and stays meanwhile', () => {
    expect(move(['repair', 'closed'], ['repair', 'closed'])).toBeNull();
    expect(move(['repair', 'closed'], ['repair', 'open'])).toBeNull();
    expect(move(['question', 'closed'], ['repair', 'closed'])).toMatchObject({ reason: 'notInFlow' });
  });
});

describe('rules', () => {
  it('that come with the house can be used', () => expect(faultOfRules(firstTicketRules, firstTicketRules)).toBeNull());
  it.each([
    ['two of a value', [question, question], 'kinds.1.value'],
    ['nothing to choose', [{ ...question, retired: true }], 'kinds'],
    ['a beginning outside the flow', [{ ...question, initial: 'closed' as const, flow: { open: [] } }], 'kinds.0.initial'],
    ['a way to nowhere', [{ ...question, flow: { open: ['solved' as const] } }], 'kinds.0.flow.open'],
    ['a kind that tickets have taken away', [question], 'kinds'],
  ])('%s is refused', (_name, changed, field) => expect(faultOfRules({ ...firstTicketRules, kinds: changed }, firstTicketRules)?.field).toBe(field));
  it('leave no status without a way on in the flow of the house', () => expect(Object.values(openFlow).every((to) => to.length > 0)).toBe(true));
});

describe('who gets a ticket', () => {
  const route = { id: 'r', name: 'r', kinds: ['repair'], priorities: [], tiers: ['A' as const], userIds: [], teamIds: [], skillIds: [], how: 'inTurn' as const };
  const people = [{ userId: 'b', name: 'B', held: 1 }, { userId: 'a', name: 'A', held: 5 }, { userId: 'c', name: 'C', held: 1 }];
  it('a route fits when each of its lists has the value', () => {
    expect(ticketRouteFits(route, { kind: 'repair', priority: 'low', tier: 'A' })).toBe(true);
    expect(ticketRouteFits(route, { kind: 'repair', priority: 'low', tier: null })).toBe(false);
    expect(ticketRouteFits(route, { kind: 'order', priority: 'low', tier: 'A' })).toBe(false);
  });
  it('in turn, each once, also when the last one left', () => {
    expect([null, 'a', 'b', 'c', 'bb'].map((last) => chooseAssignee('inTurn', people, last)?.userId)).toEqual(['a', 'b', 'c', 'a', 'c']);
    expect(chooseAssignee('inTurn', [], null)).toBeNull();
  });
  it('or whoever has fewest, in turn among equals', () => expect([null, 'b', 'c'].map((last) => chooseAssignee('leastLoaded', people, last)?.userId)).toEqual(['b', 'c', 'b']));
});
