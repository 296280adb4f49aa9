import type { Duplicate, RecordType } from '@centralita/cti-server/contracts';
import { get } from '#lib/api/index.ts';
import { m, phoneNumber } from '#lib/i18n/index.ts';
import type { Typed } from '../typed-values.ts';

/** What is known of the record that may be there already. */
export interface Question {
  fields: Record<string, unknown>;
  /** Numbers that are kept beside the record, with commas between. */
  numbers?: string;
  exceptId?: string;
}

/** Records that may be the same, the surest first. */
export async function findDuplicates(type: string, question: Question, signal?: AbortSignal): Promise<Duplicate[]> {
  const query = { fields: JSON.stringify(question.fields), numbers: question.numbers ?? '', exceptId: question.exceptId };
  return (await get<{ items: Duplicate[] }>(`/api/records/${type}/duplicates`, { query, ...(signal === undefined ? {} : { signal }) })).items;
}

/** The typed values by which a record is known again: its name, numbers and e-mails. */
export function tellingValues(type: Pick<RecordType, 'fields' | 'titleField'>, typed: Readonly<Record<string, Typed>>): Record<string, string> {
  const telling = type.fields.filter((field) => !field.encrypted && (field.key === type.titleField || field.kind === 'phone' || field.kind === 'email'));
  return Object.fromEntries(telling.flatMap(({ key }) => {
    const text = typed[key];
    return typeof text === 'string' && text.trim() !== '' ? [[key, text.trim()]] : [];
  }));
}

const words: Record<Duplicate['reasons'][number]['reason'], () => string> = {
  number: () => m.joining_same_number(),
  email: () => m.joining_same_email(),
  sameName: () => m.joining_same_name(),
  similarName: () => m.joining_similar_name(),
};
/** Why it may be the same; `inFull` with the number or address that both have. */
export function wordReasons(reasons: Duplicate['reasons'], inFull: boolean): string {
  const said = reasons.map(({ reason, text }) => (!inFull ? words[reason]() : reason === 'number' ? `${words[reason]()} ${phoneNumber(text)}` : reason === 'email' ? `${words[reason]()} ${text}` : words[reason]()));
  return [...new Set(said)].join(' · ');
}
