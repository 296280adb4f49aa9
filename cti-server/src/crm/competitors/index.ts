import type { RecordDeclaration } from '../records/index.ts';

const option = (value: string, es: string, en: string, zhCn: string, zhTw: string) => ({ value, label: { es, en, 'zh-CN': zhCn, 'zh-TW': zhTw }, retired: false });

/** Whom customers also talk to. A declaration and nothing else: table, API, rights, history, search, list, card and form come from it. */
export const competitors: RecordDeclaration = {
  name: 'competitor',
  table: 'competitors',
  label: { es: 'Competidor', en: 'Competitor', 'zh-CN': '竞争对手', 'zh-TW': '競爭對手' },
  plural: { es: 'Competidores', en: 'Competitors', 'zh-CN': '竞争对手', 'zh-TW': '競爭對手' },
  icon: 'swords',
  titleField: 'name',
  listFields: ['name', 'threat', 'website', 'strengths'],
  fields: {
    name: { kind: 'text', required: true, unique: true, searchable: true, max: 200, label: { es: 'Nombre', en: 'Name', 'zh-CN': '名称', 'zh-TW': '名稱' } },
    website: { kind: 'text', max: 300, label: { es: 'Sitio web', en: 'Website', 'zh-CN': '网站', 'zh-TW': '網站' } },
    phone: { kind: 'phone', label: { es: 'Teléfono', en: 'Phone', 'zh-CN': '电话', 'zh-TW': '電話' } },
    threat: {
      kind: 'pick',
      indexed: true,
      initial: 'medium',
      label: { es: 'Amenaza', en: 'Threat', 'zh-CN': '威胁程度', 'zh-TW': '威脅程度' },
      options: [option('low', 'Baja', 'Low', '低', '低'), option('medium', 'Media', 'Medium', '中', '中'), option('high', 'Alta', 'High', '高', '高')],
    },
    strengths: { kind: 'longText', searchable: true, label: { es: 'Puntos fuertes', en: 'Strengths', 'zh-CN': '优势', 'zh-TW': '優勢' } },
    weaknesses: { kind: 'longText', searchable: true, label: { es: 'Puntos débiles', en: 'Weaknesses', 'zh-CN': '劣势', 'zh-TW': '劣勢' } },
  },
};
