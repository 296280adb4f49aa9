import { describe, expect, it } from 'vitest';
import { literal, searchWords } from './search-words.ts';

describe('what is looked for is cut into words', () => {
  it('that count anywhere, or, of one or two letters, at the beginning of a word', () =>
    expect(searchWords('maria de  leon x')).toEqual([
      { text: 'maria', anywhere: true, hanGrams: [] },
      { text: 'de', anywhere: false, hanGrams: [] },
      { text: 'leon', anywhere: true, hanGrams: [] },
      { text: 'x', anywhere: false, hanGrams: [] },
    ]));
  it('with the pairs of Chinese characters that the index knows', () => {
    expect(searchWords('王')).toEqual([{ text: '王', anywhere: true, hanGrams: ['王'] }]);
    expect(searchWords('王芳a东方贸易')).toEqual([{ text: '王芳a东方贸易', anywhere: true, hanGrams: ['王芳', '东方', '方贸', '贸易'] }]);
    expect(searchWords('𠮷田')[0]?.hanGrams).toEqual(['𠮷田']);
  });
  it('without signs that say nothing, the same word twice, or more than eight', () => {
    expect(searchWords('a & a - % _ \\ 🙂')).toHaveLength(1);
    expect(searchWords('%%%')).toEqual([]);
    expect(searchWords('a b c d e f g h i j')).toHaveLength(8);
  });
});

it('wildcards of LIKE stand for themselves', () => expect(literal('100%_\\')).toBe('100\\%\\_\\\\'));
