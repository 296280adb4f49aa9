export interface Person {
  id: string;
  name: string;
}

/** The name being typed after an @ that begins a word, with where the @ stands; null when the caret is not in one. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf('@');
  if (from === -1) return null;
  const query = before.slice(from + 1);
  // An @ inside a word is an e-mail address; two words after it are a name, more are a sentence.
  if (from > 0 && /[\p{L}\p{N}._-]/u.test(before[from - 1] ?? '') && !/\p{Script=Han}/u.test(before[from - 1] ?? '')) return null;
  return query.length > 40 || /\n/.test(query) || query.split(' ').length > 3 ? null : { from, query };
}

/** The text with the chosen person put in, and where the caret goes. */
export function withMention(text: string, mention: { from: number; query: string }, person: Person): { text: string; caret: number } {
  const rest = text.slice(mention.from + 1 + mention.query.length).replace(/^ /, '');
  const before = `${text.slice(0, mention.from)}@${person.name}${/^\p{P}/u.test(rest) ? '' : ' '}`;
  return { text: before + rest, caret: before.length };
}

/** Those who were chosen and are still named in the text. */
export function mentioned(text: string, chosen: readonly Person[]): string[] {
  return [...new Set(chosen.filter((person) => text.includes(`@${person.name}`)).map((person) => person.id))];
}
