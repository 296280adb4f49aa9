import type { Callback } from '../../contracts/index.ts';
import { toInstant, toInstantOrNull } from '../../platform/clock.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import { isOverdue } from './callback-rules.ts';
import type { StoredCallback } from './callbacks.store.ts';

const named = (id: string | null, name: string | null): { id: string; name: string } | null => (id === null ? null : { id, name: name ?? '' });

export function viewOfCallback(one: StoredCallback, nowMs: number): Callback {
  const { names } = one;
  return {
    ...{ id: one.id, kind: one.kind, state: one.state, number: one.number, country: normaliseNumber(one.number, '').country, customerId: one.customerId },
    contactName: names.customer ?? one.contactName,
    queue: named(one.queueId, names.queue),
    agent: named(one.agentId, names.agent),
    ...{ dueAt: toInstant(one.dueAtMs), remindAt: toInstant(one.remindAtMs), timeZone: one.timeZone, note: one.note, tries: one.tries, lastOutcome: one.lastOutcome },
    claimedBy: named(one.claimedBy, names.claimedBy),
    queuedAt: toInstantOrNull(one.queuedAtMs),
    createdBy: named(one.createdBy, names.createdBy),
    createdAt: toInstant(one.createdAtMs),
    endedAt: toInstantOrNull(one.endedAtMs),
    overdue: isOverdue(one, nowMs),
    version: one.version,
  };
}
