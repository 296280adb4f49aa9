import type { CallStory } from '@centralita/cti-server/contracts';
import { m } from '#lib/i18n/index.ts';

type Event = CallStory['events'][number];
interface Names {
  agent: string;
  queue: string;
}

/** Each line of the ledger in words. */
const words: Readonly<Record<string, (names: Names) => string>> = {
  callArrived: () => m.history_event_callArrived(),
  callQueued: ({ queue }) => m.history_event_callQueued({ queue }),
  customerRecognised: () => m.history_event_customerRecognised(),
  callOffered: ({ agent }) => m.history_event_callOffered({ agent }),
  offerMissed: ({ agent }) => m.history_event_offerMissed({ agent }),
  offerRefused: ({ agent }) => m.history_event_offerRefused({ agent }),
  offerLost: ({ agent }) => m.history_event_offerLost({ agent }),
  agentAnswered: ({ agent }) => m.history_event_agentAnswered({ agent }),
  callHeld: () => m.history_event_callHeld(),
  callResumed: () => m.history_event_callResumed(),
  agentLegLost: ({ agent }) => m.history_event_agentLegLost({ agent }),
  agentRejoined: ({ agent }) => m.history_event_agentRejoined({ agent }),
  agentLost: ({ agent }) => m.history_event_agentLost({ agent }),
  callDialled: ({ agent }) => m.history_event_callDialled({ agent }),
  customerRings: () => m.history_event_customerRings(),
  customerAnswered: () => m.history_event_customerAnswered(),
  dialFailed: () => m.history_event_dialFailed(),
  callParked: () => m.history_event_callParked(),
  consultStarted: ({ agent }) => m.history_event_consultStarted({ agent }),
  consultAnswered: () => m.history_event_consultAnswered(),
  consultSwapped: () => m.history_event_consultSwapped(),
  consultJoined: () => m.history_event_consultJoined(),
  consultEnded: () => m.history_event_consultEnded(),
  callTransferred: ({ agent }) => m.history_event_callTransferred({ agent }),
  transferAnswered: () => m.history_event_transferAnswered(),
  transferFailed: () => m.history_event_transferFailed(),
  callAbandoned: () => m.history_event_callAbandoned(),
  callFlowedOut: () => m.history_event_callFlowedOut(),
  callNotInService: () => m.history_event_callNotInService(),
  callEnded: () => m.history_event_callEnded(),
  wrapUpCompleted: ({ agent }) => m.history_event_wrapUpCompleted({ agent }),
};

/** Who hung up, where the ledger says so. */
const enders: Readonly<Record<string, () => string>> = {
  customer: () => m.history_event_endedByCustomer(),
  agent: () => m.history_event_endedByAgent(),
  system: () => m.history_event_endedBySystem(),
};

/** What happened, in a few words. A kind that only a newer server knows shows by its own name. */
export function wordEvent(event: Event): string {
  const names = { agent: event.agentName ?? m.history_someone(), queue: event.queueName ?? '' };
  const endedBy = event.kind === 'callEnded' && typeof event.data['endedBy'] === 'string' ? enders[event.data['endedBy']] : undefined;
  return endedBy?.() ?? words[event.kind]?.(names) ?? event.kind;
}
