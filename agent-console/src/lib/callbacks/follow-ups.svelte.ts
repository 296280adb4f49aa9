import type { FollowUps } from '@centralita/cti-server/contracts';
import { realtime } from '#lib/realtime/connection.svelte.ts';

const nothing: FollowUps = { reminders: [], mineDue: 0, queueDue: 0, overdue: 0, newVoicemails: 0 };

/** What waits for this person, as the server pushes it. `changes` counts up with each push, so that lists know when to read again. */
class FollowUpsStore {
  now = $state.raw<FollowUps>(nothing);
  changes = $state(0);
  #stop: (() => void) | null = null;

  start(): () => void {
    this.#stop ??= realtime.listen('followUps', (event) => {
      if (event.kind !== 'followUps') return;
      this.now = event.followUps;
      this.changes += 1;
    });
    return () => {
      this.#stop?.();
      this.#stop = null;
      this.now = nothing;
    };
  }

  /** For the menu: what one could do now. */
  get due(): number {
    return this.now.mineDue + this.now.queueDue + this.now.newVoicemails;
  }
}

export const followUps = new FollowUpsStore();
