/** How a leg that we place is worded for Asterisk. */
import { isEndpointName, isTelephoneNumber } from '../addresses.ts';
import type { LegAddress, PlaceLegRequest } from '../port.ts';

/** `trunk` is what reaches a number, with `{number}` where it goes. Null for an address that could say something else to Asterisk's dialling than whom to ring. */
export function dialString(to: LegAddress, trunk: string): string | null {
  if (to.kind === 'endpoint') return isEndpointName(to.endpoint) ? `PJSIP/${to.endpoint}` : null;
  return isTelephoneNumber(to.number) ? trunk.replaceAll('{number}', to.number) : null;
}

/** `"Name" <number>`, freed of what would end the quotes. */
export function callerId(name: string, number: string): string {
  const plain = (text: string): string => text.replaceAll(/["\\<>\p{Cc}]/gu, '').trim();
  return `"${plain(name)}" <${plain(number)}>`;
}

/** SIP headers for the far end, as channel variables that Asterisk writes into its INVITE. */
export function legVariables(request: PlaceLegRequest): Record<string, string> {
  // what our calls are called is nobody's business outside
  if (request.to.kind === 'number') return {};
  return {
    'PJSIP_HEADER(add,X-Centralita-Call)': request.callId.replaceAll(/[^\w.:-]/g, ''),
    ...(request.autoAnswer
      ? {
          'PJSIP_HEADER(add,X-Centralita-Auto-Answer)': 'yes',
          // Desk phones each know one of these two.
          'PJSIP_HEADER(add,Call-Info)': '<sip:centralita>;answer-after=0',
          'PJSIP_HEADER(add,Alert-Info)': 'info=alert-autoanswer',
        }
      : {}),
  };
}
