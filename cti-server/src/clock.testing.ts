import { type Clock, systemClock, type Timer } from './platform/clock.ts';

interface Entry {
  atMs: number;
  order: number;
  run: () => void;
}

/**
 * A clock for whole servers in tests. It goes with the real time, so that sockets and databases behave as always, and hurries while a test
 * waits for something that takes long: a minute passes in two seconds and everything in between happens in its order.
 */
export class HurryingClock implements Clock {
  #speed = 1;
  #baseMs = systemClock.now();
  #realBaseMs = systemClock.now();
  #order = 0;
  #hurrying = 0;
  #wake: Timer | null = null;
  readonly #entries = new Set<Entry>();

  now(): number {
    return Math.floor(this.#baseMs + (systemClock.now() - this.#realBaseMs) * this.#speed);
  }

  setTimer(ms: number, run: () => void): Timer {
    this.#order += 1;
    const entry: Entry = { atMs: this.now() + Math.max(0, ms), order: this.#order, run };
    this.#entries.add(entry);
    this.#arm();
    return {
      cancel: () => {
        this.#entries.delete(entry);
      },
    };
  }

  /** Hurries while `work` goes on. Much faster than 25 times, a busy machine would let leases run out that nobody lost. */
  async hurry<T>(work: () => Promise<T>, speed = 25): Promise<T> {
    this.#hurrying += 1;
    this.#setSpeed(speed);
    try {
      return await work();
    } finally {
      this.#hurrying -= 1;
      if (this.#hurrying === 0) this.#setSpeed(1);
    }
  }

  /** Lets so much time pass, hurrying. */
  pass(ms: number): Promise<void> {
    return this.hurry(() => new Promise((resolve) => this.setTimer(ms, resolve)));
  }

  /** The same time as a server of its own sees it, until `freeze`: a killed server runs no timer any more. */
  forServer(): Clock & { freeze(): void } {
    let isFrozen = false;
    return {
      now: () => this.now(),
      setTimer: (ms, run) => this.setTimer(ms, () => isFrozen || run()),
      freeze: () => {
        isFrozen = true;
      },
    };
  }

  #setSpeed(speed: number): void {
    this.#baseMs = this.#baseMs + (systemClock.now() - this.#realBaseMs) * this.#speed;
    this.#realBaseMs = systemClock.now();
    this.#speed = speed;
    this.#arm();
  }

  #first(): Entry | null {
    let first: Entry | null = null;
    for (const entry of this.#entries) if (first === null || entry.atMs < first.atMs || (entry.atMs === first.atMs && entry.order < first.order)) first = entry;
    return first;
  }

  #arm(): void {
    this.#wake?.cancel();
    const first = this.#first();
    this.#wake = first === null ? null : systemClock.setTimer(Math.ceil((first.atMs - this.now()) / this.#speed), () => this.#ring());
  }

  #ring(): void {
    for (let first = this.#first(); first !== null && first.atMs <= this.now(); first = this.#first()) {
      this.#entries.delete(first);
      first.run();
    }
    this.#arm();
  }
}
