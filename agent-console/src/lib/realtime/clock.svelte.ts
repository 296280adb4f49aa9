import { observeServerTime, type ClockEstimate } from './clock.ts';

/** Counts on the server's clock, so that a timer shows the same on every screen. */
class ServerClock {
  #estimate: ClockEstimate | null = null;
  /** Milliseconds, renewed four times a second; everything that counts on the screen reads this one value. */
  tick = $state(Date.now());

  constructor() {
    if (typeof window !== 'undefined') setInterval(() => (this.tick = this.now()), 250);
  }

  now(): number {
    return Date.now() + (this.#estimate?.offsetMs ?? 0);
  }

  observe(sentAt: string): void {
    const sentAtMs = Date.parse(sentAt);
    if (Number.isNaN(sentAtMs)) return;
    this.#estimate = observeServerTime(this.#estimate, sentAtMs, Date.now());
  }
}

export const clock = new ServerClock();
