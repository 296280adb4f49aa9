/** Remembers what a line tells, and waits for what it will tell; for tests. */
import type { TelephonyEvent, TelephonyPort } from './port.ts';

type Kind = TelephonyEvent['kind'];
type EventOf<K extends Kind> = Extract<TelephonyEvent, { kind: K }>;

export class EventRecord {
  /** Everything that was told, gaps included, in order. */
  readonly told: (TelephonyEvent | { kind: 'gap' })[] = [];
  readonly #looks = new Set<() => void>();

  constructor(line: TelephonyPort) {
    line.onEvent((event) => this.#note(event));
    line.onGap(() => this.#note({ kind: 'gap' }));
    line.onStatus(() => this.#look());
  }

  all<K extends Kind>(kind: K, matches: Partial<EventOf<K>> = {}): EventOf<K>[] {
    const fits = (event: TelephonyEvent | { kind: 'gap' }): event is EventOf<K> =>
      event.kind === kind && Object.entries(matches).every(([field, value]) => (event as unknown as Record<string, unknown>)[field] === value);
    return this.told.filter(fits);
  }

  /** The first such event, told already or still to come. Rejects after `withinMs`, saying what was told instead. */
  async first<K extends Kind>(kind: K, matches: Partial<EventOf<K>> = {}, withinMs = 8_000): Promise<EventOf<K>> {
    await this.until(() => this.all(kind, matches).length > 0, `${kind} ${JSON.stringify(matches)}`, withinMs);
    const found = this.all(kind, matches)[0];
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** Resolves once the condition holds; it is looked at after each event and each change of status. */
  until(holds: () => boolean, what: string, withinMs = 8_000): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(impatience);
        this.#looks.delete(look);
        resolve();
      };
      const impatience = setTimeout(() => {
        this.#looks.delete(look);
        reject(new Error(`Waited ${withinMs} ms for ${what}; told so far: ${JSON.stringify(this.told)}`));
      }, withinMs);
      this.#looks.add(look);
    });
  }

  #note(event: TelephonyEvent | { kind: 'gap' }): void {
    this.told.push(event);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}
