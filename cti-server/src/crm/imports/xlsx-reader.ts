import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';
import type { Readable } from 'node:stream';
import { Refusal } from '../../platform/errors.ts';
import type { SourceRow } from './csv-rules.ts';
import { columnOf, dateText, isDateFormat } from './xlsx-rules.ts';

/** A zip of a few kilobytes can unpack to more than any disk holds: beyond these we do not go. */
const largestPart = 2_000 * 1_048_576;
const largestRatio = 250;
/** Below this, whatever the ratio, nothing is harmed. */
const harmlessBytes = 20 * 1_048_576;
const mostSharedCharacters = 40_000_000;
const mostColumns = 1_000;
const longestCell = 32_767 * 4;

export interface SourcePiece {
  rows: SourceRow[];
  /** How much of the file was read by now, from 0 to 1. */
  share: number;
}

/**
 * The rows of the first sheet, in pieces. Dates come as ISO, numbers with a point. Streams: only the shared texts are held.
 * Throws 400 `unreadableFile` for what is no workbook, or one made to burst.
 */
export async function* readXlsx(path: string): AsyncGenerator<SourcePiece> {
  const zip = await openZip(path);
  try {
    const entries = await listEntries(zip);
    const part = (name: string): yauzl.Entry | undefined => entries.get(name.replace(/^\//, '').toLowerCase());
    const workbook = part('xl/workbook.xml');
    if (!workbook) throw unreadable('This is no Excel workbook (.xlsx).');
    const book = { sheetId: '', sheetPath: '', date1904: false };
    await readXml(await openPart(zip, workbook), {
      open: (name, attributes) => {
        if (name === 'sheet') book.sheetId ||= attributes['r:id'] ?? attributes['relationships:id'] ?? '';
        if (name === 'workbookPr') book.date1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
      },
    });
    const relations = part('xl/_rels/workbook.xml.rels');
    if (relations) await readXml(await openPart(zip, relations), { open: (name, attributes) => { if (name === 'Relationship' && attributes['Id'] === book.sheetId) book.sheetPath = attributes['Target'] ?? ''; } });
    const sheet = part(book.sheetPath.startsWith('/') ? book.sheetPath : `xl/${book.sheetPath}`) ?? part('xl/worksheets/sheet1.xml');
    if (!sheet) throw unreadable('The workbook has no sheet.');
    const shared = part('xl/sharedStrings.xml');
    const styles = part('xl/styles.xml');
    yield* readSheet(await openPart(zip, sheet), sheet.uncompressedSize, shared ? await readShared(await openPart(zip, shared)) : [], styles ? await readDateStyles(await openPart(zip, styles)) : [], book.date1904);
  } finally {
    zip.close();
  }
}

const unreadable = (message: string): Refusal => new Refusal(400, 'unreadableFile', message);

const openZip = (path: string): Promise<yauzl.ZipFile> =>
  new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => (error ? reject(unreadable(`This is no Excel workbook: ${error.message}.`)) : resolve(zip)));
  });

const listEntries = (zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> =>
  new Promise((resolve, reject) => {
    const entries = new Map<string, yauzl.Entry>();
    zip.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName.toLowerCase(), entry);
      if (entries.size > 10_000) reject(unreadable('The workbook has too many parts.'));
      else zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error: Error) => reject(unreadable(error.message)));
    zip.readEntry();
  });

function openPart(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  if (entry.uncompressedSize > largestPart || (entry.uncompressedSize > harmlessBytes && entry.uncompressedSize > entry.compressedSize * largestRatio)) {
    throw unreadable('The workbook unpacks to far more than it should. Save it as CSV and import that.');
  }
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error ? reject(unreadable(error.message)) : resolve(stream)));
  });
}

interface XmlListener {
  open?(name: string, attributes: Record<string, string>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Names without their prefix, whatever wrote the file. No entity but XML's own is known to the parser, so none can be made to grow. */
function parserFor(listener: XmlListener): { write(piece: string): void; close(): void } {
  const parser = new SaxesParser({ position: false });
  const bare = (name: string): string => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', (tag) => listener.open?.(bare(tag.name), tag.attributes as Record<string, string>));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('closetag', (tag) => listener.close?.(bare(tag.name)));
  parser.on('error', (error) => {
    throw unreadable(`The workbook is damaged: ${error.message}`);
  });
  return { write: (piece) => void parser.write(piece), close: () => void parser.close() };
}

async function* pieces(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  try {
    for await (const piece of stream) yield decoder.decode(piece as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw error instanceof Refusal ? error : unreadable(error instanceof Error ? error.message : String(error));
  }
}

async function readXml(stream: Readable, listener: XmlListener): Promise<void> {
  const parser = parserFor(listener);
  for await (const piece of pieces(stream)) parser.write(piece);
  parser.close();
}

async function readShared(stream: Readable): Promise<string[]> {
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  let characters = 0;
  await readXml(stream, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isText = !isPhonetic;
    },
    text(piece) {
      if (!isText) return;
      characters += piece.length;
      if (characters > mostSharedCharacters) throw unreadable('The workbook has too much text to be read at once. Save it as CSV and import that.');
      text += piece;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 'si') texts.push(text);
    },
  });
  return texts;
}

/** For each style of cells whether it shows a date. */
async function readDateStyles(stream: Readable): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let isCellStyle = false;
  await readXml(stream, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') isCellStyle = true;
      else if (name === 'xf' && isCellStyle) styles.push(isDateFormat(Number(attributes['numFmtId'] ?? 0), codes));
    },
    close(name) {
      if (name === 'cellXfs') isCellStyle = false;
    },
  });
  return styles;
}

async function* readSheet(stream: Readable, size: number, shared: readonly string[], dateStyles: readonly boolean[], date1904: boolean): AsyncGenerator<SourcePiece> {
  let rows: SourceRow[] = [];
  let row: SourceRow = { row: 0, cells: [], fault: null };
  let cell = { column: 0, type: 'n', style: 0, text: '' };
  let isValue = false;
  const parser = parserFor({
    open(name, attributes) {
      if (name === 'row') row = { row: Number(attributes['r'] ?? row.row + 1), cells: [], fault: null };
      else if (name === 'c') cell = { column: attributes['r'] === undefined ? row.cells.length : columnOf(attributes['r']), type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), text: '' };
      else if (name === 'v' || name === 't') isValue = true;
    },
    text(piece) {
      if (isValue && cell.text.length < longestCell) cell.text += piece;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'c' && cell.column < mostColumns) {
        while (row.cells.length < cell.column) row.cells.push('');
        if (cell.type === 'e') row.fault = 'formulaError';
        row.cells[cell.column] =
          cell.type === 's' ? (shared[Number(cell.text)] ?? '') : cell.type !== 'n' || cell.text === '' ? cell.text : dateStyles[cell.style] ? dateText(Number(cell.text), date1904) : plainNumber(cell.text);
      } else if (name === 'row') rows.push(row);
    },
  });
  let read = 0;
  for await (const piece of pieces(stream)) {
    parser.write(piece);
    read += piece.length;
    if (rows.length === 0) continue;
    yield { rows, share: Math.min(1, read / Math.max(1, size)) };
    rows = [];
  }
  parser.close();
  if (rows.length > 0) yield { rows, share: 1 };
}

/** Long numbers are kept as 6.00123456E8. */
function plainNumber(text: string): string {
  const number = Number(text);
  return /e/i.test(text) && Number.isSafeInteger(number) ? String(number) : text;
}
