import { get } from '#lib/api/index.ts';
import { phoneNumber } from '#lib/i18n/index.ts';
import type { Lookup } from './specs.ts';

interface Named {
  id: string;
  name: string;
}
/** What the lists have: numbers are known by their digits and label, and a call flow that was never published cannot be chosen. */
interface Listed extends Partial<Named> {
  id: string;
  number?: string;
  label?: string;
  published?: unknown;
}
const nameOf = (one: Listed): string => one.name ?? [phoneNumber(one.number ?? ''), one.label ?? ''].filter((part) => part !== '').join(' · ');

/** Names behind ids, for choices in forms. Read anew whenever a screen needs them: another administrator may have changed them. */
class Lookups {
  lists = $state.raw<Record<Lookup, Named[]>>({ queues: [], skills: [], roles: [], teams: [], calendars: [], numbers: [], flows: [] });

  async load(which: readonly Lookup[]): Promise<void> {
    const read = await Promise.all(
      which.map(async (one) => {
        const { items } = await get<{ items: Listed[] }>(`/api/${one}`);
        return [one, items.filter((item) => item.published !== null).map((item) => ({ id: item.id, name: nameOf(item) }))] as const;
      }),
    );
    this.lists = { ...this.lists, ...Object.fromEntries(read) };
  }

  options(which: Lookup): { value: string; label: string }[] {
    return this.lists[which].map((one) => ({ value: one.id, label: one.name }));
  }

  nameOf(which: Lookup, id: string): string {
    return this.lists[which].find((one) => one.id === id)?.name ?? '…';
  }
}

export const lookups = new Lookups();
