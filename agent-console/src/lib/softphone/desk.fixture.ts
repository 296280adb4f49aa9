import type { CallStateName, Desk } from '@centralita/cti-server/contracts';

const agentId = '01900000-0000-7000-8000-000000000001';
export const callId = '01900000-0000-7000-8000-00000000000c';
const at = '2026-11-21T12:00:00.000Z';

/** A desk with a call in the given state, or with none. */
export function deskWith(state: CallStateName | null, change: Partial<Desk['agent']> = {}): Desk {
  return {
    agent: {
      id: agentId,
      name: 'Ana',
      status: state === null ? { state: 'ready', since: at } : { state: 'onCall', since: at, callId },
      nextState: null,
      device: 'browser',
      deviceTabId: 'tab-1',
      deskPhoneExtension: null,
      reachable: true,
      version: 1,
      ...change,
    },
    call:
      state === null
        ? null
        : {
            id: callId,
            direction: 'inbound',
            state,
            outcome: null,
            endedBy: null,
            queue: null,
            dialledNumber: '900',
            from: { raw: '+34600000001', e164: '+34600000001', country: 'ES' },
            peer: null,
            consult: null,
            ringingSince: state === 'dialling' ? at : null,
            customerId: null,
            customerName: null,
            agentId,
            agentName: 'Ana',
            startedAt: at,
            queuedAt: at,
            offeredAt: at,
            answeredAt: null,
            heldSince: null,
            endedAt: state === 'ended' ? at : null,
            version: 3,
          },
    pop: null,
    role: 'agent',
    parked: [],
    wrapUpRules: { mode: 'free', moreTimes: 0 },
    wrapUp: null,
    pendingWrapUps: [],
    queues: [],
  };
}
