import { get } from '#lib/api/index.ts';
import type { Lookup } from './specs.ts';

interface Named {
  id: string;
  name: string;
}

/** Names behind ids, for choices in forms. Read anew whenever a screen needs them: another administrator may have changed them. */
class Lookups {
  lists = $state.raw<Record<Lookup, Named[]>>({ queues: [], skills: [], roles: [], teams: [] });

  async load(which: readonly Lookup[]): Promise<void> {
    const read = await Promise.all(which.map(async (one) => [one, (await get<{ items: Named[] }>(`/api/${one}`)).items] as const));
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
