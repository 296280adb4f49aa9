import { Refusal } from '../../platform/errors.ts';
import type { TakeRefusal } from './pool-rules.ts';

const messages: Readonly<Record<TakeRefusal['reason'], string>> = {
  taken: 'Somebody else was faster: this lead is no longer in the pool.',
  leadClosed: 'This lead is lost or converted; it cannot be taken.',
  maximumHeld: 'The most open leads that one person may hold is reached.',
  lockedOut: 'Who lost this lead to the pool may not take it again yet.',
  grabsUsedUp: 'The leads that one person may take from the pool in a day are used up.',
};

/** 409 with the rule as its code; `details` has its number and when it ends. Does nothing when there is no refusal. */
export function refuseTaking(refusal: TakeRefusal | null): void {
  if (refusal === null) return;
  const { reason, limit, untilMs } = refusal;
  throw new Refusal(409, reason, messages[reason], { details: { ...(limit === null ? {} : { limit }), ...(untilMs === null ? {} : { until: new Date(untilMs).toISOString() }) } });
}
