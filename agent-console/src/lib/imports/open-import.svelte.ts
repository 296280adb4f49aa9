import type { ImportReject, ImportSample, ImportSettings, Page, RecordImport, RecordImportDetails } from '@centralita/cti-server/contracts';
import { get, post, remove } from '#lib/api/index.ts';
import { wordImportError } from './words.ts';

const lookAgainMs = 700;
const working = new Set(['previewing', 'running', 'undoing']);

/** One import as its screen shows it: what the server says of it, and what is being chosen. */
export class OpenImport {
  is = $state.raw<RecordImportDetails | null>(null);
  draft = $state<ImportSettings | null>(null);
  sample = $state.raw<ImportSample | null>(null);
  rejects = $state.raw<ImportReject[]>([]);
  rejectsLeft = $state(false);
  /** Whose rows are shown; null: all. */
  reason = $state.raw<RecordImport['reasons'][number] | null>(null);
  failure = $state('');
  busy = $state(false);
  readonly #id: string;
  #cursor: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  get working(): boolean {
    return this.is !== null && working.has(this.is.state);
  }
  /** Whether what was tried out is what would be run. */
  get isTried(): boolean {
    return this.is?.state === 'previewed' && JSON.stringify(this.is.settings) === JSON.stringify(this.draft);
  }
  /** Fields that must be filled in and that nothing goes into. */
  get missing(): string[] {
    if (this.is === null || this.draft === null || this.draft.onDuplicate === 'update') return [];
    const { mapping } = this.draft;
    return this.is.targets.filter((target) => target.required && !mapping.includes(target.key)).map((target) => target.key);
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const before = this.is?.state;
      const is = await get<RecordImportDetails>(`/api/imports/${this.#id}`);
      this.is = is;
      this.failure = '';
      this.draft ??= is.settings ?? is.suggested;
      this.sample ??= is.sample;
      if (!this.working && before !== is.state && is.state !== 'mapping') await this.readRejects(null);
    } catch (error) {
      this.failure = wordImportError(error);
    }
    if (this.working) this.#timer = setTimeout(() => void this.load(), lookAgainMs);
  }
  leave(): void {
    clearTimeout(this.#timer);
  }

  async readRejects(reason: RecordImport['reasons'][number] | null, more = false): Promise<void> {
    this.reason = reason;
    const page = await get<Page<ImportReject>>(`/api/imports/${this.#id}/rejects`, { query: { limit: 50, code: reason?.code, field: reason?.field, cursor: more ? this.#cursor : null } });
    this.rejects = more ? [...this.rejects, ...page.items] : page.items;
    this.#cursor = page.nextCursor;
    this.rejectsLeft = page.nextCursor !== null;
  }

  /** The beginning of the file with another encoding or separator; columns keep their place and get theirs anew where their number changed. */
  async readOtherwise(): Promise<void> {
    if (this.draft === null) return;
    const { encoding, delimiter, hasHeader } = this.draft;
    await this.#doing(async () => {
      const sample = await post<ImportSample>(`/api/imports/${this.#id}/sample`, { encoding, delimiter, hasHeader });
      this.sample = sample;
      const before = this.draft?.mapping ?? [];
      if (this.draft !== null) this.draft.mapping = sample.headers.map((_header, at) => (sample.headers.length === before.length ? (before[at] ?? null) : null));
    });
  }

  begin(what: 'preview' | 'run' | 'undo'): Promise<void> {
    return this.#doing(async () => {
      const now = await post<RecordImport>(`/api/imports/${this.#id}/${what}`, what === 'undo' ? {} : { ...this.draft });
      if (this.is !== null) this.is = { ...this.is, ...now };
      this.rejects = [];
      await this.load();
    });
  }
  forget(): Promise<void> {
    return remove(`/api/imports/${this.#id}`);
  }

  async #doing(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = '';
    try {
      await work();
    } catch (error) {
      this.failure = wordImportError(error);
    } finally {
      this.busy = false;
    }
  }
}
