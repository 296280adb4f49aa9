import type { Step } from './call-step.ts';
import type { TransferTarget } from './call-types.ts';
import { colleagueRingSeconds, numberRingSeconds, ringMarginMs } from './call-types.ts';

const secondsFor = (target: TransferTarget): number => (target.kind === 'agent' ? colleagueRingSeconds : numberRingSeconds);

/** Who it goes to, for the ledger. */
export const named = (to: TransferTarget | { kind: 'queue'; queueId: string }): Record<string, unknown> =>
  to.kind === 'agent' ? { toAgentId: to.agentId } : to.kind === 'number' ? { toNumber: to.number } : { toQueueId: to.queueId };

/** Lets the target ring; a colleague is told. The leg's name, and until when to wait for its answer. */
export function ring(step: Step, target: TransferTarget, ringTimeoutSeconds = secondsFor(target)): { legId: string; giveUpAtMs: number } {
  const legId = step.nextLegId();
  if (target.kind === 'number') {
    step.act({ kind: 'placeNumberLeg', legId, number: target.number, callerNumber: target.callerNumber, ringTimeoutSeconds });
  } else {
    step.tellAgent({ agentId: target.agentId, kind: 'offered', ringsUntilMs: step.now + ringTimeoutSeconds * 1000 });
    step.act({ kind: 'placeAgentLeg', legId, agentId: target.agentId, endpoint: target.endpoint, autoAnswer: false, ringTimeoutSeconds });
  }
  return { legId, giveUpAtMs: step.now + ringTimeoutSeconds * 1000 + ringMarginMs };
}
