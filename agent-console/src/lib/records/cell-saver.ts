import type { CrmRecord } from '@centralita/cti-server/contracts';
import type { Saved } from './saving.ts';

/** One value of a record that was edited and is not saved yet. */
export interface CellEdit {
  key: string;
  value: unknown;
  name: string | undefined;
}

export interface CellSaverParts {
  save: (record: CrmRecord, edit: CellEdit) => Promise<Saved>;
  /** The record with an edit in it, as it will be. */
  apply: (record: CrmRecord, edit: CellEdit) => CrmRecord;
  show: (record: CrmRecord) => void;
}

/**
 * Saves edited cells at once on the screen, and one after the other at the server: whoever edits faster than the wire would otherwise be in
 * conflict with themselves, and see one answer wipe out the next edit.
 */
export class CellSaver {
  readonly #parts: CellSaverParts;
  readonly #records = new Map<string, { known: CrmRecord; waiting: CellEdit[]; last: Promise<unknown> }>();

  constructor(parts: CellSaverParts) {
    this.#parts = parts;
  }

  /** @param record the row as it is shown. Answers what the server said, with the record as it was before this edit. */
  edit(record: CrmRecord, edit: CellEdit): Promise<{ saved: Saved; before: CrmRecord }> {
    const entry = this.#records.get(record.id) ?? { known: record, waiting: [], last: Promise.resolve() };
    this.#records.set(record.id, entry);
    entry.waiting.push(edit);
    this.#show(entry);
    const run = async (): Promise<{ saved: Saved; before: CrmRecord }> => {
      const before = entry.known;
      const saved = await this.#parts.save(before, edit);
      entry.waiting = entry.waiting.filter((one) => one !== edit);
      if ('record' in saved) entry.known = saved.record;
      this.#show(entry);
      if (entry.waiting.length === 0) this.#records.delete(record.id);
      return { saved, before };
    };
    const result = entry.last.then(run, run);
    entry.last = result;
    return result;
  }

  #show(entry: { known: CrmRecord; waiting: CellEdit[] }): void {
    this.#parts.show(entry.waiting.reduce((record, edit) => this.#parts.apply(record, edit), entry.known));
  }
}
