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
