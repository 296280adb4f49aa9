import { describe, expect, test } from 'vitest';
import { nextEditable, placeAfter, rangeOf } from './grid-keys.ts';

const size = { rows: 10, columns: 4, page: 5 };

describe('keys move through a grid', () => {
  test('arrows and letters alike, never over its edges', () => {
    expect(placeAfter('j', { row: 2, column: 1 }, size)).toEqual({ row: 3, column: 1 });
    expect(placeAfter('ArrowDown', { row: 9, column: 1 }, size)).toEqual({ row: 9, column: 1 });
    expect(placeAfter('ArrowLeft', { row: 2, column: 0 }, size)).toEqual({ row: 2, column: 0 });
  });
  test('up from the first row are the headings, but a page up stays among the rows', () => {
    expect(placeAfter('k', { row: 0, column: 2 }, size)).toEqual({ row: -1, column: 2 });
    expect(placeAfter('PageUp', { row: 3, column: 2 }, size)).toEqual({ row: 0, column: 2 });
  });
  test('with Ctrl the ends of the whole', () => {
    expect(placeAfter('End', { row: 0, column: 0 }, size, true)).toEqual({ row: 9, column: 3 });
    expect(placeAfter('Home', { row: 9, column: 3 }, size, true)).toEqual({ row: 0, column: 0 });
  });
  test('other keys are not its matter', () => expect(placeAfter('x', { row: 0, column: 0 }, size)).toBeNull());
});

describe('Tab goes on editing', () => {
  const editable = ({ column }: { column: number }) => column === 1 || column === 3;
  test('to the next cell that can be edited, over the end of a row', () => {
    expect(nextEditable({ row: 0, column: 1 }, 2, 4, false, editable)).toEqual({ row: 0, column: 3 });
    expect(nextEditable({ row: 0, column: 3 }, 2, 4, false, editable)).toEqual({ row: 1, column: 1 });
    expect(nextEditable({ row: 1, column: 1 }, 2, 4, true, editable)).toEqual({ row: 0, column: 3 });
  });
  test('and stops at the last', () => expect(nextEditable({ row: 1, column: 3 }, 2, 4, false, editable)).toBeNull());
});

test('a range runs the same from both ends', () => {
  expect(rangeOf(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['b', 'c', 'd']);
  expect(rangeOf(['a', 'b', 'c', 'd'], 1, 3)).toEqual(['b', 'c', 'd']);
});
