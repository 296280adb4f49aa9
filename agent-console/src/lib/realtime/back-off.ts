/** Waits that grow and never end, with some chance in them, so that a thousand consoles do not return in the same instant. */
export function backOffMs(attempt: number, random: number, first = 300, longest = 8000): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempt, 20));
  return Math.round(full * (0.6 + 0.4 * random));
}
