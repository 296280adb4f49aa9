import type { CrmRecord, RecordField } from '@centralita/cti-server/contracts';
import { sameValue } from '../typed-values.ts';

/** The two records of a merge, as they stand beside each other. */
export type Side = 'left' | 'right';
export type Pair = Readonly<Record<Side, Pick<CrmRecord, 'fields'>>>;
export const otherSide = (side: Side): Side => (side === 'left' ? 'right' : 'left');

const isEmpty = (value: unknown): boolean => sameValue(value, null);
const mayChoose = (field: RecordField): boolean => field.writable && !field.readOnly;

/** Fields whose value somebody has to choose. */
export const differingFields = (fields: readonly RecordField[], pair: Pair): RecordField[] => fields.filter((field) => mayChoose(field) && !sameValue(pair.left.fields[field.key], pair.right.fields[field.key]));

/** Fields that both have alike; empty ones say nothing. */
export const sameFields = (fields: readonly RecordField[], pair: Pair): RecordField[] => fields.filter((field) => !field.readOnly && !isEmpty(pair.left.fields[field.key]) && sameValue(pair.left.fields[field.key], pair.right.fields[field.key]));

/** Whose value a field takes: the chosen one's, else that of the record that stays, unless it has none. */
export function chosenSide(key: string, pair: Pair, stays: Side, choices: Readonly<Record<string, Side>>): Side {
  return choices[key] ?? (isEmpty(pair[stays].fields[key]) ? otherSide(stays) : stays);
}

/** What to send: every value that is not already the kept one's. A chosen "nothing" is sent, because the server fills what is empty. */
export function chosenFields(fields: readonly RecordField[], pair: Pair, stays: Side, choices: Readonly<Record<string, Side>>): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const { key } of differingFields(fields, pair)) {
    const side = chosenSide(key, pair, stays, choices);
    const value = pair[side].fields[key] ?? null;
    if (side !== stays || isEmpty(value)) sent[key] = value;
  }
  return sent;
}
