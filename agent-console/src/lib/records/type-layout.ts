import type { Labels, RecordField, RecordType } from '@centralita/cti-server/contracts';

/** Fields of a section, in order. The last one without a label holds what no section names. */
export interface SectionOfFields {
  label: Labels | null;
  fields: RecordField[];
}

/** How card and form are laid out: the declared sections, then all that they leave out. Empty sections are not shown. */
export function sectionsOf(type: Pick<RecordType, 'fields' | 'sections'>): SectionOfFields[] {
  const left = new Map(type.fields.map((field) => [field.key, field]));
  const take = (key: string): RecordField[] => {
    const field = left.get(key);
    left.delete(key);
    return field === undefined ? [] : [field];
  };
  const sections: SectionOfFields[] = type.sections.map((section) => ({ label: section.label, fields: section.fields.flatMap(take) }));
  return [...sections, { label: null, fields: [...left.values()] }].filter((section) => section.fields.length > 0);
}

/** What a new record asks for: all that the viewer may write, what must be given first. */
export function formOrder(type: Pick<RecordType, 'fields' | 'sections'>): RecordField[] {
  const fields = sectionsOf(type)
    .flatMap((section) => section.fields)
    .filter((field) => field.writable && !field.readOnly && field.kind !== 'file');
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}
