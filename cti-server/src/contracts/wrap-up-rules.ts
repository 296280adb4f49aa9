import type { WrapUpMode } from './queue-settings.ts';

/** The mode that a queue's two settings make; see `wrapUpMode`. */
export function wrapUpModeOf(queue: { wrapUpSeconds: number | null; wrapUpOptional: boolean }): WrapUpMode {
  if (queue.wrapUpSeconds === 0) return 'none';
  if (queue.wrapUpOptional) return 'optional';
  return queue.wrapUpSeconds === null ? 'free' : 'timed';
}

/** Whether the agent may ask for more time: only where it runs out, and not more often than the queue allows. */
export function mayHaveMoreTime(queue: { wrapUpSeconds: number | null; wrapUpMoreTimes: number }, timesTaken: number): boolean {
  return queue.wrapUpSeconds !== null && queue.wrapUpSeconds > 0 && timesTaken < queue.wrapUpMoreTimes;
}
