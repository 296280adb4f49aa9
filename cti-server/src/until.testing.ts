const lookAgainMs = 5;

/**
 * Waits for something to be so, looking again and again, and answers what `look` found. Throws with the name of what was waited for.
 * @param detail said when it did not come to pass
 */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  detail?: () => unknown,
  withinMs = 10_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain: ${what}${detail ? `\n${String(await detail())}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}
