import { chordOf } from './chord.ts';

/**
 * Keys are given by what is printed on them (`Ctrl+Shift+A`, `?`, `1`). Left out on purpose: C, I, J, N, Q, R, T, W with Ctrl+Shift, which
 * browsers keep for themselves or where a slip would be costly (reload, close).
 */
export interface Shortcut {
  keys: string;
  label: () => string;
  group: 'call' | 'everywhere';
  run: () => void;
  /** Not shown and not reacting while false. */
  when?: () => boolean;
  /** Shown in the sheet only once for a row of keys, for instance `1 – 9`. */
  shownAs?: string;
  hidden?: boolean;
  /** Whether the list of commands offers it now; always when left out. */
  offered?: () => boolean;
}

function typesText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

class Shortcuts {
  all = $state.raw<Shortcut[]>([]);

  /** Those that would run: a screen's own hide the ones of everywhere with the same keys. */
  get current(): Shortcut[] {
    return this.all.filter((one, at) => !this.all.some((other, later) => later > at && other.keys === one.keys && (other.when?.() ?? true)));
  }

  /** Adds shortcuts while a screen is there. Returns the way to take them away. */
  add(shortcuts: Shortcut[]): () => void {
    this.all = [...this.all, ...shortcuts];
    return () => {
      this.all = this.all.filter((one) => !shortcuts.includes(one));
    };
  }

  handle(event: KeyboardEvent): void {
    if (event.isComposing || event.repeat) return;
    const chord = chordOf(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && (typesText(event.target) || document.querySelector('[role="dialog"]') !== null)) return;
    // A screen's own keys come before those of everywhere.
    const found = this.all.findLast((one) => one.keys === chord && (one.when?.() ?? true));
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  }
}

export const shortcuts = new Shortcuts();
