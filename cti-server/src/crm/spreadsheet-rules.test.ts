import { expect, it } from 'vitest';
import { csvLine, neutralised } from './spreadsheet-rules.ts';

it.each(['=1+1', '+cmd|x', '-2+3+cmd', '@SUM(A1)', '\tx', '\r=1', '=HYPERLINK("http://x")'])('a spreadsheet does not run %j', (cell) => expect(neutralised(cell)).toBe(`'${cell}`));
it.each(['+34612345678', '-12.50', '-1,234.00', 'a=b', '', '王芳', '+1 (202) 555-0100'])('%j stays what it is', (cell) => expect(neutralised(cell)).toBe(cell));
it('quotes what would fall apart', () => expect(csvLine(['a,b', 'say "x"', 'two\nlines', ' padded', 'plain', '=A1'])).toBe('"a,b","say ""x""","two\nlines"," padded",plain,\'=A1\r\n'));
