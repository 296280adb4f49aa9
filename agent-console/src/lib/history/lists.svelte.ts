import type { ListDescription } from '@centralita/cti-server/contracts';
import { get, wordError } from '#lib/api/index.ts';

/** The lists that the viewer may read, as the server declares them: calls, states of agents, the audit. */
class Lists {
  all = $state.raw<ListDescription[]>([]);
  phase = $state<'unknown' | 'loading' | 'there' | 'failed'>('unknown');
  failure = $state('');

  /** Reads them anew: queues and reasons that can be chosen are among what they say. What is there stays until the answer comes. */
  async load(): Promise<void> {
    if (this.phase === 'loading') return;
    if (this.phase !== 'there') this.phase = 'loading';
    try {
      this.all = (await get<{ items: ListDescription[] }>('/api/lists')).items;
      this.phase = 'there';
    } catch (error) {
      this.failure = wordError(error);
      if (this.phase !== 'there') this.phase = 'failed';
    }
  }

  named(name: string): ListDescription | undefined {
    return this.all.find((list) => list.name === name);
  }
}
export const lists = new Lists();
