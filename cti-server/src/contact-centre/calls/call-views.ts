import type { CallView, ConsultView } from '../../contracts/index.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import type { Call, Consult } from './call-types.ts';

export interface CallNames {
  queueName: string | null;
  agentName: string | null;
  customerName: string | null;
  /** The name of any colleague or queue who takes part. */
  nameOf?(id: string): string;
}

/** A call as screens and the API show it. */
export function viewOfCall(call: Call, names: CallNames): CallView {
  return {
    id: call.id,
    direction: call.direction,
    state: call.status.state,
    outcome: call.outcome,
    endedBy: call.endedBy,
    queue: call.queueId === null ? null : { id: call.queueId, name: names.queueName ?? '' },
    dialledNumber: call.dialledNumber,
    from: { raw: call.fromRaw, e164: call.fromE164, country: call.country },
    peer: call.peer === null ? null : { agentId: call.peer.agentId, name: names.nameOf?.(call.peer.agentId) ?? '' },
    consult: viewOfConsult(call.consult, names.nameOf ?? (() => '')),
    ringingSince: call.status.state === 'dialling' ? toInstantOrNull(call.status.ringingSinceMs) : null,
    customerId: call.customerId,
    customerName: names.customerName,
    agentId: call.agentId,
    agentName: names.agentName,
    startedAt: toInstant(call.startedAtMs),
    queuedAt: toInstantOrNull(call.queuedAtMs),
    offeredAt: toInstantOrNull(call.offeredAtMs),
    answeredAt: toInstantOrNull(call.answeredAtMs),
    heldSince: call.status.state === 'held' || call.status.state === 'parked' ? toInstant(call.status.sinceMs) : null,
    endedAt: toInstantOrNull(call.endedAtMs),
    version: call.version,
  };
}

function viewOfConsult(consult: Consult | null, nameOf: (id: string) => string): ConsultView | null {
  if (consult === null) return null;
  const target = consult.state === 'queued' ? null : consult.target;
  const agentId = target?.kind === 'agent' ? target.agentId : null;
  const queueId = 'queueId' in consult ? consult.queueId : null;
  return {
    state: consult.state,
    agentId,
    number: target?.kind === 'number' ? target.number : null,
    queueId,
    name: agentId !== null ? nameOf(agentId) : queueId !== null ? nameOf(queueId) : '',
    since: toInstant(consult.sinceMs),
  };
}
