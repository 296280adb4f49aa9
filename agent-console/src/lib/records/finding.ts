import type { CrmRecord, Page } from '@centralita/cti-server/contracts';
import { get } from '#lib/api/index.ts';
import type { Person } from './mention-rules.ts';

/** People of the house whose name fits. */
export async function findPeople(search: string, signal?: AbortSignal): Promise<Person[]> {
  return (await get<{ items: Person[] }>('/api/people', { query: { search }, ...(signal === undefined ? {} : { signal }) })).items.slice(0, 8);
}

/** Records of a type whose words fit. */
export async function findRecords(type: string, search: string, signal?: AbortSignal): Promise<Person[]> {
  const page = await get<Page<CrmRecord>>(`/api/records/${type}`, { query: { search, limit: 8 }, ...(signal === undefined ? {} : { signal }) });
  return page.items.map((record) => ({ id: record.id, name: record.title }));
}

/** Names for ids, each with what it points to: a record type or `user`. What cannot be read stays without one. */
export async function findNames(ids: ReadonlyMap<string, string>): Promise<Record<string, string>> {
  const people = [...ids.values()].includes('user') ? await findEverybody() : {};
  const records = [...ids].filter(([, to]) => to !== 'user').slice(0, 20);
  const titles = await Promise.all(
    records.map(async ([id, type]) =>
      get<CrmRecord>(`/api/records/${type}/${id}`)
        .then((record): [string, string][] => [[id, record.title]])
        .catch((): [string, string][] => []), // out of the viewer's reach, or gone
    ),
  );
  return { ...people, ...Object.fromEntries(titles.flat()) };
}

async function findEverybody(): Promise<Record<string, string>> {
  const { items } = await get<{ items: Person[] }>('/api/people').catch(() => ({ items: [] })); // names are a courtesy here
  return Object.fromEntries(items.map((person) => [person.id, person.name]));
}
