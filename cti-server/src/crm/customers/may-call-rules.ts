/** Whether somebody may be called, from what is written down of them. Pure. */
import type { CallRefusal, Consent } from '../../contracts/index.ts';

/** A number, or a customer as a whole, as far as the question goes. */
export interface CallFacts {
  customerId: string;
  customerName: string;
  /** Null: of the customer as a whole. */
  number: string | null;
  doNotCall: boolean;
  reason: string;
  since: string | null;
  byName: string | null;
  /** What was agreed to for calls; null when nobody asked. */
  consent: Pick<Consent, 'given' | 'wording' | 'source' | 'until'> | null;
  /** In the trash: what was promised still holds, what was agreed to no longer counts. */
  isDeleted: boolean;
}

/**
 * Every reason not to call, do-not-call first. A consent that ran out is a reason; one that was never given is none: whether it takes one
 * to call somebody is for the law of their country, which campaigns look at.
 * @param today YYYY-MM-DD in the company's zone; a consent holds to the end of its last day
 */
export function refusalsOf(facts: readonly CallFacts[], today: string): CallRefusal[] {
  const refusals = facts.flatMap((fact): CallRefusal[] => {
    const { customerId, customerName, number } = fact;
    const who = { customerId, customerName, number, since: null, until: null, byName: null };
    const found: CallRefusal[] = [];
    if (fact.doNotCall) found.push({ ...who, reason: number === null ? 'customerDoNotCall' : 'numberDoNotCall', text: fact.reason, since: fact.since, byName: fact.byName });
    if (fact.isDeleted || fact.consent === null) return found;
    const { given, until, source, wording } = fact.consent;
    if (given === 'no') found.push({ ...who, reason: 'consentRefused', text: source || wording });
    else if (until !== null && until < today) found.push({ ...who, reason: 'consentExpired', text: source || wording, until });
    return found;
  });
  return refusals.sort((a, b) => order.indexOf(a.reason) - order.indexOf(b.reason));
}
const order: readonly CallRefusal['reason'][] = ['customerDoNotCall', 'numberDoNotCall', 'consentRefused', 'consentExpired'];

/** The day it is in a zone, as YYYY-MM-DD. */
export const dayIn = (timeZone: string, nowMs: number): string => new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(nowMs);
