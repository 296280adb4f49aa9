/** Which field a column is probably meant for, by its name. Pure. */
import { type Labels, numberTargets } from '../../contracts/index.ts';
import { folded } from './cell-rules.ts';

/** What columns of other programs are called, by our keys. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  name: ['nombre', 'nombre completo', 'full name', 'razon social', 'cliente', 'customer', 'customer name', '姓名', '名称', '名稱', '客户', '客戶', '客户名称', '客戶名稱'],
  company: ['empresa', 'organizacion', 'organization', 'organisation', 'company name', '公司', '公司名称', '公司名稱', '单位', '單位', '企业'],
  email: ['e mail', 'mail', 'correo', 'correo electronico', 'email address', '邮箱', '电子邮件', '電子郵件', '邮件', '信箱', '電郵'],
  city: ['ciudad', 'poblacion', 'localidad', 'town', '城市', '市'],
  country: ['pais', 'country code', '国家', '國家', '国家代码'],
  notes: ['notas', 'observaciones', 'comentarios', 'comments', 'remarks', 'description', '备注', '備註', '说明', '說明'],
  tier: ['nivel', 'categoria', 'segmento', 'level', 'grade', 'segment', '等级', '等級', '级别'],
  source: ['origen', 'fuente', 'lead source', '来源', '來源'],
};
const numberNames = ['telefono', 'tel', 'movil', 'celular', 'telefono movil', 'phone', 'mobile', 'cell', 'phone number', 'mobile phone', 'telephone', '电话', '電話', '手机', '手機', '手机号', '手机号码', '手機號碼', '联系电话', '聯絡電話'];

/** For each column a key or null; no key twice. */
export function suggestMapping(headers: readonly string[], fields: readonly { key: string; label: Labels }[], hasNumbers: boolean): (string | null)[] {
  const byName = new Map<string, string>();
  for (const { key } of fields) for (const name of otherNames[key] ?? []) byName.set(name, key);
  for (const { key, label } of fields) for (const name of Object.values(label)) byName.set(folded(name), key);
  for (const { key } of fields) byName.set(folded(key), key).set(folded(key.replaceAll(/[A-Z]/g, (letter) => ` ${letter}`)), key);
  const taken = new Set<string>();
  const take = (key: string | undefined): string | null => {
    if (key === undefined || taken.has(key)) return null;
    taken.add(key);
    return key;
  };
  return headers.map((header) => {
    const name = folded(header);
    const known = take(byName.get(name));
    if (known !== null || !hasNumbers) return known;
    return numberNames.includes(name.replace(/ ?\d+$/, '')) ? take(numberTargets.find((target) => !taken.has(target))) : null;
  });
}

/** The same for the same columns, however they are written: by it a file of next month finds its mapping. */
export const headerPrint = (headers: readonly string[]): string => headers.map(folded).join('\n').slice(0, 20_000);
