/** SIP accounts as Asterisk wants them: an auth, an aor (where it registers) and an endpoint, all by the same name. */
import type { EndpointRequest } from '../port.ts';

export interface AccountOptions {
  /** Codecs that are offered, the preferred one first. */
  codecs: readonly string[];
  /** The dialplan context in which calls from agents begin. */
  agentContext: string;
  /**
   * The address for media, when the switch serves one address only. On loopback it must be 127.0.0.1: Asterisk otherwise offers an address
   * that a browser on the same machine cannot use.
   */
  mediaAddress: string | undefined;
}

export type AccountPart = 'auth' | 'aor' | 'endpoint';
type Fields = { attribute: string; value: string }[];

/** The three objects in the order in which they must be written; they are removed the other way round. */
export function accountParts(request: EndpointRequest, options: AccountOptions): [AccountPart, Fields][] {
  const name = request.endpoint;
  const common = {
    context: options.agentContext,
    disallow: 'all',
    allow: options.codecs.join(','),
    auth: name,
    aors: name,
    callerid: `"${request.displayName.replaceAll(/["\\<>\p{Cc}]/gu, '')}" <${name}>`,
    // Media goes through the switch: it is what records, plays and outlives a browser.
    direct_media: 'no',
    dtmf_mode: 'rfc4733',
    allow_subscribe: 'no',
    send_connected_line: 'no',
    ...(options.mediaAddress === undefined ? {} : { media_address: options.mediaAddress, bind_rtp_to_media_address: 'yes' }),
  };
  const device =
    request.device === 'browser'
      ? // A browser that froze sends nothing any more, and its socket may stay open.
        { webrtc: 'yes', rtp_timeout: '30' }
      : { rewrite_contact: 'yes', force_rport: 'yes', rtp_symmetric: 'yes' };
  const registration =
    request.device === 'browser'
      ? { default_expiration: '120', minimum_expiration: '60' }
      : // Nobody tells when a phone is unplugged: it is asked.
        { default_expiration: '300', minimum_expiration: '60', qualify_frequency: '15', qualify_timeout: '3' };
  const secret =
    request.passwordDigest === undefined
      ? { password: request.password }
      : { realm: request.passwordDigest.realm, password_digest: `MD5:${request.passwordDigest.md5}` };
  return [
    ['auth', fields({ auth_type: 'digest', username: name, ...secret })],
    ['aor', fields({ max_contacts: '1', remove_existing: 'yes', ...registration })],
    ['endpoint', fields({ ...common, ...device })],
  ];
}

const fields = (values: Record<string, string>): Fields => Object.entries(values).map(([attribute, value]) => ({ attribute, value }));
