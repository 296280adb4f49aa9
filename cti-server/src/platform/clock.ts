/** Time as a dependency: the only place that reads the machine's clock or sets its timers. */
export interface Timer {
  cancel(): void;
}
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Runs once after `ms`; a timer never keeps the process alive by itself. What it runs must look again whether it still applies. */
  setTimer(ms: number, run: () => void): Timer;
}

/** The longest delay that Node's timers take; longer ones would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), longestDelayMs));
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** An instant for the outside: ISO 8601 in UTC. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();
export const toInstantOrNull = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));
export const toMs = (instant: Date | string): number => (typeof instant === 'string' ? Date.parse(instant) : instant.getTime());
