import type { LegEndCause } from '../port.ts';

/** Asterisk's causes (ITU-T Q.850, from which it also makes the SIP answers it gets) in our words. */
export function endCause(q850: number): LegEndCause {
  switch (q850) {
    case 16: // normal clearing
    case 26: // answered elsewhere
    case 31: // normal, unspecified
      return 'normal';
    case 17: // busy: SIP 486, 600
      return 'busy';
    case 18: // no user responding: SIP 408
    case 19: // alerted, no answer: SIP 480, and our own ring time-out
      return 'noAnswer';
    case 21: // rejected: SIP 401, 403, 603
      return 'refused';
    case 1: // unallocated number: SIP 404
    case 2:
    case 3: // no route
    case 20: // subscriber absent
    case 22: // number changed: SIP 410
    case 27: // destination out of order: SIP 502
    case 28: // invalid number: SIP 484
    case 102: // recovery on timer expiry: SIP 504, and no answer at all to the INVITE
      return 'unreachable';
    case 34: // no circuit: SIP 503
    case 38: // network out of order: SIP 500
    case 41:
    case 42: // congestion
    case 44:
    case 47:
      return 'congestion';
    case 0:
    case 127: // interworking: the other network did not say
      return 'unknown';
    default:
      return 'failed';
  }
}
