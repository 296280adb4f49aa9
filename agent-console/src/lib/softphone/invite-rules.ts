import type { Desk } from '@centralita/cti-server/contracts';

/** A SIP call that came to this browser. */
export interface Invite {
  /** From the header `X-Centralita-Call`; null when something else than our server rings here. */
  callId: string | null;
  /** From the header `X-Centralita-Auto-Answer`. */
  asksToPickUp: boolean;
}

/**
 * - `pickUp`: the agent comes back into the call it is already in; no ring, no click.
 * - `ring`: a new call.
 * - `wait`: the desk does not know this call yet; the event is on its way.
 * - `decline`: not for this desk. Nobody outside may make a microphone open by itself.
 */
export type Reception = 'pickUp' | 'ring' | 'wait' | 'decline';

export function receive(invite: Invite, desk: Desk | null): Reception {
  if (invite.callId === null) return 'decline';
  const call = desk?.call ?? null;
  if (call === null || call.id !== invite.callId) return 'wait';
  if (call.endedAt !== null) return 'decline';
  switch (call.state) {
    case 'ringing':
      // Asked to pick up a call that nobody has answered: refused, however the request came about.
      return invite.asksToPickUp ? 'decline' : 'ring';
    case 'dialling':
      // a call of the agent's own making: their device comes first
      return invite.asksToPickUp ? 'pickUp' : 'decline';
    case 'talking':
    case 'held':
    case 'rejoining':
      return invite.asksToPickUp ? 'pickUp' : 'ring';
    default:
      return 'wait';
  }
}
