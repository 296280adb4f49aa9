import { scopeOf } from '../../access/index.ts';
import type { Labels } from '../../contracts/index.ts';
import type { Config } from '../../platform/config.ts';
import { forbidden } from '../../platform/errors.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { RecordActor, RecordDeclaration } from '../records/index.ts';
import { wrongField } from '../refusals.ts';

const words = (es: string, en: string, zhCn: string, zhTw: string): Labels => ({ es, en, 'zh-CN': zhCn, 'zh-TW': zhTw });
/** Extensions and the short numbers of a country are no E.164. */
const shortNumber = /^[0-9*#]{2,12}$/;

/**
 * Numbers that everybody needs and nobody owns: the workshop, the taxi, the bank. Everybody reads them; who may change records of everybody
 * keeps them.
 * @param config followed as it changes: the country of numbers without one
 */
export const sharedNumberDeclaration = (config: Pick<Config, 'defaultCountry'>): RecordDeclaration => ({
  name: 'sharedNumber',
  table: 'shared_numbers',
  label: words('Número compartido', 'Shared number', '共享号码', '共用號碼'),
  plural: words('Números compartidos', 'Shared numbers', '共享号码', '共用號碼'),
  icon: 'book-user',
  titleField: 'name',
  listFields: ['name', 'number', 'department', 'note'],
  ownedByMaker: false,
  unownedIsForAll: true,
  fields: {
    name: { kind: 'text', required: true, max: 200, searchable: true, label: words('Nombre', 'Name', '名称', '名稱') },
    number: { kind: 'text', required: true, max: 40, searchable: true, label: words('Número', 'Number', '号码', '號碼') },
    department: { kind: 'text', max: 120, searchable: true, indexed: true, label: words('Departamento', 'Department', '部门', '部門') },
    note: { kind: 'text', max: 300, searchable: true, label: words('Nota', 'Note', '备注', '備註') },
  },
  hooks: {
    beforeSave({ actor, after }) {
      if (isViewer(actor) && scopeOf(actor.recordRights, 'sharedNumber', 'change') !== 'all') throw forbidden('change shared numbers');
      if (after) {
        const typed = String(after.fields['number'] ?? '');
        const short = typed.replaceAll(/[\s().-]/g, '');
        const number = normaliseNumber(typed, config.defaultCountry).e164 ?? (shortNumber.test(short) ? short : null);
        if (number === null) throw wrongField('fields.number', 'neither a telephone number nor an extension');
        after.fields['number'] = number;
      }
      return Promise.resolve();
    },
  },
});

const isViewer = (actor: RecordActor | null): actor is RecordActor & Pick<Viewer, 'recordRights'> => actor !== null && 'recordRights' in actor;
