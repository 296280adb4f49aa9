/** Reads CSV from text that comes in pieces. Pure: no files. */
import { type Delimiter, delimiters } from '../../contracts/index.ts';

/** A row of a file, whatever kind of file. */
export interface SourceRow {
  /** As a spreadsheet counts: the first is 1, empty ones count too. */
  row: number;
  cells: string[];
  /** What is wrong with the row before anybody looks at its cells. */
  fault: 'unclosedQuote' | 'formulaError' | null;
}

/** A quoted cell that does not end within this is one whose quote was never closed. */
const longestRow = 16 * 1_048_576;
/** Looking so far in vain costs time: after some such rows we look less far. */
const longestRowLater = 262_144;
const farLooksAllowed = 8;

/**
 * RFC 4180 as it is found in the wild: all line ends, quotes within plain cells. A quote that is never closed, or closed in the midst of a
 * cell, spoils only the line it stands in: reading goes on with the next line, for which no library gives a way.
 */
export class CsvReader {
  private readonly delimiter: string;
  private text = '';
  private waiting: string[] = [];
  private waitingLength = 0;
  /** A row that is not complete is only looked at again when there is twice as much: a cell of megabytes would be read over and over. */
  private wanted = 0;
  private row = 0;
  private farLooks = 0;
  /** A lone carriage return ends the lines of files that have nothing else. */
  private lineSign: '\n' | '\r' = '\n';
  constructor(delimiter: Delimiter) {
    this.delimiter = delimiter;
  }

  /** The rows that are complete now. @param last there is no more text to come */
  push(piece: string, last = false): SourceRow[] {
    this.waiting.push(piece);
    this.waitingLength += piece.length;
    if (!last && this.text.length + this.waitingLength < this.wanted) return [];
    this.text = this.text + this.waiting.join('');
    this.waiting = [];
    this.waitingLength = 0;
    // what follows the very first one tells what kind it is
    if (this.row === 0 && !last && this.text.endsWith('\r')) return [];
    if (this.row === 0) this.lineSign = !this.text.includes('\n') && this.text.includes('\r') ? '\r' : '\n';
    const rows: SourceRow[] = [];
    const end = this.readRows(rows, last);
    this.text = this.text.slice(end);
    this.wanted = this.text.length * 2;
    return rows;
  }

  private readRows(rows: SourceRow[], last: boolean): number {
    const { text, delimiter } = this;
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      const lineEnd = endOfLine(text, at, this.lineSign, last);
      if (lineEnd === null) break;
      if (quote === -1 || quote >= lineEnd.end) {
        rows.push({ row: ++this.row, cells: text.slice(at, lineEnd.end).split(delimiter), fault: null });
        at = lineEnd.next;
        continue;
      }
      const read = this.readQuoted(at, last);
      if (read === 'more') {
        const mostLength = this.farLooks < farLooksAllowed ? longestRow : longestRowLater;
        if (!last && text.length - at < mostLength) break;
        this.farLooks += text.length - at >= longestRowLater ? 1 : 0;
      }
      if (typeof read === 'string') {
        rows.push({ row: ++this.row, cells: [text.slice(at, lineEnd.end)], fault: 'unclosedQuote' });
        at = lineEnd.next;
      } else {
        rows.push({ row: ++this.row, cells: read.cells, fault: null });
        at = read.next;
      }
    }
    return at;
  }

  /** A row with quotes in it; `more` when it is not complete yet, `spoilt` when what follows a closing quote is no end of a cell. */
  private readQuoted(start: number, last: boolean): { cells: string[]; next: number } | 'more' | 'spoilt' {
    const { text, delimiter } = this;
    const cells: string[] = [];
    let at = start;
    for (;;) {
      let end: number;
      if (text[at] === '"') {
        let close = at + 1;
        for (;;) {
          close = text.indexOf('"', close);
          if (close === -1) return 'more';
          if (text[close + 1] !== '"') break;
          close += 2;
        }
        if (close + 1 >= text.length && !last) return 'more';
        cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
        end = close + 1;
      } else {
        const line = endOfLine(text, at, this.lineSign, last);
        if (line === null) return 'more';
        const next = text.indexOf(delimiter, at);
        end = next === -1 || next > line.end ? line.end : next;
        cells.push(text.slice(at, end));
      }
      if (text[end] === delimiter) {
        at = end + 1;
        continue;
      }
      if (end >= text.length) return { cells, next: end };
      const line = endOfLine(text, end, this.lineSign, last);
      if (line === null) return 'more';
      return line.end === end ? { cells, next: line.next } : 'spoilt';
    }
  }
}

/** Where the line ends and where the next begins. Null while that cannot be known yet. */
function endOfLine(text: string, from: number, sign: '\n' | '\r', last: boolean): { end: number; next: number } | null {
  const at = text.indexOf(sign, from);
  if (at === -1) return last ? { end: text.length, next: text.length } : null;
  return { end: sign === '\n' && at > from && text[at - 1] === '\r' ? at - 1 : at, next: at + 1 };
}

/** The sign that cuts the first lines into the same number of cells, and into the most. */
export function detectDelimiter(text: string): Delimiter {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of delimiters) {
    const rows = new CsvReader(delimiter).push(text).slice(0, 50);
    const widths = (rows.length > 0 ? rows : new CsvReader(delimiter).push(text, true).slice(0, 50)).filter((row) => row.cells.some((cell) => cell.trim() !== '')).map((row) => row.cells.length);
    const width = widths[0] ?? 1;
    const alike = widths.filter((one) => one === width).length / Math.max(1, widths.length);
    const score = width > 1 ? alike * 100 + Math.min(width, 50) : 0;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}
