import type { RecordField } from '@centralita/cti-server/contracts';

/** How wide a column is at least, in pixels, by what it holds. */
const widths: Record<RecordField['kind'], number> = {
  text: 140, longText: 220, number: 100, money: 110, date: 112, instant: 164, pick: 130, multiPick: 170, phone: 150, email: 180, link: 150, user: 136, file: 160, yesNo: 84,
};
const titleWidth = 204;
const checkWidth = 40;

const widthOf = (field: RecordField, titleField: string): number => (field.key === titleField ? titleWidth : widths[field.kind]);

export function gridTemplate(columns: readonly RecordField[], titleField: string): string {
  const stretch = (field: RecordField): string => (field.key === titleField ? '2fr' : field.kind === 'text' || field.kind === 'longText' || field.kind === 'email' ? '1.2fr' : '1fr');
  return [`${String(checkWidth)}px`, ...columns.map((field) => `minmax(${String(widthOf(field, titleField))}px, ${stretch(field)})`)].join(' ');
}
export function gridWidth(columns: readonly RecordField[], titleField: string): string {
  return `${String(columns.reduce((sum, field) => sum + widthOf(field, titleField), checkWidth))}px`;
}
/** Amounts stand under each other by their last figure. */
export const leansRight = (field: RecordField): boolean => field.kind === 'number' || field.kind === 'money';
export const isSortable = (field: RecordField): boolean => !field.encrypted && field.kind !== 'multiPick';
