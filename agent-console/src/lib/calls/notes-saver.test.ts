import { beforeEach, describe, expect, test } from 'vitest';
import { NotesSaver, type KeptNotes } from './notes-saver.ts';

class Conflict extends Error {
  readonly revision: number;
  constructor(revision: number) {
    super('newer');
    this.revision = revision;
  }
}

/** A server that keeps notes as ours does: an older revision than its own is refused. */
class Server {
  kept: KeptNotes = { notes: '', dispositionId: null, revision: 0 };
  saves = 0;
  down = false;
  hold: Promise<void> = Promise.resolve();

  async save(draft: KeptNotes): Promise<KeptNotes> {
    this.saves++;
    await this.hold;
    if (this.down) throw new Error('unreachable');
    if (draft.revision < this.kept.revision) throw new Conflict(this.kept.revision);
    this.kept = { ...draft, revision: this.kept.revision + 1 };
    return this.kept;
  }
}

let server: Server;
let saver: NotesSaver;
let states: string[];
let due: (() => void) | null;

beforeEach(() => {
  server = new Server();
  states = [];
  due = null;
  saver = new NotesSaver(server.kept, {
    save: (draft) => server.save(draft),
    newerRevision: (error) => (error instanceof Conflict ? error.revision : null),
    schedule: (action) => {
      due = action;
      return () => (due = null);
    },
    onChange: (state) => states.push(state),
  });
});

describe('notes', () => {
  test('are saved a moment after the last key, once', async () => {
    saver.edit({ notes: 'a' });
    saver.edit({ notes: 'ab' });
    expect(server.saves).toBe(0);
    await saver.flush();
    expect(server.kept).toMatchObject({ notes: 'ab', revision: 1 });
    expect(server.saves).toBe(1);
    expect(states.at(-1)).toBe('saved');
  });
  test('typed during a save are saved after it', async () => {
    let go = (): void => undefined;
    server.hold = new Promise((resolve) => (go = resolve));
    saver.edit({ notes: 'a' });
    const first = saver.flush();
    saver.edit({ notes: 'ab' });
    go();
    await first;
    expect(server.kept.notes).toBe('a');
    expect(due).not.toBeNull();
    await saver.flush();
    expect(server.kept.notes).toBe('ab');
  });
  test('are kept and tried again when the server is away', async () => {
    server.down = true;
    saver.edit({ notes: 'a' });
    await expect(saver.flush()).rejects.toThrow('unreachable');
    expect(states.at(-1)).toBe('failed');
    expect(due).not.toBeNull();
    server.down = false;
    await saver.flush();
    expect(server.kept.notes).toBe('a');
  });
  test('that another tab saved meanwhile give way to what this person sees', async () => {
    server.kept = { notes: 'from elsewhere', dispositionId: null, revision: 5 };
    saver.edit({ notes: 'mine' });
    await saver.flush();
    expect(server.kept).toMatchObject({ notes: 'mine', revision: 6 });
  });
  test('of another tab are taken over where nothing is unsaved here', () => {
    expect(saver.observe({ notes: 'theirs', dispositionId: 'd', revision: 2 })).toBe(true);
    expect(saver.draft).toMatchObject({ notes: 'theirs', dispositionId: 'd' });
  });
  test('of another tab never replace unsaved ones', () => {
    saver.edit({ notes: 'mine' });
    expect(saver.observe({ notes: 'theirs', dispositionId: null, revision: 2 })).toBe(false);
    expect(saver.draft.notes).toBe('mine');
  });
  test('of an older revision are never shown again', () => {
    saver.observe({ notes: 'new', dispositionId: null, revision: 4 });
    expect(saver.observe({ notes: 'old', dispositionId: null, revision: 3 })).toBe(false);
    expect(saver.draft.notes).toBe('new');
  });
  test('nothing is sent after the end, and all again when the end did not come to pass', async () => {
    saver.edit({ dispositionId: 'd' });
    saver.close();
    await saver.flush();
    expect(server.saves).toBe(0);
    saver.reopen();
    await saver.flush();
    expect(server.kept.dispositionId).toBe('d');
  });
});
