/** Two of the same Asterisk with the same phones: one gives its calls to cti-server, the other to its own app_queue. */
import { join } from 'node:path';
import { startAsterisk, type RunningAsterisk } from '../../launcher/index.ts';

export interface SwitchOptions {
  folder: string;
  callerPort: number;
  phonePort: number;
  endpoints: readonly string[];
  /** The number that leads to the queue. */
  dialled: string;
  rtpPorts: readonly [number, number];
}

/** A phone at a fixed place that needs no registration. */
function phones(endpoints: readonly string[], phonePort: number): string {
  const template = `
[bench-phone](!)
type = endpoint
transport = transport-udp
context = from-agent
disallow = all
allow = alaw,ulaw
direct_media = no
dtmf_mode = rfc4733
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
allow_subscribe = no
send_connected_line = no
`;
  const each = endpoints.map((name) => `[${name}](bench-phone)\naors = ${name}\n[${name}]\ntype = aor\ncontact = sip:${name}@127.0.0.1:${phonePort}\n`);
  return template + each.join('');
}

const common = (options: SwitchOptions) => ({
  folder: options.folder,
  rtpPorts: options.rtpPorts,
  loopbackGuest: false,
  trunkPeers: [`127.0.0.1:${options.callerPort}`],
});

export function startOurSwitch(options: SwitchOptions): Promise<RunningAsterisk> {
  return startAsterisk({ ...common(options), extraConfig: { 'pjsip.conf': phones(options.endpoints, options.phonePort) } });
}

/** `leastrecent` is what our own routing does: the agent whose last call is longest ago. */
export function startQueueSwitch(options: SwitchOptions): Promise<RunningAsterisk> {
  const queue = `
[general]
persistentmembers = no
autofill = yes

[bench]
strategy = leastrecent
ringinuse = no
timeout = 20
retry = 1
wrapuptime = 0
musicclass = default
${options.endpoints.map((name) => `member => PJSIP/${name}`).join('\n')}
`;
  const dialplan = `
[from-trunk](+)
exten => ${options.dialled},1,Answer(0,i)
 same => n,Queue(bench,,,,60)
 same => n,Hangup()
`;
  return startAsterisk({
    ...common(options),
    extraConfig: {
      'pjsip.conf': phones(options.endpoints, options.phonePort),
      'modules.conf': 'load = app_queue.so',
      'queues.conf': queue,
      'extensions.conf': dialplan,
    },
  });
}

/** Fails unless every phone counts as present: calls would otherwise wait for agents who do not exist. */
export async function checkPhones(asterisk: RunningAsterisk, expected: number): Promise<void> {
  const answer = await fetch(`${asterisk.ariUrl}/ari/endpoints/PJSIP`, {
    headers: { authorization: `Basic ${Buffer.from(`${asterisk.ariUser}:${asterisk.ariPassword}`).toString('base64')}` },
  });
  const endpoints = (await answer.json()) as { resource: string; state?: string }[];
  const online = endpoints.filter((endpoint) => endpoint.resource.startsWith('desk-') && endpoint.state === 'online').length;
  if (online !== expected) throw new Error(`Only ${online} of ${expected} phones are online at ${asterisk.ariUrl}; see ${join(asterisk.folder, 'log')}.`);
}
