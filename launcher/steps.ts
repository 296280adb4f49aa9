/** Shows what is being done: one line for each finished step with its time, and what is going on meanwhile. */
export class Steps {
  readonly #active = new Map<string, { title: string; detail: string; since: number }>();
  readonly #isTerminal = process.stdout.isTTY === true && !process.env['NO_COLOR'];
  #ticker: NodeJS.Timeout | undefined;
  #quietSince = performance.now();

  /** Runs one step. `work` may tell details with `tell`; its answer's text, if any, ends the line. */
  async run<T>(title: string, work: (tell: (detail: string) => void) => Promise<T>, summary: (result: T) => string = () => ''): Promise<T> {
    const since = performance.now();
    const entry = { title, detail: '', since };
    this.#active.set(title, entry);
    this.#ticker ??= setInterval(() => this.#showActive(), this.#isTerminal ? 200 : 1_000);
    try {
      const result = await work((detail) => {
        entry.detail = detail;
      });
      this.#finish(
        title,
        `✓ ${title.padEnd(12)} ${[summary(result), `${((performance.now() - since) / 1_000).toFixed(1)} s`].filter(Boolean).join('  ')}`,
      );
      return result;
    } catch (error) {
      this.#finish(title, `✗ ${title.padEnd(12)} failed after ${((performance.now() - since) / 1_000).toFixed(1)} s`);
      throw error;
    }
  }

  /** A line of its own between the steps. */
  say(line: string): void {
    if (this.#isTerminal) process.stdout.write('\r\x1b[K');
    process.stdout.write(`${line}\n`);
    this.#quietSince = performance.now();
  }

  #finish(title: string, line: string): void {
    this.#active.delete(title);
    if (this.#active.size === 0) {
      clearInterval(this.#ticker);
      this.#ticker = undefined;
    }
    this.say(line);
  }

  #showActive(): void {
    const now = performance.now();
    const what = [...this.#active.values()]
      .map((step) => `${step.title}${step.detail ? ` (${step.detail})` : ''} ${Math.round((now - step.since) / 1_000)} s`)
      .join(' · ');
    if (this.#isTerminal) process.stdout.write(`\r\x1b[K… ${what}`.slice(0, (process.stdout.columns ?? 80) + 4));
    // A log that is read by a machine needs a sign of life now and then, not a moving line.
    else if (now - this.#quietSince > 15_000) this.say(`… ${what}`);
  }
}
