import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import yazl from 'yazl';
import { columnName, xmlText } from './xlsx-text-rules.ts';

export interface RowWriter {
  /** Waits while the disk is busy. */
  write(cells: readonly string[]): Promise<void>;
  finish(): Promise<void>;
}

/** A workbook of one sheet, written as it comes: never the whole in memory. All cells are text, so nothing in them is ever run. */
export function openXlsx(path: string, sheetName: string): RowWriter {
  const zip = new yazl.ZipFile();
  const part = (name: string, text: string): void => zip.addBuffer(Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${text}`), name);
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  part('[Content_Types].xml', `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`);
  part('_rels/.rels', `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  part('xl/_rels/workbook.xml.rels', `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`);
  part('xl/workbook.xml', `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets><sheet name="${xmlText(sheetName.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31))}" sheetId="1" r:id="rId1"/></sheets></workbook>`);
  const sheet = new PassThrough();
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml');
  zip.end();
  const file = createWriteStream(path, { mode: 0o600 });
  zip.outputStream.pipe(file);
  const done = finished(file);
  // told again by finish()
  done.catch(() => undefined);
  sheet.write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>');
  let row = 0;
  return {
    async write(cells) {
      row += 1;
      const texts = cells.map((cell, at) => (cell === '' ? '' : `<c r="${columnName(at)}${String(row)}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`));
      if (!sheet.write(`<row r="${String(row)}">${texts.join('')}</row>`)) await Promise.race([once(sheet, 'drain'), done]);
    },
    async finish() {
      sheet.end('</sheetData></worksheet>');
      await done;
    },
  };
}
