import { ApiError, patch, post, wordError, wordFields } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import type { AdminRecord } from './specs.ts';

/**
 * A set-up record while it is edited. `fields` is what the form shows; only what was changed is sent, with the version it is based on.
 * Faults of fields are kept by their path, for instance `whenFull.number`.
 */
export class RecordDraft<Fields extends object> {
  fields: Fields = $state() as Fields;
  faults = $state<Record<string, string>>({});
  failure = $state<string | null>(null);
  /** The record as somebody else saved it meanwhile. */
  conflict = $state.raw<(Fields & AdminRecord) | null>(null);
  busy = $state(false);
  readonly #path: string;
  readonly #record: AdminRecord | null;

  constructor(path: string, record: AdminRecord | null, start: Fields) {
    this.#path = path;
    this.#record = record;
    this.fields = structuredClone(start);
  }

  /** The saved record, or null when it was refused: why is in `faults`, `failure` or `conflict`. */
  async save(version = this.#record?.version ?? 0): Promise<AdminRecord | null> {
    if (this.busy) return null;
    this.busy = true;
    this.faults = {};
    this.failure = null;
    try {
      const saved = this.#record === null ? await post<AdminRecord>(this.#path, this.fields) : await patch<AdminRecord>(`${this.#path}/${this.#record.id}`, { ...this.#changes(this.#record), version });
      toasts.say('good', m.saved());
      return saved;
    } catch (error) {
      const current = error instanceof ApiError && error.code === 'changedMeanwhile' ? error.details['current'] : undefined;
      if (current !== undefined) {
        this.conflict = current as Fields & AdminRecord;
      } else {
        this.faults = wordFields(error);
        if (Object.keys(this.faults).length === 0) this.failure = wordError(error);
      }
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** What is wrong with this field or anything within it. */
  faultOf(path: string): string | undefined {
    return this.faults[path] ?? Object.entries(this.faults).find(([at]) => at.startsWith(`${path}.`))?.[1];
  }
  hasFault(paths: readonly string[]): boolean {
    return paths.some((path) => this.faultOf(path) !== undefined);
  }

  #changes(record: AdminRecord): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.fields).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(record[key])));
  }
}
