import { changesBetween } from '../../access/index.ts';
import { customerLanguages, type Labels, type PickOption } from '../../contracts/index.ts';
import type { RecordDeclaration, RecordMove, RecordReference } from '../records/index.ts';
import type { Timeline } from '../timeline/index.ts';
import { forgetMerged } from './contact-points.store.ts';
import { keepMainPoints } from './merged-points.ts';
import { refusesCircles } from './organisation.ts';

const words = (es: string, en: string, zhCn: string, zhTw: string): Labels => ({ es, en, 'zh-CN': zhCn, 'zh-TW': zhTw });
const option = (value: string, label: Labels): PickOption => ({ value, label, retired: false });

const name = words('Nombre', 'Name', '名称', '名稱');
const email = words('Correo', 'E-mail', '电子邮件', '電子郵件');
const notes = words('Notas', 'Notes', '备注', '備註');

const languageWords: Readonly<Record<(typeof customerLanguages)[number], Parameters<typeof words>>> = {
  es: ['Español', 'Spanish', '西班牙语', '西班牙語'],
  en: ['Inglés', 'English', '英语', '英語'],
  'zh-CN': ['Chino simplificado', 'Chinese (simplified)', '中文（简体）', '中文（簡體）'],
  'zh-TW': ['Chino tradicional', 'Chinese (traditional)', '中文（繁体）', '中文（繁體）'],
  ca: ['Catalán', 'Catalan', '加泰罗尼亚语', '加泰隆尼亞語'],
  gl: ['Gallego', 'Galician', '加利西亚语', '加利西亞語'],
  eu: ['Euskera', 'Basque', '巴斯克语', '巴斯克語'],
  pt: ['Portugués', 'Portuguese', '葡萄牙语', '葡萄牙語'],
  fr: ['Francés', 'French', '法语', '法語'],
  de: ['Alemán', 'German', '德语', '德語'],
  it: ['Italiano', 'Italian', '意大利语', '義大利語'],
  ar: ['Árabe', 'Arabic', '阿拉伯语', '阿拉伯語'],
  other: ['Otro', 'Other', '其他', '其他'],
};
const languages = customerLanguages.map((value) => option(value, words(...languageWords[value])));

/** Companies and persons. Their numbers, which may be many, are in a table of their own. */
export const customerDeclaration = (parts: { timeline: Pick<Timeline, 'recordChange'>; references?: readonly RecordReference[] }): RecordDeclaration => ({
  name: 'customer',
  table: 'customers',
  columns: { findText: 'search_text' },
  numbers: { table: 'customer_phones', record: 'customer_id', e164: 'e164' },
  references: [
    // a number that both have stays with each, so that undoing finds it there
    { table: 'customer_phones', column: 'customer_id', unlessTaken: 'e164' },
    { table: 'customer_emails', column: 'customer_id', unlessTaken: 'address' },
    { table: 'customer_addresses', column: 'customer_id' },
    { table: 'timeline_entries', column: 'customer_id' },
    ...(parts.references ?? []),
  ],
  label: words('Cliente', 'Customer', '客户', '客戶'),
  plural: words('Clientes', 'Customers', '客户', '客戶'),
  icon: 'users-round',
  titleField: 'name',
  listFields: ['name', 'company', 'tier', 'city', 'lastContactAt'],
  unownedIsForAll: true,
  sections: [
    { label: words('Datos', 'Details', '基本信息', '基本資料'), fields: ['name', 'kind', 'company', 'tier', 'email', 'language', 'parentId'] },
    { label: words('Dirección', 'Address', '地址', '地址'), fields: ['street', 'postcode', 'city', 'region', 'country'] },
    { label: words('Trato', 'Relationship', '往来', '往來'), fields: ['source', 'doNotCall', 'doNotCallReason', 'doNotCallSince', 'doNotCallById', 'consentSource', 'consentText', 'consentUntil', 'lastContactAt', 'notes'] },
  ],
  fields: {
    name: { kind: 'text', required: true, max: 200, searchable: true, label: name },
    kind: {
      kind: 'pick',
      required: true,
      initial: 'person',
      indexed: true,
      label: words('Tipo', 'Kind', '类型', '類型'),
      options: [option('person', words('Persona', 'Person', '个人', '個人')), option('company', words('Empresa', 'Company', '公司', '公司'))],
    },
    company: { kind: 'text', max: 200, searchable: true, label: words('Empresa', 'Company', '公司', '公司') },
    tier: {
      kind: 'pick',
      required: true,
      initial: 'B',
      indexed: true,
      label: words('Valor', 'Tier', '等级', '等級'),
      options: [option('A', words('A · importante', 'A · important', 'A · 重要', 'A · 重要')), option('B', words('B · general', 'B · general', 'B · 一般', 'B · 一般')), option('C', words('C · abandonado', 'C · abandoned', 'C · 放弃', 'C · 放棄'))],
    },
    email: { kind: 'email', indexed: true, searchable: true, label: email },
    street: { kind: 'text', max: 200, label: words('Calle', 'Street', '街道', '街道') },
    postcode: { kind: 'text', max: 20, indexed: true, label: words('Código postal', 'Postcode', '邮政编码', '郵遞區號') },
    city: { kind: 'text', max: 120, indexed: true, label: words('Ciudad', 'City', '城市', '城市') },
    region: { kind: 'text', max: 120, label: words('Provincia', 'Region', '省份', '省份') },
    country: { kind: 'text', max: 2, indexed: true, label: words('País', 'Country', '国家/地区', '國家/地區') },
    parentId: { kind: 'link', linkTo: 'customer', label: words('Pertenece a', 'Part of', '上级单位', '上層單位') },
    source: { kind: 'text', max: 80, indexed: true, label: words('Origen', 'Source', '来源', '來源') },
    language: { kind: 'pick', indexed: true, label: words('Idioma', 'Language', '语言', '語言'), options: languages },
    doNotCall: { kind: 'yesNo', indexed: true, label: words('No llamar', 'Do not call', '请勿致电', '請勿致電') },
    doNotCallReason: { kind: 'text', max: 300, label: words('No llamar: motivo', 'Do not call: reason', '请勿致电：原因', '請勿致電：原因') },
    doNotCallSince: { kind: 'instant', readOnly: true, label: words('No llamar: desde', 'Do not call: since', '请勿致电：起始时间', '請勿致電：起始時間') },
    doNotCallById: { kind: 'user', readOnly: true, label: words('No llamar: anotado por', 'Do not call: noted by', '请勿致电：登记人', '請勿致電：登記人') },
    consentSource: { kind: 'text', max: 200, label: words('Consentimiento: origen', 'Consent: source', '同意来源', '同意來源') },
    consentText: { kind: 'longText', label: words('Consentimiento: texto', 'Consent: wording', '同意内容', '同意內容') },
    consentUntil: { kind: 'date', indexed: true, label: words('Consentimiento: hasta', 'Consent: until', '同意有效期', '同意有效期') },
    lastContactAt: { kind: 'instant', readOnly: true, indexed: true, label: words('Último contacto', 'Last contact', '最近联系', '最近聯絡') },
    notes: { kind: 'longText', emptyText: true, label: notes },
  },
  hooks: {
    async beforeSave(move) {
      noteDoNotCall(move);
      await refusesCircles('customers', 'parentId').beforeSave?.(move);
    },
    afterMerge: keepMainPoints,
    afterMergeUndone: (tx, mergeId) => forgetMerged(tx, mergeId),
    async afterSave({ tx, actor, id, before, after }) {
      if (!actor || !before || !after) return;
      // the notes are read on the card; each autosave of them would push what happened out of sight
      const { notes: _before, ...was } = before.fields;
      const { notes: _after, ...is } = after.fields;
      const changes = changesBetween(was, is);
      if (Object.keys(changes).length > 0) await parts.timeline.recordChange(tx, actor, id, changes);
    },
  },
});

/** Since when somebody must not be called, and who wrote it down, is kept with it whoever sets it: a form, a list, an import. */
function noteDoNotCall({ before, after, actor, nowMs }: RecordMove): void {
  if (!after || (before?.fields['doNotCall'] ?? false) === (after.fields['doNotCall'] ?? false)) return;
  const is = after.fields['doNotCall'] === true;
  Object.assign(after.fields, { doNotCallSince: is ? new Date(nowMs).toISOString() : null, doNotCallById: is ? (actor?.userId ?? null) : null, ...(is ? {} : { doNotCallReason: null }) });
}

/** The people at a customer. */
export const contactDeclaration: RecordDeclaration = {
  name: 'contact',
  table: 'contacts',
  label: words('Contacto', 'Contact', '联系人', '聯絡人'),
  plural: words('Contactos', 'Contacts', '联系人', '聯絡人'),
  icon: 'contact-round',
  titleField: 'name',
  listFields: ['name', 'customerId', 'jobTitle', 'email', 'phone'],
  unownedIsForAll: true,
  references: [
    { table: 'customer_phones', column: 'contact_id' },
    { table: 'customer_emails', column: 'contact_id' },
    { table: 'customer_addresses', column: 'contact_id' },
  ],
  fields: {
    name: { kind: 'text', required: true, max: 200, searchable: true, label: name },
    customerId: { kind: 'link', linkTo: 'customer', required: true, label: words('Cliente', 'Customer', '客户', '客戶') },
    jobTitle: { kind: 'text', max: 120, label: words('Cargo', 'Job title', '职位', '職稱') },
    department: { kind: 'text', max: 120, label: words('Departamento', 'Department', '部门', '部門') },
    managerId: { kind: 'link', linkTo: 'contact', label: words('Depende de', 'Reports to', '上级', '主管') },
    email: { kind: 'email', searchable: true, label: email },
    phone: { kind: 'phone', label: words('Teléfono', 'Phone', '电话', '電話') },
    birthday: { kind: 'date', label: words('Cumpleaños', 'Birthday', '生日', '生日') },
    notes: { kind: 'longText', label: notes },
  },
  hooks: refusesCircles('contacts', 'managerId'),
};
