import { describe, expect, it } from 'vitest';
import { CsvReader, detectDelimiter, type SourceRow } from './csv-rules.ts';

function read(text: string, size = text.length): SourceRow[] {
  const reader = new CsvReader(',');
  const rows: SourceRow[] = [];
  for (let at = 0; at < text.length; at += size) rows.push(...reader.push(text.slice(at, at + size)));
  return [...rows, ...reader.push('', true)];
}
const cells = (text: string, size?: number) => read(text, size).map((row) => (row.fault === null ? row.cells : [row.fault, row.cells.join()]));

describe('rows of CSV', () => {
  it.each([
    ['a,b\nc,d', [['a', 'b'], ['c', 'd']]],
    ['a,b\r\nc,d\r\n', [['a', 'b'], ['c', 'd']]],
    ['a,b\rc,d\r', [['a', 'b'], ['c', 'd']]],
    ['"a ""quoted"", and\r\nbroken",b\nc,""\n', [['a "quoted", and\r\nbroken', 'b'], ['c', '']]],
    ['5" pipe,b\nc,d"e"f\n', [['5" pipe', 'b'], ['c', 'd"e"f']]],
    ['a,\n\n,b\n', [['a', ''], [''], ['', 'b']]],
    ['a,b"\n', [['a', 'b"']]],
    ['"a"', [['a']]],
    ['', []],
  ])('%j', (text, expected) => {
    for (const size of [text.length || 1, 1, 2, 3, 7]) expect(cells(text, size), String(size)).toEqual(expected);
  });

  it('a quote that is never closed spoils only its own line, wherever the next quote stands', () => {
    expect(cells('a,b\n"open,1\nc,d\ne,"f"\n')).toEqual([['a', 'b'], ['unclosedQuote', '"open,1'], ['c', 'd'], ['e', 'f']]);
    expect(cells('a,"open\nc,d\ne,f\n')).toEqual([['unclosedQuote', 'a,"open'], ['c', 'd'], ['e', 'f']]);
    expect(cells('"a"b,c\nd,e\n')).toEqual([['unclosedQuote', '"a"b,c'], ['d', 'e']]);
  });

  it('counts rows as a spreadsheet does', () => {
    expect(read('h\n\n"two\nlines"\nlast').map((row) => row.row)).toEqual([1, 2, 3, 4]);
  });

  it('a cell of ten megabytes is read in a moment, also in pieces, and the rest goes on', () => {
    const large = 'x'.repeat(10 * 1_048_576);
    const rows = read(`a,"${large}"\nb,c\n`, 65_536);
    expect(rows.map((row) => row.cells.map((cell) => cell.length))).toEqual([[1, large.length], [1, 1]]);
  });

  it('a thousand open quotes before much text do not take for ever', () => {
    const open = '"x,1\n'.repeat(1000);
    expect(read(`${open}${'plain,row\n'.repeat(300_000)}`, 262_144).filter((row) => row.cells[0] === 'plain').length).toBe(300_000);
  }, 10_000);
});

it.each([
  ['a,b,c\n1,2,3\n', ','],
  ['a;b;c\n"1,5";2;3\n', ';'],
  ['a\tb\n1,2\t3\n', '\t'],
  ['a|b\n1|2', '|'],
  ['alone\n', ','],
  ['nombre;notas\nAna;uno, dos, tres\nLuis;x\n', ';'],
])('the delimiter of %j', (text, expected) => expect(detectDelimiter(text)).toBe(expected));
