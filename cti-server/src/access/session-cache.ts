import type { Viewer } from '../platform/viewer.ts';

export interface CachedSession {
  viewer: Viewer;
  createdAtMs: number;
  seenAtMs: number;
  expiresAtMs: number;
  loadedAtMs: number;
}

/**
 * How long an answer from the database serves again. A change made by this server is seen at once, one made by another server at most
 * this long after it.
 */
export const servesForMs = 3_000;

/** Remembers sessions by the hash of their token, for a few seconds. */
export class SessionCache {
  #sessions = new Map<string, CachedSession>();
  readonly #most: number;
  /** Grows with each drop: what was read from the database before a drop must not be kept after it. */
  #generation = 0;

  constructor(most = 20_000) {
    this.#most = most;
  }

  get generation(): number {
    return this.#generation;
  }

  find(tokenHash: string, nowMs: number): CachedSession | undefined {
    const found = this.#sessions.get(tokenHash);
    if (!found) return undefined;
    if (nowMs - found.loadedAtMs < servesForMs && nowMs >= found.loadedAtMs && found.expiresAtMs > nowMs) return found;
    this.#sessions.delete(tokenHash);
    return undefined;
  }

  /** Keeps what was read while the generation was `readInGeneration`. */
  keep(tokenHash: string, session: CachedSession, readInGeneration: number): void {
    if (readInGeneration !== this.#generation) return;
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= this.#most && oldest !== undefined) this.#sessions.delete(oldest);
    this.#sessions.set(tokenHash, session);
  }

  dropUser(userId: string): void {
    this.#generation += 1;
    for (const [key, session] of this.#sessions) if (session.viewer.userId === userId) this.#sessions.delete(key);
  }

  dropAll(): void {
    this.#generation += 1;
    this.#sessions.clear();
  }
}
