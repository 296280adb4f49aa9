export interface AgentTally {
  agentId: string;
  /** Answered since midnight. */
  callsToday: number;
  lastOfferedAtMs: number;
}

/**
 * What the strategies "fewest calls" and "round robin" count, folded from the ledger of all servers as events come. Read anew with
 * `readTallies` at the start, after a gap, and when a day begins.
 */
export class AgentTallies {
  #tallies = new Map<string, AgentTally>();

  /** Takes what was read in place of all that was counted. */
  take(tallies: Iterable<AgentTally>): void {
    this.#tallies = new Map([...tallies].map((tally) => [tally.agentId, { ...tally }]));
  }

  fold(event: { kind: string; agentId: string | null; atMs: number }): void {
    if (event.agentId === null) return;
    if (event.kind === 'agentAnswered') this.#of(event.agentId).callsToday += 1;
    else if (event.kind === 'callOffered') {
      const tally = this.#of(event.agentId);
      tally.lastOfferedAtMs = Math.max(tally.lastOfferedAtMs, event.atMs);
    }
  }

  callsToday(agentId: string): number {
    return this.#tallies.get(agentId)?.callsToday ?? 0;
  }
  lastOfferedAtMs(agentId: string): number {
    return this.#tallies.get(agentId)?.lastOfferedAtMs ?? 0;
  }

  #of(agentId: string): AgentTally {
    const found = this.#tallies.get(agentId);
    if (found) return found;
    const made = { agentId, callsToday: 0, lastOfferedAtMs: 0 };
    this.#tallies.set(agentId, made);
    return made;
  }
}
