import type { AgentStateName } from '@centralita/cti-server/contracts';
import { get } from '#lib/api/index.ts';

const everyMs = 5_000;

/** What the colleagues on the screen do just now, asked anew every few seconds while the page is looked at. */
export class ColleagueStates {
  now = $state.raw<Readonly<Record<string, AgentStateName>>>({});

  /** Follows these until the answer is called. */
  follow(ids: readonly string[]): () => void {
    if (ids.length === 0) return () => undefined;
    let stopped = false;
    const read = async (): Promise<void> => {
      if (document.visibilityState === 'hidden') return;
      const { states } = await get<{ states: Record<string, AgentStateName> }>('/api/phone-book/states', { query: { ids: ids.slice(0, 200).join(',') } });
      if (!stopped) this.now = states;
    };
    // an answer that does not come leaves the last ones; the connection's own notice says why
    const timer = setInterval(() => void read().catch(() => undefined), everyMs);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }
}
