import type { Labels, leadGrades, leadSources, leadStages, PickOption, PoolReason } from '../../contracts/index.ts';
import type { Config } from '../../platform/config.ts';
import type { RecordDeclaration } from '../records/index.ts';
import { leadHooks } from './lead-hooks.ts';

type Word = readonly [es: string, en: string, simplified: string, traditional: string];
const word = ([es, en, simplified, traditional]: Word): Labels => ({ es, en, 'zh-CN': simplified, 'zh-TW': traditional });
const options = <T extends string>(words: Readonly<Record<T, Word>>): PickOption[] =>
  Object.entries<Word>(words).map(([value, label]) => ({ value, label: word(label), retired: false }));

const sources: Readonly<Record<(typeof leadSources)[number], Word>> = {
  form: ['Formulario web', 'Web form', '网页表单', '網頁表單'],
  import: ['Importación', 'Import', '导入', '匯入'],
  call: ['Llamada', 'Call', '来电', '來電'],
  api: ['API', 'API', 'API', 'API'],
  referral: ['Recomendación', 'Referral', '转介绍', '轉介紹'],
  event: ['Evento', 'Event', '活动', '活動'],
};
const stages: Readonly<Record<(typeof leadStages)[number], Word>> = {
  new: ['Nuevo', 'New', '新线索', '新名單'],
  contacted: ['Contactado', 'Contacted', '已联系', '已聯繫'],
  qualified: ['Cualificado', 'Qualified', '已确认', '已確認'],
  proposal: ['Propuesta', 'Proposal', '已报价', '已報價'],
  lost: ['Perdido', 'Lost', '已流失', '已流失'],
  converted: ['Convertido', 'Converted', '已转化', '已轉換'],
};
const grades: Readonly<Record<(typeof leadGrades)[number], Word>> = { A: ['A', 'A', 'A', 'A'], B: ['B', 'B', 'B', 'B'], C: ['C', 'C', 'C', 'C'], D: ['D', 'D', 'D', 'D'] };
const reasons: Readonly<Record<PoolReason, Word>> = {
  unassigned: ['Sin asignar', 'Not assigned yet', '尚未分配', '尚未分派'],
  released: ['Devuelto a mano', 'Given back', '主动退回', '主動退回'],
  noFollowUp: ['Sin seguimiento', 'No follow-up', '超期未跟进', '逾期未跟進'],
  notConverted: ['Sin conversión a tiempo', 'Not converted in time', '超期未转化', '逾期未轉換'],
  ownerLeft: ['Su titular se fue', 'Owner left', '负责人离职', '負責人離職'],
};

/**
 * The record type `lead`: made by a person it is theirs, captured or imported without an owner it lies in the public pool, where whoever
 * may read leads sees it.
 * @param config followed as it changes: a day of grabbing ends at midnight in the company's zone
 */
export function leadDeclaration(config: Pick<Config, 'timeZone'>): RecordDeclaration {
  return {
    name: 'lead',
    table: 'leads',
    label: word(['Lead', 'Lead', '线索', '潛在客戶']),
    plural: word(['Leads', 'Leads', '线索', '潛在客戶']),
    icon: 'target',
    titleField: 'name',
    stageField: 'stage',
    unownedIsForAll: true,
    listFields: ['name', 'company', 'phone', 'stage', 'grade', 'source', 'nextStepAt', 'poolsAt'],
    fields: {
      name: { kind: 'text', label: word(['Nombre', 'Name', '姓名', '姓名']), required: true, searchable: true, max: 200 },
      company: { kind: 'text', label: word(['Empresa', 'Company', '公司', '公司']), searchable: true, indexed: true, max: 200 },
      phone: { kind: 'phone', label: word(['Teléfono', 'Phone', '电话', '電話']), searchable: true, indexed: true },
      email: { kind: 'email', label: word(['Correo electrónico', 'E-mail', '电子邮箱', '電子郵件']), searchable: true, indexed: true },
      city: { kind: 'text', label: word(['Ciudad', 'City', '城市', '城市']), indexed: true, max: 120 },
      country: { kind: 'text', label: word(['País (código)', 'Country (code)', '国家代码', '國家代碼']), indexed: true, max: 2 },
      source: { kind: 'pick', label: word(['Origen', 'Source', '来源', '來源']), options: options(sources), initial: 'call', indexed: true },
      stage: { kind: 'pick', label: word(['Etapa', 'Stage', '阶段', '階段']), options: options(stages), required: true, initial: 'new', indexed: true },
      grade: { kind: 'pick', label: word(['Calificación', 'Grade', '等级', '等級']), options: options(grades), indexed: true },
      nextStep: { kind: 'text', label: word(['Próximo paso', 'Next step', '下一步', '下一步']), max: 300 },
      nextStepAt: { kind: 'instant', label: word(['Fecha del próximo paso', 'Next step at', '下一步时间', '下一步時間']), indexed: true },
      notes: { kind: 'longText', label: word(['Notas', 'Notes', '备注', '備註']) },
      lastFollowUpAt: { kind: 'instant', label: word(['Último seguimiento', 'Last follow-up', '最近跟进', '最近跟進']), readOnly: true, indexed: true },
      poolsAt: { kind: 'instant', label: word(['Pasa a la bolsa', 'Goes to the pool', '进入公海时间', '進入公海時間']), readOnly: true, indexed: true },
      heldSince: { kind: 'instant', label: word(['Asignado desde', 'Held since', '领取时间', '領取時間']), readOnly: true },
      protectedUntil: { kind: 'instant', label: word(['Protegido hasta', 'Protected until', '保护期至', '保護期至']), readOnly: true },
      pooledAt: { kind: 'instant', label: word(['En la bolsa desde', 'In the pool since', '进入公海于', '進入公海於']), readOnly: true, indexed: true },
      poolReason: { kind: 'pick', label: word(['Motivo de la bolsa', 'Why in the pool', '进入公海原因', '進入公海原因']), options: options(reasons), readOnly: true },
      formerOwnerId: { kind: 'user', label: word(['Titular anterior', 'Former owner', '前负责人', '前負責人']), readOnly: true },
      customerId: { kind: 'link', linkTo: 'customer', label: word(['Cliente', 'Customer', '客户', '客戶']), readOnly: true },
    },
    sections: [
      { label: word(['Contacto', 'Contact', '联系方式', '聯絡方式']), fields: ['name', 'company', 'phone', 'email', 'city', 'country'] },
      { label: word(['Seguimiento', 'Follow-up', '跟进', '跟進']), fields: ['stage', 'grade', 'source', 'nextStep', 'nextStepAt', 'lastFollowUpAt', 'notes'] },
      { label: word(['Bolsa pública', 'Public pool', '公海', '公海']), fields: ['poolsAt', 'heldSince', 'protectedUntil', 'pooledAt', 'poolReason', 'formerOwnerId', 'customerId'] },
    ],
    hooks: leadHooks(config),
  };
}
