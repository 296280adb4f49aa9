import type { RecordField } from '@centralita/cti-server/contracts';

/** Quiet colours for the values of a pick list, by their place in it: the same value has the same one everywhere. */
const tones = ['talking', 'ringing', 'wrap-up', 'held', 'ready', 'not-ready'] as const;

export function toneOf(field: Pick<RecordField, 'options'>, value: string): (typeof tones)[number] | 'outline' {
  const at = field.options.findIndex((option) => option.value === value);
  return at === -1 || field.options[at]?.retired === true ? 'outline' : (tones[at % tones.length] ?? 'outline');
}
