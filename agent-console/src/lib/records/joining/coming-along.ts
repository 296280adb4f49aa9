import type { Customer, RecordFile, RecordType } from '@centralita/cti-server/contracts';
import { get } from '#lib/api/index.ts';
import { m, wholeNumber } from '#lib/i18n/index.ts';
import { label, recordTypes } from '../record-types.svelte.ts';

/** What hangs on a record and comes along with it, counted in words: "Tickets: 2". What cannot be counted is left out. */
export async function countWhatComesAlong(type: RecordType, id: string): Promise<string[]> {
  const linking = recordTypes.all.flatMap((other) => other.fields.filter((field) => field.kind === 'link' && field.linkTo === type.name && !field.encrypted).slice(0, 1).map((field) => ({ other, field })));
  const linked = linking.map(async ({ other, field }) => {
    const { count, exact } = await get<{ count: number; exact: boolean }>(`/api/records/${other.name}/count`, { query: { filter: JSON.stringify([{ field: field.key, op: 'eq', value: id }]) } });
    return { word: label(other.plural), count, more: !exact };
  });
  const files = get<{ items: RecordFile[] }>(`/api/records/${type.name}/${id}/files`).then(({ items }) => ({ word: m.joining_files(), count: items.length, more: false }));
  // The numbers of a customer are no field but a list of their own.
  const numbers = type.name === 'customer' ? [get<Customer>(`/api/customers/${id}`).then(({ phones }) => ({ word: m.joining_numbers(), count: phones.length, more: false }))] : [];
  const counted = await Promise.all([...numbers, ...linked, files].map((one) => one.catch(() => null))); // a count is a courtesy: all comes along all the same
  return counted.flatMap((one) => (one === null || one.count === 0 ? [] : [`${one.word}: ${wholeNumber(one.count)}${one.more ? '+' : ''}`]));
}
