import type { CrmRecord, Labels, RecordField } from '@centralita/cti-server/contracts';
import { m } from '#lib/i18n/index.ts';

/** What every record has beside its fields, as columns and conditions know it. */
export const ownKeys = ['ownerId', 'tags', 'createdAt', 'updatedAt'] as const;
export type OwnKey = (typeof ownKeys)[number];

const words: Record<OwnKey, () => string> = { ownerId: () => m.records_owner(), tags: () => m.records_tags(), createdAt: () => m.records_created_at(), updatedAt: () => m.records_updated_at() };
const kinds = { ownerId: 'user', tags: 'multiPick', createdAt: 'instant', updatedAt: 'instant' } as const satisfies Record<OwnKey, RecordField['kind']>;
const same = (word: string): Labels => ({ es: word, en: word, 'zh-CN': word, 'zh-TW': word });

export const isOwnKey = (key: string): key is OwnKey => (ownKeys as readonly string[]).includes(key);

export function ownFields(mayChangeOwner: boolean): RecordField[] {
  return ownKeys.map((key) => ({
    key,
    kind: kinds[key],
    label: same(words[key]()),
    required: false,
    unique: false,
    custom: false,
    readOnly: key !== 'ownerId',
    encrypted: false,
    searchable: false,
    options: [],
    linkTo: null,
    max: null,
    writable: key === 'ownerId' && mayChangeOwner,
  }));
}

/** A column's value, be it a field's or the record's own. */
export const valueIn = (record: CrmRecord, key: string): unknown => (isOwnKey(key) ? record[key] : record.fields[key]);
/** The names behind ids, the owner's among them. */
export const namesIn = (record: CrmRecord): Record<string, string> => (record.ownerId === null || record.ownerName === null ? record.names : { ...record.names, [record.ownerId]: record.ownerName });
/** The same record with another value, as it will be once the server has taken it. */
export function withValue(record: CrmRecord, key: string, value: unknown, name?: string): CrmRecord {
  const names = name === undefined || typeof value !== 'string' ? record.names : { ...record.names, [value]: name };
  if (key === 'ownerId') return { ...record, names, ownerId: value as string | null, ownerName: value === null ? null : (name ?? record.ownerName) };
  return { ...record, names, fields: { ...record.fields, [key]: value } };
}
export const changeOf = (key: string, value: unknown): { ownerId: string | null } | { fields: Record<string, unknown> } => (key === 'ownerId' ? { ownerId: value as string | null } : { fields: { [key]: value } });
