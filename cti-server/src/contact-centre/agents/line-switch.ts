import type { Bus } from '../../platform/bus.ts';
import type { EndpointRequest, Outcome, TelephonyPort } from '../../telephony/port.ts';
import type { SipSwitch } from './desk-phones.service.ts';
import { sipDigest } from './sip-password-rules.ts';

type Request = { lineId: string } & ({ kind: 'provision'; endpoint: EndpointRequest } | { kind: 'remove'; endpoint: string } | { kind: 'dialIn'; call: Parameters<TelephonyPort['dialIn']>[0] });

export interface LineSwitchesOptions {
  bus: Bus;
  /** The line of this name when this server is the one that holds it. */
  heldLine(lineId: string): TelephonyPort | undefined;
  sipRealm: string;
}

/** What may be asked of a line from any server, whichever holds it. */
export type LineSwitch = SipSwitch & Pick<TelephonyPort, 'dialIn'>;

/**
 * A line's SIP accounts and demo calls, asked of the server that holds the line: an agent's page may be connected to another one. Passwords
 * do not travel among servers; their digest does.
 */
export function createLineSwitches({ bus, heldLine, sipRealm }: LineSwitchesOptions): (lineId: string) => LineSwitch {
  const doHere = (line: TelephonyPort, request: Request): Promise<Outcome> => {
    switch (request.kind) {
      case 'provision':
        return line.provisionEndpoint(request.endpoint);
      case 'remove':
        return line.removeEndpoint(request.endpoint);
      case 'dialIn':
        return line.dialIn(request.call);
    }
  };
  bus.answer('lineSwitch', (question) => {
    const request = question as Request;
    const line = heldLine(request.lineId);
    return line ? doHere(line, request) : Promise.resolve(null);
  });

  const ask = async (request: Request): Promise<Outcome> => {
    const line = heldLine(request.lineId);
    if (line) return doHere(line, request);
    const answer = (await bus.ask('lineSwitch', withoutPassword(request))) as Outcome | null;
    return answer ?? { outcome: 'unavailable', reason: 'no server that holds the line answered' };
  };

  const withoutPassword = (request: Request): Request => {
    if (request.kind !== 'provision' || request.endpoint.passwordDigest) return request;
    const { endpoint, password } = request.endpoint;
    return { ...request, endpoint: { ...request.endpoint, password: '', passwordDigest: { realm: sipRealm, md5: sipDigest(endpoint, sipRealm, password) } } };
  };

  return (lineId) => ({
    lineId,
    provisionEndpoint: (endpoint) => ask({ lineId, kind: 'provision', endpoint }),
    removeEndpoint: (endpoint) => ask({ lineId, kind: 'remove', endpoint }),
    dialIn: (call) => ask({ lineId, kind: 'dialIn', call }),
  });
}
