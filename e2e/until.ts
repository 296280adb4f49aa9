import { setTimeout as pause } from 'node:timers/promises';

/**
 * Looks until `look` answers something other than undefined, null or false, and answers that. Throws with `what` and the last thing seen
 * when it does not come about within `withinMs`.
 */
export async function until<T>(what: string, look: () => Promise<T> | T, withinMs = 10_000): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + withinMs;
  let seen: unknown;
  for (;;) {
    try {
      const answer = await look();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
      seen = answer;
    } catch (error) {
      seen = error;
    }
    if (performance.now() > end) throw new Error(`Waited ${String(withinMs)} ms in vain: ${what}.`, { cause: seen });
    await pause(20);
  }
}

/** Looks for `forMs` whether something stays true, and throws with `what` as soon as it does not. For what must not happen. */
export async function stays(what: string, look: () => Promise<boolean> | boolean, forMs: number): Promise<void> {
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    if (!(await look())) throw new Error(`No longer so: ${what}.`);
    await pause(20);
  }
}
