import type { CallView } from '../../contracts/index.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import type { Call } from './call-types.ts';

/** A call as screens and the API show it. */
export function viewOfCall(call: Call, names: { queueName: string | null; agentName: string | null; customerName: string | null }): CallView {
  return {
    id: call.id,
    direction: 'inbound',
    state: call.status.state,
    outcome: call.outcome,
    endedBy: call.endedBy,
    queue: call.queueId === null ? null : { id: call.queueId, name: names.queueName ?? '' },
    dialledNumber: call.dialledNumber,
    from: { raw: call.fromRaw, e164: call.fromE164, country: call.country },
    customerId: call.customerId,
    customerName: names.customerName,
    agentId: call.agentId,
    agentName: names.agentName,
    startedAt: toInstant(call.startedAtMs),
    queuedAt: toInstantOrNull(call.queuedAtMs),
    offeredAt: toInstantOrNull(call.offeredAtMs),
    answeredAt: toInstantOrNull(call.answeredAtMs),
    heldSince: call.status.state === 'held' ? toInstant(call.status.sinceMs) : null,
    endedAt: toInstantOrNull(call.endedAtMs),
    version: call.version,
  };
}
