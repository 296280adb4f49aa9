import type { CallOutcome, Ticket, TimelineEntry } from '@centralita/cti-server/contracts';
import { duration, m } from '#lib/i18n/index.ts';

/** The words for the closed lists of customers and tickets. */
export const statusWords: Record<Ticket['status'], () => string> = {
  open: () => m.ticket_status_open(),
  inProgress: () => m.ticket_status_inProgress(),
  waitingForCustomer: () => m.ticket_status_waitingForCustomer(),
  solved: () => m.ticket_status_solved(),
  closed: () => m.ticket_status_closed(),
};
export const statusTones = { open: 'ringing', inProgress: 'talking', waitingForCustomer: 'held', solved: 'ready', closed: 'not-ready' } as const satisfies Record<Ticket['status'], string>;

export const priorityWords: Record<Ticket['priority'], () => string> = {
  low: () => m.ticket_priority_low(),
  normal: () => m.ticket_priority_normal(),
  high: () => m.ticket_priority_high(),
  urgent: () => m.ticket_priority_urgent(),
};
export const priorityTones = { low: 'outline', normal: 'not-ready', high: 'ringing', urgent: 'missed' } as const satisfies Record<Ticket['priority'], string>;

export const kindWords: Record<Ticket['kind'], () => string> = {
  question: () => m.ticket_kind_question(),
  complaint: () => m.ticket_kind_complaint(),
  repair: () => m.ticket_kind_repair(),
  suggestion: () => m.ticket_kind_suggestion(),
  order: () => m.ticket_kind_order(),
  other: () => m.ticket_kind_other(),
};

export const phoneKindWords = {
  mobile: () => m.phone_kind_mobile(),
  work: () => m.phone_kind_work(),
  home: () => m.phone_kind_home(),
  other: () => m.phone_kind_other(),
};

export const outcomeWords: Record<CallOutcome, () => string> = {
  answered: () => m.outcome_answered(),
  abandoned: () => m.outcome_abandoned(),
  shortAbandoned: () => m.outcome_shortAbandoned(),
  flowedOut: () => m.outcome_flowedOut(),
  abandonedBeforeQueue: () => m.outcome_abandonedBeforeQueue(),
  notInService: () => m.outcome_notInService(),
  busy: () => m.outcome_busy(),
  noAnswer: () => m.outcome_noAnswer(),
  rejected: () => m.outcome_rejected(),
  unreachable: () => m.outcome_unreachable(),
  failed: () => m.outcome_failed(),
  cancelled: () => m.outcome_cancelled(),
};

const fieldWords: Record<string, () => string> = {
  name: () => m.customer_name(),
  kind: () => m.customer_kind(),
  company: () => m.customer_company(),
  tier: () => m.customer_tier(),
  email: () => m.customer_email(),
  city: () => m.customer_city(),
  country: () => m.customer_country(),
  notes: () => m.customer_notes(),
  phones: () => m.customer_phones(),
  contacts: () => m.customer_contacts(),
};

/** A line of a timeline in the reader's language; what the server adds later is shown in its own summary. */
export function wordEntry(entry: TimelineEntry): { title: string; text: string } {
  const { data } = entry;
  const told = (key: string): string => (typeof data[key] === 'string' || typeof data[key] === 'number' ? String(data[key]) : '');
  switch (entry.kind) {
    case 'call': {
      const queue = told('queueName');
      const outcome = outcomeWords[told('outcome') as CallOutcome]?.() ?? '';
      const talked = told('talkSeconds') === '' || told('talkSeconds') === '0' ? '' : duration(Number(told('talkSeconds')) * 1000);
      const title = [queue === '' ? m.timeline_call() : m.timeline_call_in({ queue }), outcome, talked].filter((part) => part !== '').join(' · ');
      return { title, text: [told('dispositionName'), told('notes')].filter((part) => part !== '').join(' — ') };
    }
    case 'ticket':
      return { title: told('number') === '' ? entry.summary : m.timeline_ticket({ number: told('number'), subject: entry.summary }), text: '' };
    case 'note':
      return { title: m.timeline_note(), text: entry.summary };
    case 'change': {
      const fields = Object.keys((data['changes'] as object | undefined) ?? {});
      return { title: fields.length === 0 ? entry.summary || m.timeline_created() : m.timeline_change({ fields: fields.map((field) => fieldWords[field]?.() ?? field).join(', ') }), text: '' };
    }
  }
}
