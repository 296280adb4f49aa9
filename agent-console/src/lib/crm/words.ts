import type { AddressPoint, CallOutcome, CustomerPhone, EmailPoint, Ticket, TimelineEntry } from '@centralita/cti-server/contracts';
import { countryName, duration, m } from '#lib/i18n/index.ts';
import { label, recordTypes } from '#lib/records/record-types.svelte.ts';

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

/** A kind of ticket, as the company calls it. */
export function kindWord(kind: string): string {
  const option = recordTypes.named('ticket')?.fields.find((field) => field.key === 'kind')?.options.find((one) => one.value === kind);
  return option === undefined ? kind : label(option.label);
}
/** The kinds to choose from; one that is no longer used only where it is chosen already. */
export const kindOptions = (chosen: string): { value: string; label: string }[] =>
  (recordTypes.named('ticket')?.fields.find((field) => field.key === 'kind')?.options ?? [])
    .filter((option) => !option.retired || option.value === chosen)
    .map((option) => ({ value: option.value, label: label(option.label) }));

export const phoneKindWords: Record<CustomerPhone['kind'], () => string> = {
  mobile: () => m.phone_kind_mobile(),
  work: () => m.phone_kind_work(),
  home: () => m.phone_kind_home(),
  switchboard: () => m.book_phone_switchboard(),
  fax: () => m.book_phone_fax(),
  other: () => m.phone_kind_other(),
};
export const emailKindWords: Record<EmailPoint['kind'], () => string> = {
  work: () => m.book_email_work(),
  personal: () => m.book_email_personal(),
  billing: () => m.book_email_billing(),
  other: () => m.book_email_other(),
};
export const addressKindWords: Record<AddressPoint['kind'], () => string> = {
  home: () => m.book_address_home(),
  work: () => m.book_address_work(),
  billing: () => m.book_address_billing(),
  delivery: () => m.book_address_delivery(),
  other: () => m.book_address_other(),
};
/** An address on one line. */
export function addressLine(address: Pick<AddressPoint, 'street' | 'postcode' | 'city' | 'region' | 'country'>): string {
  const town = [address.postcode, address.city].filter((part) => part !== null && part !== '').join(' ');
  return [address.street, town, address.region, address.country === null ? null : countryName(address.country)].filter((part) => part !== null && part !== '').join(', ');
}

/** A choice of a closed list, in the order of its words. */
export const optionsOf = <T extends string>(words: Readonly<Record<T, () => string>>): { value: T; label: string }[] => (Object.keys(words) as T[]).map((value) => ({ value, label: words[value]() }));

export const outcomeWords: Record<CallOutcome, () => string> = {
  answered: () => m.outcome_answered(),
  abandoned: () => m.outcome_abandoned(),
  shortAbandoned: () => m.outcome_shortAbandoned(),
  flowedOut: () => m.outcome_flowedOut(),
  abandonedBeforeQueue: () => m.outcome_abandonedBeforeQueue(),
  notInService: () => m.outcome_notInService(),
  servedByFlow: () => m.outcome_servedByFlow(),
  voicemail: () => m.outcome_voicemail(),
  callbackTaken: () => m.outcome_callbackTaken(),
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
