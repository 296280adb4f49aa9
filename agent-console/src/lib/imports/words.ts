import type { Delimiter, ImportReasonCode, ImportState, RecordType, TextEncoding } from '@centralita/cti-server/contracts';
import { ApiError, wordError } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { label } from '#lib/records/record-types.svelte.ts';

const states: Record<ImportState, () => string> = {
  mapping: m.imports_state_mapping, previewing: m.imports_state_previewing, previewed: m.imports_state_previewed, running: m.imports_state_running, done: m.imports_state_done,
  failed: m.imports_state_failed, interrupted: m.imports_state_interrupted, undoing: m.imports_state_undoing, undone: m.imports_state_undone,
};
export const stateWord = (state: ImportState): string => states[state]();
export const stateTones: Record<ImportState, 'accent' | 'ringing' | 'ready' | 'missed' | 'outline' | 'wrap-up'> = {
  mapping: 'outline', previewing: 'ringing', previewed: 'accent', running: 'ringing', done: 'ready', failed: 'missed', interrupted: 'missed', undoing: 'ringing', undone: 'wrap-up',
};

const reasons: Record<ImportReasonCode, () => string> = {
  unclosedQuote: m.imports_reason_unclosedQuote, tooManyColumns: m.imports_reason_tooManyColumns, unreadable: m.imports_reason_unreadable, formulaError: m.imports_reason_formulaError,
  required: m.imports_reason_required, tooLong: m.imports_reason_tooLong, notANumber: m.imports_reason_notANumber, notAnAmount: m.imports_reason_notAnAmount, notADate: m.imports_reason_notADate,
  notAnInstant: m.imports_reason_notAnInstant, notAPhone: m.imports_reason_notAPhone, notAnEmail: m.imports_reason_notAnEmail, notAnOption: m.imports_reason_notAnOption, notYesNo: m.imports_reason_notYesNo,
  unknownUser: m.imports_reason_unknownUser, unknownRecord: m.imports_reason_unknownRecord, severalRecords: m.imports_reason_severalRecords, invalid: m.imports_reason_invalid, taken: m.imports_reason_taken,
  duplicateInFile: m.imports_reason_duplicateInFile, duplicate: m.imports_reason_duplicate, mayNotChange: m.imports_reason_mayNotChange, notSaved: m.imports_reason_notSaved,
};
export const reasonWord = (code: ImportReasonCode): string => reasons[code]();

/** A field, or a number of the record's own, as people call it. */
export function targetWord(type: RecordType | undefined, key: string): string {
  const number = /^phone([1-5])$/.exec(key)?.[1];
  const field = type?.fields.find((one) => one.key === key);
  if (field !== undefined) return label(field.label);
  return number !== undefined ? m.imports_phone_n({ n: number }) : key === 'phone' ? m.imports_phone() : key;
}

/** Names that people know from their programs; the same in every language. */
export const encodingNames: Record<TextEncoding, string> = { 'utf-8': 'UTF-8', 'utf-16le': 'UTF-16 LE', 'utf-16be': 'UTF-16 BE', gb18030: 'GB18030 / GBK (简体)', big5: 'Big5 (繁體)', 'windows-1252': 'Windows-1252 / Latin-1' };
export const delimiterWords: Record<Delimiter, () => string> = { ',': m.imports_comma, ';': m.imports_semicolon, '\t': m.imports_tab, '|': m.imports_bar };

/** An import's own failures; others as everywhere. */
export function wordImportError(error: unknown): string {
  return error instanceof ApiError ? (wordFailure(error.code) ?? wordError(error)) : wordError(error);
}
export function wordFailure(code: string): string | undefined {
  const known: Record<string, () => string> = { fileGone: m.imports_error_fileGone, unreadableFile: m.imports_error_unreadableFile, bodyTooLarge: m.imports_error_bodyTooLarge, internal: m.imports_error_internal };
  return known[code]?.();
}
