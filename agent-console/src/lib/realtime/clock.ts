/**
 * The server's clock as this browser can know it. Each message tells when it was sent; the one that travelled least gives the best
 * estimate, so the largest `sent - received` is kept. Old estimates fade, as both clocks drift.
 */
export interface ClockEstimate {
  offsetMs: number;
  takenAtMs: number;
}

const maximumAgeMs = 10 * 60_000;

export function observeServerTime(known: ClockEstimate | null, sentAtMs: number, receivedAtMs: number): ClockEstimate {
  const offsetMs = sentAtMs - receivedAtMs;
  if (known === null || offsetMs > known.offsetMs || receivedAtMs - known.takenAtMs > maximumAgeMs) return { offsetMs, takenAtMs: receivedAtMs };
  return known;
}
