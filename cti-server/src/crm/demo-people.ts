import type { Locale } from '../contracts/index.ts';

/**
 * The demo's customers: all invented. Their numbers belong to nobody: British ones are of the range that Ofcom keeps for films
 * (020 7946 0xxx). Spain, China, Taiwan and Mexico keep none, so theirs are of ranges that their numbering plans have not given out:
 * +34 799, +86 120, +886 2 1xxx and +52 100.
 */
export interface DemoPerson {
  name: string;
  company?: string;
  tier: 'A' | 'B' | 'C';
  country: 'ES' | 'CN' | 'TW' | 'MX' | 'GB';
  city: string;
  /** In which the hotline answers when this customer rings. */
  language: Locale;
  notes?: string;
  /** Somebody at the company. */
  contact?: readonly [name: string, jobTitle: string];
}

const es = { country: 'ES', language: 'es' } as const;
const mx = { country: 'MX', language: 'es' } as const;
const cn = { country: 'CN', language: 'zh-CN' } as const;
const tw = { country: 'TW', language: 'zh-TW' } as const;
const gb = { country: 'GB', language: 'en' } as const;

/** New ones at the end only: the place in this list is the customer's identity. */
export const demoPeople: readonly DemoPerson[] = [
  { ...es, name: 'Lucía Ferrándiz Moll', tier: 'A', city: 'Alicante', notes: 'Prefiere que la llamen por la tarde. Cliente desde 2014.' },
  { ...gb, name: 'Harriet Colwyn', tier: 'A', city: 'London', notes: 'Moved house in spring; check the delivery address.' },
  { ...cn, name: '苏雨桐', tier: 'A', city: '上海', notes: '老客户，偏好微信发送发票。' },
  { ...tw, name: '簡佑庭', tier: 'B', city: '台北' },
  { ...mx, name: 'Ximena Arrieta Luján', tier: 'B', city: 'Ciudad de México' },
  { ...es, name: 'Cerámicas Vallfosca', company: 'Cerámicas Vallfosca, S. L.', tier: 'A', city: 'Castellón', contact: ['Ramón Vallfosca', 'Gerente'], notes: 'Contrato de mantenimiento premium hasta diciembre.' },
  { ...es, name: 'Iker Zubeldia Arana', tier: 'B', city: 'Bilbao' },
  { ...es, name: 'Begoña Núñez Castiñeira', tier: 'C', city: 'A Coruña' },
  { ...es, name: 'Hotel Mirador del Tajo', company: 'Hostelería Tajo Alto, S. A.', tier: 'A', city: 'Toledo', contact: ['Inés Tordera', 'Jefa de recepción'] },
  { ...es, name: 'Óscar Peñalver Gil', tier: 'B', city: 'Murcia' },
  { ...es, name: 'Montserrat Puigdollers', tier: 'B', city: 'Girona', notes: 'Atender en catalán si es posible.' },
  { ...es, name: 'Talleres Hermanos Quirós', company: 'Quirós Automoción, S. L.', tier: 'B', city: 'Oviedo', contact: ['Chema Quirós', 'Encargado'] },
  { ...es, name: 'Amparo Escrivá Domènech', tier: 'C', city: 'Valencia' },
  { ...es, name: 'Joaquín Bermúdez Rey', tier: 'B', city: 'Sevilla' },
  { ...es, name: 'Farmacia Plaza Nueva', company: 'Farmacia Plaza Nueva, C. B.', tier: 'B', city: 'Granada', contact: ['Rosario Maldonado', 'Titular'] },
  { ...es, name: 'Nerea Goñi Lacarra', tier: 'A', city: 'Pamplona' },
  { ...es, name: 'Baltasar Oliver Serra', tier: 'C', city: 'Palma' },
  { ...mx, name: 'Distribuidora Tres Volcanes', company: 'Tres Volcanes, S. A. de C. V.', tier: 'A', city: 'Puebla', contact: ['Efraín Cuautle', 'Compras'] },
  { ...mx, name: 'Rodrigo Villaseñor Tapia', tier: 'B', city: 'Guadalajara' },
  { ...mx, name: 'Guadalupe Ocampo Rentería', tier: 'C', city: 'Mérida' },
  { ...mx, name: 'Café Sierra Mazateca', company: 'Sierra Mazateca Cooperativa', tier: 'B', city: 'Oaxaca', contact: ['Itzel Carrera', 'Ventas'] },
  { ...mx, name: 'Emiliano Zavala Ruiz', tier: 'B', city: 'Monterrey' },
  { ...gb, name: 'Pembrey & Daughters Bakery', company: 'Pembrey & Daughters Ltd', tier: 'B', city: 'London', contact: ['Tamsin Pembrey', 'Owner'] },
  { ...gb, name: 'Desmond Achterberg', tier: 'C', city: 'London' },
  { ...gb, name: 'Priyanka Sethuraman', tier: 'A', city: 'London', notes: 'Asked for e-mail confirmation of every change.' },
  { ...gb, name: 'Ravensholme Letting', company: 'Ravensholme Letting Agents LLP', tier: 'A', city: 'London', contact: ['Gareth Ruddock', 'Office manager'] },
  { ...gb, name: 'Fionnuala MacAskill', tier: 'B', city: 'London' },
  { ...gb, name: 'Barnaby Thistlewood', tier: 'B', city: 'London' },
  { ...cn, name: '北辰精密仪器', company: '北辰精密仪器有限公司', tier: 'A', city: '北京', contact: ['邵文博', '采购经理'] },
  { ...cn, name: '陶思远', tier: 'B', city: '杭州' },
  { ...cn, name: '骆佳怡', tier: 'C', city: '成都' },
  { ...cn, name: '南屿海产', company: '南屿海产贸易有限公司', tier: 'B', city: '厦门', contact: ['柯振华', '总经理'] },
  { ...cn, name: '尹若溪', tier: 'B', city: '广州' },
  { ...cn, name: '欧阳铭', tier: 'A', city: '深圳', notes: '设备保修期至明年三月。' },
  { ...cn, name: '华亭旅行社', company: '华亭国际旅行社有限公司', tier: 'C', city: '西安', contact: ['段晓敏', '客服主管'] },
  { ...tw, name: '晨曦烘焙坊', company: '晨曦食品股份有限公司', tier: 'A', city: '台中', contact: ['游淑惠', '店長'] },
  { ...tw, name: '范姜宜蓁', tier: 'B', city: '高雄' },
  { ...tw, name: '童柏翰', tier: 'B', city: '新竹', notes: '請於上班時間來電。' },
  { ...tw, name: '山嵐茶行', company: '山嵐茶業有限公司', tier: 'B', city: '嘉義', contact: ['賴俊宏', '負責人'] },
  { ...tw, name: '卓于晴', tier: 'C', city: '台南' },
];

const numberBases: Record<DemoPerson['country'], string> = { ES: '+34799000', CN: '+861200000', TW: '+8862100000', MX: '+5210000000', GB: '+442079460' };
const lastDigits: Record<DemoPerson['country'], number> = { ES: 3, CN: 4, TW: 2, MX: 2, GB: 3 };

/** The number of the i-th demo customer, E.164. */
export function demoNumber(i: number): string {
  const country = demoPeople[i]?.country ?? 'ES';
  return numberBases[country] + String(11 + i).padStart(lastDigits[country], '0');
}

/** What demo customers rang about: the subject of a ticket, and the note an agent made. */
export const demoTopics: Record<Locale, readonly (readonly [subject: string, note: string])[]> = {
  es: [
    ['La factura de octubre no coincide con el pedido', 'Revisado con administración; se emite factura rectificativa.'],
    ['Pide cita para la revisión anual', 'Cita confirmada para el jueves a las 10.'],
    ['El pedido llegó incompleto', 'Falta una caja; se reenvía por mensajería urgente.'],
    ['Cambio de dirección de entrega', 'Dirección actualizada y comprobada con el cliente.'],
    ['Consulta sobre la garantía', 'Se explica la cobertura; queda conforme.'],
  ],
  en: [
    ['Invoice shows last year’s price', 'Credit note agreed, to be sent today.'],
    ['Engineer did not arrive', 'Apologised and booked the first slot tomorrow.'],
    ['Wants to upgrade the contract', 'Offer sent by e-mail, call back on Friday.'],
    ['Delivery left with a neighbour', 'Parcel found; driver’s note corrected.'],
    ['Question about the guarantee', 'Explained what is covered.'],
  ],
  'zh-CN': [
    ['发票抬头需要修改', '已重新开具电子发票。'],
    ['设备安装时间确认', '约定周三上午十点上门。'],
    ['收到的货物有破损', '已安排换货，快递上门取件。'],
    ['咨询保修范围', '已说明保修条款，客户满意。'],
  ],
  'zh-TW': [
    ['發票統一編號有誤', '已作廢重開並寄送電子檔。'],
    ['預約到府維修', '約定週三上午十點。'],
    ['商品少寄一件', '已補寄，明日送達。'],
    ['詢問保固範圍', '已說明，客戶滿意。'],
  ],
};
export const demoQueueNames: Record<Locale, string> = { es: 'Atención al cliente', en: 'Customer care', 'zh-CN': '客户服务', 'zh-TW': '客户服务' };
