/** What is looked for, cut into words that each can be found through an index. Pure; the text is folded (fold_text in the database) before. */
export interface SearchWord {
  text: string;
  /** Anywhere in the text; false for one or two letters, which count only at the beginning of a word: trigrams know beginnings, not pairs. */
  anywhere: boolean;
  /** The Chinese characters of the word, in pairs: the keys of the index on han_grams. */
  hanGrams: readonly string[];
}

const mostWords = 8;
const han = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;

/** Words without a letter or digit say nothing and are left out; of very many words the first eight count. */
export function searchWords(folded: string): SearchWord[] {
  const words = folded.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return [...new Set(words)].slice(0, mostWords).map((text) => {
    const hanGrams = gramsOf(text);
    return { text, hanGrams, anywhere: hanGrams.length > 0 || [...text].length > 2 };
  });
}

function gramsOf(word: string): string[] {
  const grams = new Set<string>();
  for (const [run] of word.matchAll(han)) {
    const characters = [...run];
    if (characters.length === 1) grams.add(run);
    for (let i = 0; i + 1 < characters.length; i += 1) grams.add(`${characters[i] ?? ''}${characters[i + 1] ?? ''}`);
  }
  return [...grams];
}

/** For LIKE: the signs that LIKE reads as wildcards stand for themselves. */
export const literal = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
