import type { Desk } from '@centralita/cti-server/contracts';

/** Where the microphone is, seen from this tab. */
export type MicrophonePlace =
  /** Here. */
  | 'here'
  /** Nobody has it: this tab may take it without asking. */
  | 'free'
  /** Another tab of this browser: it can be reached and told what to do. */
  | 'otherTab'
  /** Another browser or computer. */
  | 'elsewhere'
  /** The agent answers on a telephone. */
  | 'deskPhone';

/** `neighbourTabId` is the tab of this browser that held the lock last: without the lock it is closed, whatever the server still believes. */
export function placeOfMicrophone(agent: Desk['agent'], tabId: string, lock: 'mine' | 'another' | 'free', neighbourTabId: string | null = null): MicrophonePlace {
  if (agent.device === 'deskPhone') return 'deskPhone';
  if (lock === 'another') return 'otherTab';
  if (agent.deviceTabId === tabId) return lock === 'mine' ? 'here' : 'free';
  // A tab that the server knows but no longer reaches is gone, whatever became of it.
  if (agent.deviceTabId === null || agent.deviceTabId === neighbourTabId || !agent.reachable) return 'free';
  return 'elsewhere';
}
