import type { CustomField, Labels, PickOption, RecordField, RecordType } from '../../contracts/index.ts';
import { columnOf, type ColumnField, isText } from './field-columns.ts';
import type { FieldDeclaration, RecordDeclaration } from './record-type-types.ts';

/** A field as it is now, declared or added by an administrator. */
export interface LiveField extends ColumnField {
  label: Labels;
  required: boolean;
  unique: boolean;
  custom: boolean;
  customId: string | null;
  readOnly: boolean;
  searchable: boolean;
  indexed: boolean;
  options: readonly PickOption[];
  initial: unknown;
  linkTo: string | null;
  max: number | null;
  readRoleIds: readonly string[];
  changeRoleIds: readonly string[];
}

/** A record type as it is now: its declaration, its custom fields, and how an administrator arranged it. */
export interface LiveType {
  declaration: RecordDeclaration;
  fields: ReadonlyMap<string, LiveField>;
  listFields: readonly string[];
  sections: RecordType['sections'];
  version: number;
}

export interface Layout {
  listFields: string[];
  sections: RecordType['sections'];
}

/** Texts that lists are ordered or compared by. */
const isFolded = (field: Pick<LiveField, 'kind' | 'encrypted' | 'indexed' | 'unique'>, isTitle: boolean): boolean =>
  isText(field.kind) && field.kind !== 'longText' && !field.encrypted && (field.indexed || field.unique || isTitle);

export function declaredField(key: string, field: FieldDeclaration): LiveField {
  return {
    key,
    column: columnOf(key, false),
    kind: field.kind,
    label: field.label,
    required: field.required ?? false,
    unique: field.unique ?? false,
    custom: false,
    customId: null,
    readOnly: field.readOnly ?? false,
    encrypted: field.encrypted ?? false,
    searchable: field.searchable ?? false,
    indexed: field.indexed ?? false,
    options: field.options ?? [],
    initial: field.initial ?? null,
    linkTo: field.linkTo ?? null,
    max: field.max ?? null,
    emptyText: field.emptyText ?? false,
    readRoleIds: [],
    changeRoleIds: [],
  };
}

export function addedField(field: CustomField): LiveField {
  const { key, kind, label, required, unique, encrypted, searchable, options, linkTo, readRoleIds, changeRoleIds } = field;
  return {
    ...{ key, column: columnOf(key, true), kind, label, required, unique, custom: true, customId: field.id, readOnly: false, encrypted, searchable },
    ...{ indexed: !encrypted && kind !== 'longText' && kind !== 'file', options, initial: null, emptyText: false, linkTo, max: null, readRoleIds, changeRoleIds },
  };
}

export function liveType(declaration: RecordDeclaration, added: readonly CustomField[], layout: Layout | null): LiveType {
  const fields = new Map<string, LiveField>();
  const all = [...Object.entries(declaration.fields).map(([key, field]) => declaredField(key, field)), ...added.map(addedField)];
  for (const field of all) if (!fields.has(field.key)) fields.set(field.key, { ...field, folded: isFolded(field, field.key === declaration.titleField) });
  const known = (keys: readonly string[]): string[] => keys.filter((key) => fields.has(key));
  return {
    declaration,
    fields,
    listFields: known(layout?.listFields ?? declaration.listFields),
    sections: (layout?.sections ?? declaration.sections ?? []).map((section) => ({ label: section.label, fields: known(section.fields) })),
    version: added.reduce((sum, field) => sum + 1 + field.version, 0),
  };
}

/** A field as the console draws it for somebody with these roles. */
export function shownField(field: LiveField, mayChange: boolean): RecordField {
  const { key, kind, label, required, unique, custom, readOnly, encrypted, searchable, linkTo, max, initial } = field;
  return { key, kind, label, required, unique, custom, readOnly, encrypted, searchable, options: [...field.options], linkTo, max, initial, writable: mayChange && !readOnly };
}
