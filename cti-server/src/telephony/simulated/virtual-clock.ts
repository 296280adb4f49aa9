import type { Clock, Timer } from '../../platform/clock.ts';

interface Entry {
  atMs: number;
  order: number;
  run: () => void;
}

/** A clock that stands still until it is told to go on: hours of calls pass in moments, the same way each time. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #entries = new Set<Entry>();

  /** Starts at the given instant (ms since 1970, UTC). */
  constructor(startMs = Date.UTC(2026, 0, 5, 9, 0, 0)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(ms: number, run: () => void): Timer {
    this.#order += 1;
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, ms), order: this.#order, run };
    this.#entries.add(entry);
    return { cancel: () => void this.#entries.delete(entry) };
  }

  /**
   * Lets time pass. Timers run in the order of their time, and of their making where that is the same; after each, whatever waits for
   * promises goes on until it waits for something else than a timer of this clock.
   */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const entry = this.#next(untilMs);
      if (entry === null) break;
      this.#entries.delete(entry);
      this.#nowMs = Math.max(this.#nowMs, entry.atMs);
      entry.run();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Entry | null {
    let first: Entry | null = null;
    for (const entry of this.#entries) {
      if (entry.atMs > untilMs) continue;
      if (first === null || entry.atMs < first.atMs || (entry.atMs === first.atMs && entry.order < first.order)) first = entry;
    }
    return first;
  }
}

/** Everything that can go on without a timer has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
