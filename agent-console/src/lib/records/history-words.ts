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
  other: () => '',
};
export const wordEntry = (entry: HistoryEntry): string => deeds[entry.kind]();

export interface ChangeInWords {
  key: string;
  label: string;
  old: string;
  now: string;
}

/** The changes of an entry with their fields' names; ids with the names that the entry or the record knows. */
export function wordChanges(type: RecordType, entry: HistoryEntry, record: CrmRecord): ChangeInWords[] {
  const told = entry.data['names'];
  const names = { ...namesIn(record), ...(typeof told === 'object' && told !== null ? (told as Record<string, string>) : {}) };
  const own = ownFields(false);
  return Object.entries(entry.changes).map(([key, change]) => {
    const field = type.fields.find((one) => one.key === key) ?? own.find((one) => one.key === key);
    // A field that was removed since keeps its values under its own name.
    const word = (value: unknown): string => (field !== undefined ? wordFor(field, value, names) : Array.isArray(value) ? listOf(value).join(', ') : asText(value));
    return { key, label: field === undefined ? key : label(field.label), old: word(change.old), now: word(change.new) };
  });
}
