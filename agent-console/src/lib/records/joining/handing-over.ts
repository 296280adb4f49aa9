import type { RecordType } from '@centralita/cti-server/contracts';
import { post } from '#lib/api/index.ts';
import { findPeople } from '../finding.ts';
import { pathOf } from '../saving.ts';

/** One's own records alone are not enough for giving away those of others. */
export const mayHandOver = (type: RecordType): boolean => ['team', 'department', 'all'].includes(type.may.change);

const ask = (type: RecordType, fromUserId: string, toUserIds: readonly string[], preview: boolean): Promise<number> =>
  post<{ records: number }>(`${pathOf(type.name)}/hand-over`, { fromUserId, toUserIds, preview }).then(({ records }) => records);

/** How many of each type somebody owns; types without any are left out. */
export async function countOwned(types: readonly RecordType[], fromUserId: string): Promise<{ type: RecordType; count: number }[]> {
  // A preview counts the same whoever takes over, but the question must name somebody.
  const anybody = (await findPeople('')).find((person) => person.id !== fromUserId);
  if (anybody === undefined) return [];
  const counted = await Promise.all(types.map(async (type) => ({ type, count: await ask(type, fromUserId, [anybody.id], true) })));
  return counted.filter(({ count }) => count > 0);
}

export const handOver = (type: RecordType, fromUserId: string, toUserIds: readonly string[]): Promise<number> => ask(type, fromUserId, toUserIds, false);
