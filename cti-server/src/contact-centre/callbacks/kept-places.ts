import type { Bus } from '../../platform/bus.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { KeptPlace } from './callback-rules.ts';
import type { StoredCallback } from './callbacks.store.ts';

export interface KeptPlacesOptions {
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** All that stand. */
  load(): Promise<StoredCallback[]>;
  find(id: string): Promise<StoredCallback | null>;
}

/**
 * The places that callers kept, in memory on every server, because routing looks at them with every call and every agent who becomes
 * free. The database decides whose a place is; what is here may be a moment old, and claiming tells.
 */
export class KeptPlaces {
  readonly #o: KeptPlacesOptions;
  readonly #places = new Map<string, KeptPlace>();
  readonly #listeners = new Set<() => void>();
  #timer: Timer | null = null;

  constructor(options: KeptPlacesOptions) {
    this.#o = options;
    options.bus.on('keptPlace', (id) => {
      options.find(String(id)).then(
        (found) => found && this.#put(found),
        (error: unknown) => options.logger.warn({ err: error }, 'a kept place could not be read again'),
      );
    });
  }

  /** Reads all anew: at the start, and when messages of other servers may have been missed. */
  async load(): Promise<void> {
    const rows = await this.#o.load();
    this.#places.clear();
    for (const row of rows) this.#place(row);
    this.#changed();
  }

  /** Those whose time has come, as if they were waiting calls. */
  waiting(): KeptPlace[] {
    const nowMs = this.#o.clock.now();
    return [...this.#places.values()].filter((place) => place.dueAtMs <= nowMs);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be told of every change of a callback; those that are no place change nothing. */
  changed(callback: StoredCallback): void {
    if (callback.kind !== 'keptPlace') return;
    this.#put(callback);
    if (this.#o.bus.hasPeers()) this.#o.bus.tell('keptPlace', callback.id);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #put(callback: StoredCallback): void {
    this.#place(callback);
    this.#changed();
  }

  #place(callback: StoredCallback): void {
    const { id, queueId, queuedAtMs, priority, dueAtMs, number, customerId } = callback;
    if (callback.kind !== 'keptPlace' || callback.state !== 'open' || callback.agentId !== null || queueId === null || queuedAtMs === null) this.#places.delete(id);
    else this.#places.set(id, { callbackId: id, queueId, priority, queuedAtMs, dueAtMs, number, customerId, contactName: callback.names.customer ?? callback.contactName });
  }

  #changed(): void {
    this.#timer?.cancel();
    const nowMs = this.#o.clock.now();
    const next = Math.min(...[...this.#places.values()].map((place) => place.dueAtMs).filter((dueAtMs) => dueAtMs > nowMs));
    this.#timer = Number.isFinite(next) ? this.#o.clock.setTimer(next - nowMs, () => this.#changed()) : null;
    for (const listener of this.#listeners) listener();
  }
}
