import type { SearchHit } from '../../contracts/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { foldSearch } from '../text-search.store.ts';
import { usersWithin } from './reach.store.ts';
import { type Candidate, reasonOf } from './search-reason-rules.ts';
import { type RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';
import { findCandidates } from './search.store.ts';

/** One box over all types. */
export function createSearch(context: RecordsContext & { records: RecordsService }) {
  const { database, records } = context;
  return {
    /** The best first: exact, then beginnings, then numbers, then anywhere; each with the field and text that matched. */
    async find(viewer: Viewer, typed: string, limit: number): Promise<SearchHit[]> {
      const { text, words } = await foldSearch(database, typed);
      const digits = typed.replaceAll(/\D/g, '');
      if (words.length === 0 && digits.length < 3) return [];
      const asked = { words, digits: digits.length >= 3 ? digits : null };
      const readable = records.listTypes(viewer).map(({ name }) => records.typeFor(viewer, name));
      const found = await Promise.all(
        readable.map(async (type): Promise<SearchHit[]> => {
          const users = await usersWithin(database, viewer, records.scopeOf(viewer, type, 'read'));
          const candidates: Candidate[] = await findCandidates(database, type, viewer, users, asked, limit);
          return candidates.map((candidate) => ({ type: type.declaration.name, id: candidate.id, title: candidate.title, ...reasonOf(candidate, text, words.map((word) => word.text), asked.digits) }));
        }),
      );
      const rank = ['exact', 'number', 'beginning', 'contains', 'similar'];
      return found.flat().sort((a, b) => rank.indexOf(a.how) - rank.indexOf(b.how) || a.title.length - b.title.length || a.title.localeCompare(b.title)).slice(0, limit);
    },
  };
}
export type Search = ReturnType<typeof createSearch>;
