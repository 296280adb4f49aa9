import { z } from 'zod';
import { type AgentStateName, type CrmRecord, id, type Page, type PhoneBookEntry, type PhoneBookKind, phoneBookKinds, type phoneBookQuery, text } from '../../contracts/index.ts';
import type { HttpApp } from '../../platform/http.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Database } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import type { RecordsService } from '../records/index.ts';
import { foldSearch } from '../text-search.store.ts';
import { listColleagues, numbersOf } from './phone-book.store.ts';
import { registerPhoneBookRoutes } from './phone-book.routes.ts';

export interface PhoneBookOptions {
  database: Database;
  records: Pick<RecordsService, 'list' | 'listTypes'>;
  /** What somebody does just now; null for who takes no calls. */
  stateOf(userId: string): AgentStateName | null;
}

type Query = z.output<typeof phoneBookQuery>;
const position = z.tuple([text(4_000), id]);
/** Of each kind, when all are asked for. */
const ofEach = 8;
const recordNames = { shared: 'sharedNumber', customer: 'customer', contact: 'contact' } as const;

/** Everybody's numbers in one list: colleagues, numbers that all share, and whatever customers and contacts the viewer may see. */
export function createPhoneBook({ database, records, stateOf }: PhoneBookOptions) {
  async function colleagues(viewer: Viewer, { search, cursor, limit }: Pick<Query, 'search' | 'cursor' | 'limit'>): Promise<Page<PhoneBookEntry>> {
    const looked = search ? await foldSearch(database, search) : null;
    const found = await listColleagues(database, looked && { text: looked.text, words: looked.words.map((word) => word.text) }, readCursor(cursor, position), limit + 1);
    const page = toPage(found, limit, (one) => [one.name, one.id]);
    return {
      ...page,
      items: page.items.map(({ id: userId, name, teams, extension }) => ({
        ...{ kind: 'colleague' as const, id: userId, name, about: teams, customerId: null },
        numbers: extension === null || userId === viewer.userId ? [] : [{ number: extension, kind: 'extension', label: '', doNotCall: false }],
        state: stateOf(userId),
      })),
    };
  }

  /** What may be seen of a type is decided where records are read. */
  async function ofType(viewer: Viewer, kind: keyof typeof recordNames, { search, cursor, limit }: Pick<Query, 'search' | 'cursor' | 'limit'>): Promise<Page<PhoneBookEntry>> {
    const name = recordNames[kind];
    if (!records.listTypes(viewer).some((type) => type.name === name)) return { items: [], nextCursor: null };
    const page = await records.list(viewer, name, { search, cursor, limit, state: 'alive', sort: 'name', filter: undefined, fields: undefined });
    const ids = page.items.map((record) => record.id);
    const numbers = kind === 'shared' ? null : await numbersOf(database, kind, ids);
    const items = page.items.map((record): PhoneBookEntry => ({
      ...{ kind, id: record.id, name: record.title, about: aboutOf(kind, record), state: null },
      numbers: numbers === null ? [{ number: wordOf(record, 'number'), kind: 'shared', label: '', doNotCall: false }] : (numbers.get(record.id) ?? []),
      customerId: kind === 'customer' ? record.id : kind === 'contact' ? wordOf(record, 'customerId') || null : null,
    }));
    // whom one cannot call has no place in a phone book
    return { nextCursor: page.nextCursor, items: items.filter((entry) => entry.numbers.length > 0) };
  }

  const list = (viewer: Viewer, kind: PhoneBookKind, query: Pick<Query, 'search' | 'cursor' | 'limit'>): Promise<Page<PhoneBookEntry>> =>
    kind === 'colleague' ? colleagues(viewer, query) : ofType(viewer, kind, query);

  const phoneBook = {
    registerRoutes: (app: HttpApp): void => registerPhoneBookRoutes(app, phoneBook),

    /** A page of a kind by name; without a kind the first of each, colleagues first. */
    async list(viewer: Viewer, { kind, ...query }: Query): Promise<Page<PhoneBookEntry>> {
      if (kind !== undefined) return list(viewer, kind, query);
      const pages = await Promise.all(phoneBookKinds.map((one) => list(viewer, one, { search: query.search, cursor: undefined, limit: ofEach })));
      return { items: pages.flatMap((page) => page.items), nextCursor: null };
    },

    states: (ids: readonly string[]): Record<string, AgentStateName> =>
      Object.fromEntries(ids.flatMap((userId) => {
        const state = stateOf(userId);
        return state === null ? [] : [[userId, state]];
      })),
  };
  return phoneBook;
}
export type PhoneBook = ReturnType<typeof createPhoneBook>;

const wordOf = (record: CrmRecord, key: string): string => (typeof record.fields[key] === 'string' ? record.fields[key] : '');
function aboutOf(kind: keyof typeof recordNames, record: CrmRecord): string {
  const parts = kind === 'customer' ? [wordOf(record, 'company'), wordOf(record, 'city')] : kind === 'contact' ? [wordOf(record, 'jobTitle'), record.names[wordOf(record, 'customerId')] ?? ''] : [wordOf(record, 'department'), wordOf(record, 'note')];
  return parts.filter((part) => part !== '').join(' · ');
}
