/** What a record looks like in a file, and how far an export reaches. Pure. */
import { type CrmRecord, type Locale, type RecordField, type RecordRights, type RecordScope, recordScopes } from '../../contracts/index.ts';

export type ExportedField = Pick<RecordField, 'kind'> & { options: readonly RecordField['options'][number][] };

/** A value as text: labels of pick lists, names of people and linked records, dates as ISO. */
export function cellText(value: unknown, field: ExportedField | undefined, names: Readonly<Record<string, string>>, locale: Locale): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((one) => cellText(one, field, names, locale)).join('; ');
  if (typeof value === 'boolean') return value ? yesWords[locale][0] : yesWords[locale][1];
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : JSON.stringify(value);
  if (field?.kind === 'pick' || field?.kind === 'multiPick') return field.options.find((option) => option.value === text)?.label[locale] ?? text;
  return field?.kind === 'link' || field?.kind === 'user' ? (names[text] ?? text) : text;
}
const yesWords: Readonly<Record<Locale, readonly [string, string]>> = { es: ['sí', 'no'], en: ['yes', 'no'], 'zh-CN': ['是', '否'], 'zh-TW': ['是', '否'] };

export const baseColumnWords: Readonly<Record<'ownerId' | 'createdAt' | 'updatedAt' | 'tags', Readonly<Record<Locale, string>>>> = {
  ownerId: { es: 'Propietario', en: 'Owner', 'zh-CN': '负责人', 'zh-TW': '負責人' },
  createdAt: { es: 'Creado', en: 'Created', 'zh-CN': '创建时间', 'zh-TW': '建立時間' },
  updatedAt: { es: 'Modificado', en: 'Changed', 'zh-CN': '修改时间', 'zh-TW': '修改時間' },
  tags: { es: 'Etiquetas', en: 'Tags', 'zh-CN': '标签', 'zh-TW': '標籤' },
};
export const isBaseColumn = (key: string): key is keyof typeof baseColumnWords => key in baseColumnWords;
export function baseCell(record: CrmRecord, key: keyof typeof baseColumnWords): string {
  return key === 'ownerId' ? (record.ownerName ?? '') : key === 'tags' ? (record.tags ?? []).join('; ') : record[key];
}

const narrower = (a: RecordScope, b: RecordScope): RecordScope => (recordScopes.indexOf(a) <= recordScopes.indexOf(b) ? a : b);

/** The rights with which an export reads: nothing beyond what may be read, nor beyond what may be exported. */
export function exportRights(rights: RecordRights, type: string, scopes: { read: RecordScope; export: RecordScope }): RecordRights {
  // what is said of every type must not widen it again; who may arrange fields still sees them all
  const all = rights['*']?.configure;
  return { ...(all === undefined ? {} : { '*': { configure: all } }), ...linked(rights), [type]: { ...rights[type], read: narrower(scopes.read, scopes.export) } };
}
const linked = (rights: RecordRights): RecordRights => Object.fromEntries(Object.entries(rights).filter(([name]) => name !== '*'));
