import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import yazl from 'yazl';
import type { SourceRow } from './csv-rules.ts';
import { readXlsx } from './xlsx-reader.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xlsx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
/** A workbook of these parts; those that every one has are added. */
async function workbook(parts: Record<string, string | Buffer>): Promise<string> {
  const path = join(folder, `${String(Math.random()).slice(2)}.xlsx`);
  const zip = new yazl.ZipFile();
  const all = {
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId7" Target="worksheets/first.xml"/></Relationships>',
    ...parts,
  };
  for (const [name, text] of Object.entries(all)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}
async function rowsOf(path: string): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const piece of readXlsx(path)) rows.push(...piece.rows);
  return rows;
}
const sheet = (rows: string): string => `<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`;

it('reads what Excel writes: shared and rich texts, dates by their style, long numbers, gaps, errors of formulas', async () => {
  const path = await workbook({
    'xl/sharedStrings.xml': `<sst xmlns="${main}"><si><t>Name</t></si><si><r><t>Ri</t></r><r><t>ch</t></r><rPh sb="0" eb="1"><t>not me</t></rPh></si></sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/worksheets/first.xml': sheet(
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>' +
        '<row r="3"><c r="B3" s="1"><v>46024</v></c><c r="C3"><v>6.00123456E8</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="inlineStr"><is><t>a&amp;b</t></is></c><c r="F3" t="str"><f>1+1</f><v>two</v></c></row>' +
        '<row r="4"><c r="A4" t="e"><v>#N/A</v></c></row>',
    ),
  });
  expect(await rowsOf(path)).toEqual([
    { row: 1, cells: ['Name', '', 'Rich'], fault: null },
    { row: 3, cells: ['', '2026-01-02', '600123456', '1', 'a&b', 'two'], fault: null },
    { row: 4, cells: ['#N/A'], fault: 'formulaError' },
  ]);
});

it('refuses what would unpack to far more than it should, before it unpacks it', async () => {
  const path = await workbook({ 'xl/worksheets/first.xml': Buffer.alloc(60 * 1_048_576, 0x20) });
  await expect(rowsOf(path)).rejects.toMatchObject({ status: 400, code: 'unreadableFile' });
});

it('knows no entities but XML’s own, so that none can grow', async () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>')}`;
  await expect(workbook({ 'xl/worksheets/first.xml': bomb }).then(rowsOf)).rejects.toMatchObject({ code: 'unreadableFile' });
});

it.each([['no zip', Buffer.from('PK\u0003\u0004 nothing')], ['nothing', Buffer.alloc(0)]])('refuses %s', async (_name, bytes) => {
  const path = join(folder, 'wrong.xlsx');
  await writeFile(path, bytes);
  await expect(rowsOf(path)).rejects.toMatchObject({ status: 400, code: 'unreadableFile' });
});

it('refuses a zip that is no workbook', async () => {
  await expect(workbook({ 'xl/workbook.xml': '<workbook/>' }).then(rowsOf)).rejects.toMatchObject({ code: 'unreadableFile' });
});
