import { expect, it } from 'vitest';
import { type CallFacts, dayIn, refusalsOf } from './may-call-rules.ts';

const number: CallFacts = { customerId: 'c', customerName: 'Ana', number: '+34600000000', doNotCall: false, reason: '', since: null, byName: null, consent: null, isDeleted: false };
const customer: CallFacts = { ...number, number: null };
const reasons = (...facts: CallFacts[]): string[] => refusalsOf(facts, '2026-03-10').map((one) => one.reason);

it('of whom nothing is written down may be called', () => expect(reasons(number, customer)).toEqual([]));
it('do-not-call of the customer comes before that of a number, both before consents', () => {
  const refused = { given: 'no', wording: '', source: 'form', until: null } as const;
  expect(reasons({ ...number, consent: refused }, { ...number, doNotCall: true }, { ...customer, doNotCall: true })).toEqual(['customerDoNotCall', 'numberDoNotCall', 'consentRefused']);
});
it.each([['2026-03-09', ['consentExpired']], ['2026-03-10', []], ['2026-03-11', []]])('a consent until %s says %j on the 10th', (until, expected) => {
  expect(reasons({ ...number, consent: { given: 'yes', wording: '', source: '', until } })).toEqual(expected);
});
it('a promise not to call outlives the record, a consent does not', () => {
  expect(reasons({ ...number, isDeleted: true, doNotCall: true, consent: { given: 'no', wording: '', source: '', until: null } })).toEqual(['numberDoNotCall']);
});
it('the day is the one of the zone', () => {
  const at = Date.UTC(2026, 2, 10, 23, 30);
  expect([dayIn('Europe/Madrid', at), dayIn('UTC', at), dayIn('America/Lima', at)]).toEqual(['2026-03-11', '2026-03-10', '2026-03-10']);
});
