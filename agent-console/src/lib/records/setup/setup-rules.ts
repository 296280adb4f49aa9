import type { CustomField, FieldKind, Labels, PickOption } from '@centralita/cti-server/contracts';

export const noLabels = (): Labels => ({ es: '', en: '', 'zh-CN': '', 'zh-TW': '' });
export const hasWord = (labels: Labels): boolean => Object.values(labels).some((word) => word.trim() !== '');
export const isPick = (kind: FieldKind): boolean => kind === 'pick' || kind === 'multiPick';
export const mayBeUnique = (kind: FieldKind): boolean => !['longText', 'multiPick', 'yesNo', 'file'].includes(kind);
export const mayBeEncrypted = (kind: FieldKind): boolean => ['text', 'longText', 'email'].includes(kind);
export const mayBeSearched = (kind: FieldKind): boolean => ['text', 'longText', 'email', 'phone'].includes(kind);

/** A field's or value's name for the API out of its words: letters and digits, beginning with a letter; numbered where there is one already. */
export function keyFrom(labels: Labels, taken: readonly string[], fallback: string): string {
  const word = [labels.en, labels.es].find((one) => /[A-Za-z]/.test(one.normalize('NFD'))) ?? '';
  const parts = word
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '');
  const joined = parts.map((part, at) => (at === 0 ? part.toLowerCase() : part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())).join('');
  const base = (/^[a-z]/.test(joined) ? joined : joined === '' ? fallback : `${fallback}${joined}`).slice(0, 36);
  for (let number = 1; ; number++) {
    const key = number === 1 ? base : `${base}${String(number)}`;
    if (!taken.includes(key)) return key;
  }
}

/** A value of a pick list while it is being written. `fresh`: nothing can hold it yet, so it can go without a trace. */
export interface OptionDraft {
  id: number;
  value: string | null;
  label: Labels;
  retired: boolean;
  fresh: boolean;
}

/** The values as the API takes them: those without a word are left out, new ones get a name out of their word. */
export function optionsOf(drafts: readonly OptionDraft[]): PickOption[] {
  const options: PickOption[] = [];
  const taken = drafts.flatMap((draft) => (draft.value === null ? [] : [draft.value]));
  for (const draft of drafts) {
    if (!hasWord(draft.label)) continue;
    const value = draft.value ?? keyFrom(draft.label, taken, 'value');
    taken.push(value);
    options.push({ value, label: draft.label, retired: draft.retired });
  }
  return options;
}

/** Only what differs: a change that nobody meant is not made. */
export function fieldChanges(before: CustomField, after: Partial<CustomField>): Partial<CustomField> {
  return Object.fromEntries(Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof CustomField])));
}
