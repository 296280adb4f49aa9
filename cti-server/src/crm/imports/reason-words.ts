/** Reasons as the file of rejected rows says them: it is read in a spreadsheet, where the console is not at hand. */
import type { ImportReason, ImportReasonCode, Locale } from '../../contracts/index.ts';

const words: Readonly<Record<Locale, Readonly<Record<ImportReasonCode, string>>>> = {
  es: {
    unclosedQuote: 'unas comillas no se cierran', tooManyColumns: 'hay más columnas que en la cabecera', unreadable: 'hay caracteres ilegibles (¿otra codificación?)', formulaError: 'una fórmula da error',
    required: 'falta un dato obligatorio', tooLong: 'el texto es demasiado largo', notANumber: 'no es un número', notAnAmount: 'no es un importe', notADate: 'no es una fecha', notAnInstant: 'no es una fecha con hora',
    notAPhone: 'no es un teléfono (¿falta el país?)', notAnEmail: 'no es un correo electrónico', notAnOption: 'no es un valor de la lista', notYesNo: 'no es ni sí ni no', unknownUser: 'no hay una sola persona con ese nombre',
    unknownRecord: 'no existe ese registro', severalRecords: 'hay varios registros con ese nombre', invalid: 'el valor no sirve para este campo', taken: 'otro registro ya tiene este valor', duplicateInFile: 'repite una fila anterior',
    duplicate: 'ya existe', mayNotChange: 'ya existe y usted no puede modificarlo', notSaved: 'no se pudo guardar',
  },
  en: {
    unclosedQuote: 'a quotation mark is not closed', tooManyColumns: 'there are more columns than in the header', unreadable: 'some characters cannot be read (another encoding?)', formulaError: 'a formula has an error',
    required: 'a required value is missing', tooLong: 'the text is too long', notANumber: 'not a number', notAnAmount: 'not an amount', notADate: 'not a date', notAnInstant: 'not a date with a time',
    notAPhone: 'not a telephone number (is the country missing?)', notAnEmail: 'not an e-mail address', notAnOption: 'not a value of the list', notYesNo: 'neither yes nor no', unknownUser: 'not exactly one person has this name',
    unknownRecord: 'there is no such record', severalRecords: 'several records have this name', invalid: 'not a value for this field', taken: 'another record has this value already', duplicateInFile: 'repeats an earlier row',
    duplicate: 'is there already', mayNotChange: 'is there already, and you may not change it', notSaved: 'could not be saved',
  },
  'zh-CN': {
    unclosedQuote: '引号没有闭合', tooManyColumns: '列数比表头多', unreadable: '有无法识别的字符（编码不对？）', formulaError: '公式出错', required: '缺少必填项', tooLong: '文字太长', notANumber: '不是数字', notAnAmount: '不是金额',
    notADate: '不是日期', notAnInstant: '不是日期时间', notAPhone: '不是电话号码（缺少国家/地区？）', notAnEmail: '不是电子邮箱', notAnOption: '不在可选值中', notYesNo: '不是“是”或“否”', unknownUser: '找不到唯一对应的人员',
    unknownRecord: '没有这条记录', severalRecords: '有多条同名记录', invalid: '值不符合该字段', taken: '该值已被其他记录使用', duplicateInFile: '与前面的行重复', duplicate: '已存在', mayNotChange: '已存在，而您无权修改', notSaved: '未能保存',
  },
  'zh-TW': {
    unclosedQuote: '引號沒有成對', tooManyColumns: '欄數比標題列多', unreadable: '有無法辨識的字元（編碼不對？）', formulaError: '公式有錯誤', required: '缺少必填資料', tooLong: '文字太長', notANumber: '不是數字', notAnAmount: '不是金額',
    notADate: '不是日期', notAnInstant: '不是日期時間', notAPhone: '不是電話號碼（少了國碼？）', notAnEmail: '不是電子郵件地址', notAnOption: '不在選項之中', notYesNo: '不是「是」也不是「否」', unknownUser: '找不到唯一符合的人員',
    unknownRecord: '沒有這筆資料', severalRecords: '有多筆同名資料', invalid: '值不符合此欄位', taken: '此值已被其他資料使用', duplicateInFile: '與前面的列重複', duplicate: '已經存在', mayNotChange: '已經存在，而您無權變更', notSaved: '未能儲存',
  },
};
export const reasonHeading: Readonly<Record<Locale, string>> = { es: 'Motivo', en: 'Reason', 'zh-CN': '原因', 'zh-TW': '原因' };
const rowWord: Readonly<Record<Locale, (row: number) => string>> = { es: (row) => `fila ${String(row)}`, en: (row) => `row ${String(row)}`, 'zh-CN': (row) => `第 ${String(row)} 行`, 'zh-TW': (row) => `第 ${String(row)} 列` };

/** @param labelOf the field's name for people */
export function wordsOf(reasons: readonly ImportReason[], locale: Locale, labelOf: (field: string) => string): string {
  return reasons
    .map(({ code, field, row }) => `${field === null ? '' : `${labelOf(field)}: `}${words[locale][code]}${row === undefined ? '' : ` (${rowWord[locale](row)})`}`)
    .join('; ');
}
