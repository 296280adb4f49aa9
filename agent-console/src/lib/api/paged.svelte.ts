import type { Page } from '@centralita/cti-server/contracts';
import { get } from './index.ts';
import { wordError } from './words.ts';

/** A list that is read a page at a time; a new question forgets the answers to the one before. */
export class PagedList<T> {
  rows = $state.raw<T[]>([]);
  phase = $state<'loading' | 'there' | 'failed'>('loading');
  failure = $state('');
  complete = $state(false);
  #path: string;
  #query: Record<string, string | number | boolean | null | undefined> = {};
  #cursor: string | null = null;
  #asked: AbortController | null = null;
  #busy = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads the first page. What is shown stays until the answer is there. */
  ask(query: Record<string, string | number | boolean | null | undefined>): void {
    this.#query = query;
    this.#cursor = null;
    void this.#read(true);
  }

  more(): void {
    if (this.#busy || this.complete || this.phase !== 'there') return;
    void this.#read(false);
  }

  async #read(fresh: boolean): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.#busy = true;
    try {
      const page = await get<Page<T>>(this.#path, { query: { ...this.#query, limit: 100, cursor: this.#cursor }, signal: asked.signal });
      if (this.#asked !== asked) return;
      this.rows = fresh ? page.items : [...this.rows, ...page.items];
      this.#cursor = page.nextCursor;
      this.complete = page.nextCursor === null;
      this.phase = 'there';
    } catch (error) {
      if (this.#asked !== asked || asked.signal.aborted) return;
      this.failure = wordError(error);
      this.phase = 'failed';
    } finally {
      if (this.#asked === asked) this.#busy = false;
    }
  }
}
