import type { SearchHit } from '../../contracts/index.ts';

/** What was found, with its searchable texts by field, folded and as people wrote them. */
export interface Candidate {
  id: string;
  title: string;
  texts: readonly { field: string; written: string; folded: string }[];
  numbers: readonly { field: string; e164: string }[];
}

/** Why a record was found: the field that fits best, and how. */
export function reasonOf(candidate: Candidate, text: string, words: readonly string[], digits: string | null): Pick<SearchHit, 'matchedField' | 'matchedText' | 'how'> {
  const number = digits === null ? undefined : candidate.numbers.find(({ e164 }) => e164.replace('+', '').includes(digits.replace(/^0+/, '')));
  const of = (how: SearchHit['how'], found: { field: string; written: string } | undefined) => found && { matchedField: found.field, matchedText: found.written, how };
  return (
    of('exact', candidate.texts.find(({ folded }) => folded === text)) ??
    (number && { matchedField: number.field, matchedText: number.e164, how: 'number' }) ??
    of('beginning', candidate.texts.find(({ folded }) => folded.startsWith(text))) ??
    of('beginning', candidate.texts.find(({ folded }) => words.length > 0 && words.every((word) => folded.startsWith(word) || folded.includes(` ${word}`)))) ??
    of('contains', candidate.texts.find(({ folded }) => words.length > 0 && words.every((word) => folded.includes(word)))) ??
    of('contains', candidate.texts.find(({ folded }) => words.some((word) => folded.includes(word)))) ?? { matchedField: '', matchedText: candidate.title, how: 'similar' }
  );
}
