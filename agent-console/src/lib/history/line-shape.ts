import type { RecordField } from '@centralita/cti-server/contracts';

/** How wide a column is at least, in pixels, by what it holds; what can be long gets the room that is left. */
const widths: Record<RecordField['kind'], number> = {
  text: 130, longText: 240, number: 92, money: 110, date: 112, instant: 128, pick: 140, multiPick: 170, phone: 150, email: 180, link: 150, user: 128, file: 160, yesNo: 84,
};
const titleWidth = 176;
const widthOf = (field: RecordField, titleField: string): number => (field.key === titleField ? titleWidth : widths[field.kind]);
const stretch: Partial<Record<RecordField['kind'], string>> = { longText: '3fr', text: '1.2fr', link: '1.4fr', number: '0.5fr' };

export const lineTemplate = (columns: readonly RecordField[], titleField: string): string =>
  columns.map((field) => `minmax(${String(widthOf(field, titleField))}px, ${stretch[field.kind] ?? '1fr'})`).join(' ');
export const lineWidth = (columns: readonly RecordField[], titleField: string): string => `${String(columns.reduce((sum, field) => sum + widthOf(field, titleField), 8))}px`;
/** Amounts and times stand under each other by their last figure. */
export const leansRight = (field: RecordField): boolean => field.kind === 'number' || field.kind === 'money';
