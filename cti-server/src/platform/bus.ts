/**
 * Messages among the servers of one installation. Alone, nothing is sent. Messages may be lost when a server dies: whoever listens must be
 * able to read the truth from the database again.
 */
export interface Bus {
  /** True when at least one other server is known. */
  hasPeers(): boolean;
  /** Told to every other server, not to oneself. */
  tell(topic: string, message: unknown): void;
  on(topic: string, listener: (message: unknown) => void): void;
  /** Another server has just learnt that this one lives: what it changed before was not told here. */
  onCaughtSight(listener: () => void): void;
  /** Asks every other server; the first answer that is not null, or null. */
  ask(topic: string, question: unknown): Promise<unknown>;
  answer(topic: string, handler: (question: unknown) => Promise<unknown>): void;
}

/** A server that is alone: tests and tools. */
export const noPeers: Bus = {
  hasPeers: () => false,
  tell() {},
  on() {},
  onCaughtSight() {},
  ask: () => Promise.resolve(null),
  answer() {},
};
