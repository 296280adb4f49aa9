/** What is kept on the server about a call's end. */
export interface KeptNotes {
  notes: string;
  dispositionId: string | null;
  revision: number;
}

export interface NotesSaverParts {
  /** Sends the whole; answers with what the server has now. Throws a conflict with the newer revision, or any other failure. */
  save: (draft: KeptNotes) => Promise<KeptNotes>;
  /** The revision that the server names in a conflict; null when the failure is another one. */
  newerRevision: (error: unknown) => number | null;
  schedule: (action: () => void, ms: number) => () => void;
  onChange: (state: 'saved' | 'waiting' | 'saving' | 'failed', error?: unknown) => void;
}

const pauseMs = 600;
const retryMs = 2500;

/**
 * Saves notes while they are typed: a moment after the last key, one save at a time, again after a failure, never an older text over a
 * newer one. What the person sees in front of them wins over another tab's text: they are looking at it.
 */
export class NotesSaver {
  #draft: KeptNotes;
  #kept: KeptNotes;
  #parts: NotesSaverParts;
  #cancel: (() => void) | null = null;
  #saving: Promise<void> | null = null;
  #closed = false;

  constructor(kept: KeptNotes, parts: NotesSaverParts) {
    this.#draft = { ...kept };
    this.#kept = kept;
    this.#parts = parts;
  }

  get draft(): Readonly<KeptNotes> {
    return this.#draft;
  }

  get dirty(): boolean {
    return this.#draft.notes !== this.#kept.notes || this.#draft.dispositionId !== this.#kept.dispositionId;
  }

  /** The server told a newer state, for instance from another tab. Taken over only where nothing unsaved would be lost. */
  observe(kept: KeptNotes): boolean {
    if (kept.revision <= this.#kept.revision) return false;
    const untouched = !this.dirty && this.#saving === null;
    this.#kept = kept;
    if (untouched) this.#draft = { ...kept };
    return untouched;
  }

  edit(change: Partial<Pick<KeptNotes, 'notes' | 'dispositionId'>>): void {
    this.#draft = { ...this.#draft, ...change };
    this.#later(pauseMs);
  }

  #later(ms: number): void {
    this.#cancel?.();
    if (!this.dirty || this.#closed) return;
    this.#parts.onChange('waiting');
    this.#cancel = this.#parts.schedule(() => void this.flush().catch(() => undefined), ms); // `onChange` has told of the failure
  }

  /** Saves now what is not saved yet. Throws when that fails; another try is then under way. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = null;
    if (this.#saving !== null) await this.#saving.catch(() => undefined); // its failure is tried again here
    if (!this.dirty || this.#closed) return;
    this.#saving = this.#saveOnce();
    try {
      await this.#saving;
    } catch (error) {
      this.#parts.onChange('failed', error);
      if (!this.#closed) this.#cancel = this.#parts.schedule(() => void this.flush().catch(() => undefined), retryMs);
      throw error;
    } finally {
      this.#saving = null;
    }
    if (this.dirty) this.#later(pauseMs);
    else this.#parts.onChange('saved');
  }

  async #saveOnce(): Promise<void> {
    this.#parts.onChange('saving');
    const sent = { ...this.#draft, revision: this.#kept.revision };
    try {
      this.#take(await this.#parts.save(sent));
    } catch (error) {
      const newer = this.#parts.newerRevision(error);
      if (newer === null) throw error;
      this.#take(await this.#parts.save({ ...sent, revision: newer }));
    }
  }

  #take(answer: KeptNotes): void {
    if (answer.revision >= this.#kept.revision) this.#kept = answer;
  }

  /** Ends it; nothing more is sent. */
  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#closed = true;
  }

  /** Goes on after {@link close}: what it was closed for did not come to pass. */
  reopen(): void {
    this.#closed = false;
    this.#later(pauseMs);
  }
}
