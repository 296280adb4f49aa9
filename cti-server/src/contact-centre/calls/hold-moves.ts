import type { Step } from './call-step.ts';
import type { CallStatus } from './call-types.ts';

/** The customer hears music; the agent stays in the room. */
export function hold(step: Step, status: Extract<CallStatus, { state: 'talking' }>): boolean {
  step.enter({ ...status, state: 'held', sinceMs: step.now }).write('callHeld', {}, status.agentId).musicForCustomer();
  return true;
}

/** The customer is back in the room, with whom else is named. */
export function resume(step: Step, status: Extract<CallStatus, { state: 'held' }>, ...others: string[]): boolean {
  step
    .enter({ state: 'talking', agentId: status.agentId, legId: status.legId, device: status.device })
    .write('callResumed', { heldMs: step.now - status.sinceMs }, status.agentId)
    .joinCustomer(...others);
  return true;
}
