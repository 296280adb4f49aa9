import type { FollowUp, LeadCirculation, PoolReason } from '@centralita/cti-server/contracts';
import { ApiError, wordError } from '#lib/api/index.ts';
import { m, relative, shortInstant } from '#lib/i18n/index.ts';

const reasons: Record<PoolReason, () => string> = {
  unassigned: () => m.leads_why_unassigned(),
  released: () => m.leads_why_released(),
  noFollowUp: () => m.leads_why_no_follow_up(),
  notConverted: () => m.leads_why_not_converted(),
  ownerLeft: () => m.leads_why_owner_left(),
};
export const wordReason = (reason: PoolReason | null): string => (reason === null ? '' : reasons[reason]());

const outcomes: Record<FollowUp['outcome'], () => string> = {
  reached: () => m.leads_outcome_reached(),
  notReached: () => m.leads_outcome_not_reached(),
  interested: () => m.leads_outcome_interested(),
  notInterested: () => m.leads_outcome_not_interested(),
  callBack: () => m.leads_outcome_call_back(),
  other: () => m.leads_outcome_other(),
};
export const wordOutcome = (outcome: FollowUp['outcome']): string => outcomes[outcome]();

/** Why a lead cannot be taken, with the rule's number and its end. */
export function wordRefusal(reason: string, limit: unknown, until: unknown): string | null {
  const at = typeof until === 'string' ? shortInstant(until) : '';
  switch (reason) {
    case 'taken':
      return m.leads_taken();
    case 'leadClosed':
      return m.leads_closed();
    case 'maximumHeld':
      return m.leads_maximum({ limit: String(limit ?? '') });
    case 'lockedOut':
      return m.leads_locked_out({ until: at });
    case 'grabsUsedUp':
      return m.leads_used_up({ limit: String(limit ?? ''), until: at });
    default:
      return null;
  }
}

/** A failure with a lead in the reader's words. */
export function wordLeadError(error: unknown): string {
  if (!(error instanceof ApiError)) return wordError(error);
  if (error.code === 'useConversion') return m.leads_use_conversion();
  if (error.code === 'customerUsed') return m.leads_customer_used();
  if (error.code === 'wrongState') return m.leads_moved_on();
  return wordRefusal(error.code, error.details['limit'], error.details['until']) ?? wordError(error);
}

/** What the rules will do with a lead, and why, in a sentence or two. */
export function explain(is: LeadCirculation, formerOwner: string | null): string {
  if (is.state === 'closed') return m.leads_is_closed();
  if (is.state === 'pool') {
    const since = is.pooledAt === null ? '' : m.leads_in_pool({ time: shortInstant(is.pooledAt) });
    // the reason stands beside it as a chip
    return [since, formerOwner === null ? '' : m.leads_former({ name: formerOwner })].filter(Boolean).join(' · ');
  }
  if (is.poolsAt === null) return m.leads_stays();
  const words = { when: relative(is.poolsAt), days: String(is.ruleDays ?? '') };
  const goes = is.because === 'notConverted' ? m.leads_goes_unconverted(words) : m.leads_goes_idle(words);
  return is.delayedByProtection ? `${goes} ${m.leads_goes_protected()}` : goes;
}
