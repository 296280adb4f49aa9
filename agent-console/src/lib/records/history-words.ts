import type { CrmRecord, HistoryEntry, RecordType } from '@centralita/cti-server/contracts';
import { m } from '#lib/i18n/index.ts';
import { asText, listOf } from './field-words.ts';
import { namesIn, ownFields } from './own-fields.ts';
import { wordFor } from './reading.ts';
import { label } from './record-types.svelte.ts';

/** What somebody did, to follow their name. */
const deeds: Record<HistoryEntry['kind'], () => string> = {
  created: () => m.records_did_create(),
  changed: () => m.records_did_change(),
  deleted: () => m.records_did_delete(),
  restored: () => m.records_did_restore(),
  comment: () => m.records_did_comment(),
  file: () => m.records_did_file(),
  call: () => m.records_did_call(),
  ticket: () => m.records_did_ticket(),
  note: () => m.records_did_comment(),
  other: () => m.records_did_change(),
};

/** What a type does of its own, by the last part of the audit's word for it. */
const otherDeeds: Record<string, () => string> = {
  shared: () => m.records_did_share(),
  merged: () => m.records_did_merge(),
  mergeUndone: () => m.records_did_merge_undo(),
  imported: () => m.records_did_import(),
  importUndone: () => m.records_did_import_undo(),
  followedUp: () => m.records_did_follow_up(),
  assignedByRule: () => m.records_did_assign(),
  pooled: () => m.records_did_pool(),
  converted: () => m.records_did_convert(),
  conversionUndone: () => m.records_did_convert_undo(),
  capturedAgain: () => m.records_did_capture_again(),
  fromLead: () => m.records_did_come_from_lead(),
  phoneAdded: () => m.records_did_phone_add(),
  phoneRemoved: () => m.records_did_phone_remove(),
  phoneChanged: () => m.book_did_phone_change(),
  emailAdded: () => m.book_did_email_add(),
  emailChanged: () => m.book_did_email_change(),
  emailRemoved: () => m.book_did_email_remove(),
  addressAdded: () => m.book_did_address_add(),
  addressChanged: () => m.book_did_address_change(),
  addressRemoved: () => m.book_did_address_remove(),
};
const deedOf = (entry: HistoryEntry): string => entry.text.split('.').at(-1) ?? '';
/** Lines of the audit carry its word for the deed, which is not for reading. */
const isAudit = (entry: HistoryEntry): boolean => entry.kind === 'created' || entry.kind === 'changed' || entry.kind === 'deleted' || entry.kind === 'restored' || (entry.kind === 'other' && /^[a-zA-Z]+\.[a-zA-Z]+$/.test(entry.text));

export const wordEntry = (entry: HistoryEntry): string => (entry.kind === 'other' ? (otherDeeds[deedOf(entry)] ?? deeds.other)() : deeds[entry.kind]());
/** What stands under the deed: a comment, a file's name, a call's summary. */
export const textOf = (entry: HistoryEntry): string => (isAudit(entry) ? '' : entry.text);
/** What an entry tells besides fields, by its key. */
const otherKeys: Record<string, () => string> = {
  text: () => m.records_told_text(),
  outcome: () => m.records_told_outcome(),
  ruleDays: () => m.records_told_rule_days(),
  route: () => m.records_told_route(),
  form: () => m.records_told_form(),
  merged: () => m.records_told_merged(),
  phone: () => m.book_number(),
  address: () => m.book_email(),
  label: () => m.book_label(),
  contactId: () => m.book_whose(),
  isMain: () => m.book_main(),
  callConsent: () => m.book_consent_call(),
  callConsentSource: () => `${m.book_consent_call()}: ${m.book_consent_source()}`,
  callConsentUntil: () => `${m.book_consent_call()}: ${m.book_consent_until()}`,
  callConsentWording: () => `${m.book_consent_call()}: ${m.book_consent_wording()}`,
  smsConsent: () => m.book_consent_sms(),
  smsConsentSource: () => `${m.book_consent_sms()}: ${m.book_consent_source()}`,
  smsConsentUntil: () => `${m.book_consent_sms()}: ${m.book_consent_until()}`,
  smsConsentWording: () => `${m.book_consent_sms()}: ${m.book_consent_wording()}`,
  emailConsent: () => m.book_consent_email(),
  emailConsentSource: () => `${m.book_consent_email()}: ${m.book_consent_source()}`,
  emailConsentUntil: () => `${m.book_consent_email()}: ${m.book_consent_until()}`,
  emailConsentWording: () => `${m.book_consent_email()}: ${m.book_consent_wording()}`,
};

/** A file is told of by its own line; the audit's says the same again. */
export const isTold = (entry: HistoryEntry): boolean => !(entry.kind === 'other' && deedOf(entry) === 'fileAttached');

export interface ChangeInWords {
  key: string;
  label: string;
  old: string;
  now: string;
}

/** The changes of an entry with their fields' names; ids with the names that the entry, the record or `more` know. */
export function wordChanges(type: RecordType, entry: HistoryEntry, record: CrmRecord, more: Readonly<Record<string, string>>): ChangeInWords[] {
  const told = entry.data['names'];
  const names = { ...more, ...namesIn(record), ...(typeof told === 'object' && told !== null ? (told as Record<string, string>) : {}) };
  const own = ownFields(false);
  return Object.entries(entry.changes)
    .map(([key, change]) => {
      const field = type.fields.find((one) => one.key === key) ?? own.find((one) => one.key === key);
      // A field that was removed since keeps its values under its own name.
      const word = (value: unknown): string => (field !== undefined ? wordFor(field, value, names) : Array.isArray(value) ? listOf(value).map((one) => names[one] ?? one).join(', ') : asText(value));
      return { key, label: field === undefined ? (otherKeys[key]?.() ?? key) : label(field.label), old: word(change.old), now: word(change.new) };
    })
    .filter((change) => change.old !== '' || change.now !== '');
}

/** The ids in these entries whose names nobody has told yet, by what they point to: `user`, or a record type. */
export function unnamedIn(type: RecordType, entries: readonly HistoryEntry[], known: Readonly<Record<string, string>>): Map<string, string> {
  const found = new Map<string, string>();
  const own = ownFields(false);
  for (const entry of entries) {
    for (const [key, change] of Object.entries(entry.changes)) {
      const field = type.fields.find((one) => one.key === key) ?? own.find((one) => one.key === key);
      const to = field?.kind === 'user' ? 'user' : field?.kind === 'link' ? field.linkTo : null;
      if (to === null || to === undefined) continue;
      for (const value of [change.old, change.new]) if (typeof value === 'string' && value !== '' && known[value] === undefined) found.set(value, to);
    }
  }
  return found;
}
