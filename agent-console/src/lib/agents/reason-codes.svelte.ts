import { get } from '#lib/api/index.ts';

export interface ReasonCode {
  id: string;
  name: string;
  active: boolean;
  sortOrder: number;
  version: number;
}
export interface Disposition extends ReasonCode {
  queueIds: string[];
  parentId: string | null;
  nextAction: 'none' | 'ticket' | 'callback' | 'doNotCall';
}

/** Small lists that the desk needs at hand, read once and again after an administrator's change is noticed. */
class ShortList<T extends ReasonCode> {
  all = $state.raw<T[]>([]);
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async load(): Promise<void> {
    this.all = (await get<{ items: T[] }>(this.#path)).items.sort((one, other) => one.sortOrder - other.sortOrder || one.name.localeCompare(other.name));
  }

  get active(): T[] {
    return this.all.filter((one) => one.active);
  }

  nameOf(id: string): string {
    return this.all.find((one) => one.id === id)?.name ?? '…';
  }
}

export const reasonCodes = new ShortList<ReasonCode>('/api/reason-codes');
export const dispositions = new ShortList<Disposition>('/api/dispositions');
