import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Delimiter, ImportSample, TextEncoding } from '../../contracts/index.ts';
import { CsvReader, detectDelimiter } from './csv-rules.ts';
import { detectEncoding } from './encoding-rules.ts';
import { readXlsx, type SourcePiece } from './xlsx-reader.ts';

export interface SourceShape {
  format: 'csv' | 'xlsx';
  encoding: TextEncoding;
  delimiter: Delimiter;
}

/** A workbook is a zip file, whatever its name. */
export const formatOf = (beginning: Uint8Array): 'csv' | 'xlsx' => (beginning[0] === 0x50 && beginning[1] === 0x4b && beginning[2] === 0x03 ? 'xlsx' : 'csv');

/** The rows of a file from its beginning to its end, some hundred at a time, never the whole. Leaving the loop closes the file. */
export async function* readSource(path: string, shape: SourceShape): AsyncGenerator<SourcePiece> {
  if (shape.format === 'xlsx') {
    yield* readXlsx(path);
    return;
  }
  const { size } = await stat(path);
  const decoder = new TextDecoder(shape.encoding);
  const reader = new CsvReader(shape.delimiter);
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: 131_072 })) {
    bytes += (piece as Buffer).length;
    const rows = reader.push(decoder.decode(piece as Buffer, { stream: true }));
    if (rows.length > 0) yield { rows, share: bytes / size };
  }
  const rows = reader.push(decoder.decode(), true);
  if (rows.length > 0) yield { rows, share: 1 };
}

const sampleRows = 20;
const longestShown = 200;
const mostColumnsShown = 1_000;

/** What the file seems to be, by its beginning. */
export function guessShape(beginning: Uint8Array, isUtf8: boolean): SourceShape {
  const format = formatOf(beginning);
  if (format === 'xlsx') return { format, encoding: 'utf-8', delimiter: ',' };
  const encoding = detectEncoding(beginning, isUtf8);
  return { format, encoding, delimiter: detectDelimiter(new TextDecoder(encoding).decode(beginning, { stream: true })) };
}

/** The names of the columns and some rows. @param hasHeader undefined: find out */
export async function sampleOf(path: string, shape: SourceShape, hasHeader?: boolean): Promise<ImportSample> {
  const rows: string[][] = [];
  for await (const piece of readSource(path, shape)) {
    for (const { cells } of piece.rows) if (cells.some((cell) => cell.trim() !== '')) rows.push(cells.slice(0, mostColumnsShown).map((cell) => cell.slice(0, longestShown)));
    if (rows.length > sampleRows) break;
  }
  const first = rows[0] ?? [];
  const isHeader = hasHeader ?? !first.some((cell) => cell.includes('@') || /^[+\d][\d ()./-]{4,}$/.test(cell.trim()));
  const width = isHeader ? first.length : Math.max(0, ...rows.map((row) => row.length));
  const headers = Array.from({ length: width }, (_none, at) => (isHeader ? (first[at] ?? '').trim() : ''));
  return { encoding: shape.encoding, delimiter: shape.delimiter, hasHeader: isHeader, headers, rows: rows.slice(isHeader ? 1 : 0, sampleRows + (isHeader ? 1 : 0)) };
}
