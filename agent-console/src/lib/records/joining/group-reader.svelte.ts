import type { duplicateGroup, Page } from '@centralita/cti-server/contracts';
import type { z } from 'zod';
import { get, wordError } from '#lib/api/index.ts';

export type DuplicateGroup = z.infer<typeof duplicateGroup>;
export type DuplicatesBy = 'number' | 'email' | 'sameName';

/** Reads groups until there are enough to show: the server looks through a part of the records per page, and a part may hold none. */
export class GroupReader {
  groups = $state.raw<DuplicateGroup[]>([]);
  reading = $state(true);
  complete = $state(false);
  failure = $state<string | null>(null);
  #cursor: string | null = null;
  #asked: AbortController | null = null;
  readonly #type: string;
  readonly #atOnce = 50;

  constructor(type: string) {
    this.#type = type;
  }

  ask(by: DuplicatesBy): void {
    this.groups = [];
    this.complete = false;
    this.#cursor = null;
    void this.more(by);
  }

  async more(by: DuplicatesBy): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const enough = this.groups.length + this.#atOnce;
    this.reading = true;
    this.failure = null;
    try {
      do {
        const page = await get<Page<DuplicateGroup>>(`/api/records/${this.#type}/duplicate-groups`, { query: { by, limit: this.#atOnce, cursor: this.#cursor }, signal: asked.signal });
        if (asked.signal.aborted) return;
        this.groups = [...this.groups, ...page.items];
        this.#cursor = page.nextCursor;
        this.complete = page.nextCursor === null;
      } while (!this.complete && this.groups.length < enough);
    } catch (error) {
      if (!asked.signal.aborted) this.failure = wordError(error);
    } finally {
      if (this.#asked === asked) this.reading = false;
    }
  }

  stop(): void {
    this.#asked?.abort();
  }

  /** Takes out a record that went into another one; a group of one is none. */
  takeOut(id: string): void {
    this.groups = this.groups.map((group) => ({ ...group, records: group.records.filter((one) => one.id !== id) })).filter((group) => group.records.length > 1);
  }
}
