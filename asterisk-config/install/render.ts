import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { AsteriskInstallation } from './installation.ts';

const templates = new URL('../etc/asterisk/', import.meta.url);

/** Where one running Asterisk listens and whom it lets in. */
export interface AsteriskSettings {
  httpPort: number;
  /** UDP port for SIP. */
  sipPort: number;
  rtpFirst: number;
  rtpLast: number;
  ariUser: string;
  ariPassword: string;
  /** Address that phones and browsers are told to send sound to: 127.0.0.1 keeps everything on this machine. */
  address: string;
  /** In a container: its own address, which `address` stands for outside, and the address that the host's own calls seem to come from. */
  container?: { own: string; gateway: string };
  /** Lets SIP phones on this machine ring the hotline without an account. */
  loopbackGuest: boolean;
  /** Where calls from outside come from and calls to outside go to: `address` or `address:port`, or host names. */
  trunkPeers: readonly string[];
}

/** Values for the words between @ signs of the files in etc/asterisk. */
export function templateValues(runFolder: string, modulesFolder: string, settings: AsteriskSettings): Record<string, string> {
  const { address, container } = settings;
  const guest = container?.gateway ?? '127.0.0.1';
  // Behind a container's translation of addresses no socket can be bound to the address that is told.
  const media = (told: string): string => (container ? '' : `media_address = ${told}\nbind_rtp_to_media_address = yes`);
  const stoodFor = container ? [container.own] : address === '127.0.0.1' ? ownAddresses() : [];
  return {
    RUN: runFolder,
    MODULES: modulesFolder,
    HTTP_ADDRESS: container ? '0.0.0.0' : '127.0.0.1',
    HTTP_PORT: String(settings.httpPort),
    ARI_USER: settings.ariUser,
    ARI_PASSWORD: settings.ariPassword,
    SIP_ADDRESS: address === '127.0.0.1' && !container ? '127.0.0.1' : '0.0.0.0',
    SIP_PORT: String(settings.sipPort),
    SIP_OUTSIDE: container
      ? `external_media_address = ${address}\nexternal_signaling_address = ${address}\nlocal_net = ${container.own}/32`
      : '',
    GUEST_MEDIA: media('127.0.0.1'),
    GUEST_MATCH: settings.loopbackGuest ? `match = ${guest}` : '; closed',
    TRUNK_SECTIONS: trunkSections(settings.trunkPeers, media(address)),
    RTP_FIRST: String(settings.rtpFirst),
    RTP_LAST: String(settings.rtpLast),
    ICE_CANDIDATES: stoodFor.map((own) => `${own} => ${address}`).join('\n'),
  };
}

function trunkSections(peers: readonly string[], media: string): string {
  const [first] = peers;
  if (!first) return '';
  return `
[trunk]
type = endpoint
identify_by = ip
context = from-trunk
transport = transport-udp
disallow = all
allow = alaw,ulaw
direct_media = no
${media}
dtmf_mode = rfc4733
aors = trunk
send_connected_line = no
trust_id_inbound = yes
send_pai = yes

[trunk]
type = aor
contact = sip:${first}

[trunk]
type = identify
endpoint = trunk
${peers.map((peer) => `match = ${peer}`).join('\n')}
`;
}

/** IPv4 addresses of this machine that are not the loopback, the one of the default route first as the system lists it. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === 'IPv4' && !entry.internal)
    .map((entry) => entry.address);
}

/** Fills in the words between @ signs. Throws when one is unknown: a typing mistake must not reach Asterisk. */
export function fillTemplate(text: string, values: Record<string, string>): string {
  return text.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The Asterisk configuration asks for @${name}@, which nobody fills in.`);
    return value;
  });
}

/**
 * Lays out a run folder: configuration, data and state of one Asterisk. What Asterisk itself keeps there (astdb, recordings) survives.
 * @param extraConfig text added to the named files, or new files: tests and benches add endpoints, modules and dialplan
 * @param trunksFile the operator's own file of trunks; copied from the template when it is not there. Left out: only `trunkPeers`.
 */
export async function renderAsterisk(options: {
  runFolder: string;
  installation: AsteriskInstallation;
  promptsFolder: string;
  settings: AsteriskSettings;
  trunksFile?: string;
  extraConfig?: Record<string, string>;
}): Promise<void> {
  const { runFolder, installation, settings } = options;
  const etc = join(runFolder, 'etc');
  await rm(etc, { recursive: true, force: true });
  await rm(join(runFolder, 'data'), { recursive: true, force: true });
  for (const folder of ['etc', 'lib/keys', 'run', 'log', 'spool/recording', 'spool/monitor', 'spool/outgoing', 'spool/tmp', 'data/sounds'])
    await mkdir(join(runFolder, folder), { recursive: true, mode: 0o750 });
  const ownTrunks = options.trunksFile;
  if (ownTrunks && !existsSync(ownTrunks))
    await writeFile(ownTrunks, (await readFile(new URL('pjsip_trunks.conf', templates), 'utf8')).replace('@TRUNK_SECTIONS@\n', ''), {
      mode: 0o600,
    });
  const values = templateValues(runFolder, installation.modulesFolder, settings);
  for (const file of await readdir(templates)) {
    const text = fillTemplate(await readFile(new URL(file, templates), 'utf8'), values);
    await writeFile(join(etc, file), text, { mode: 0o600 });
  }
  if (ownTrunks) await appendFile(join(etc, 'pjsip_trunks.conf'), `\n#include ${ownTrunks}\n`);
  for (const [file, text] of Object.entries(options.extraConfig ?? {})) await appendFile(join(etc, file), `\n${text}\n`, { mode: 0o600 });

  const data = join(runFolder, 'data');
  for (const folder of ['documentation', 'rest-api', 'moh', 'agi-bin', 'static-http']) {
    const source = join(installation.dataFolder, folder);
    if (existsSync(source)) await symlink(source, join(data, folder));
  }
  await symlink(join(installation.dataFolder, 'sounds/en_US_f_Allison'), join(data, 'sounds/en'));
  await symlink(options.promptsFolder, join(data, 'sounds/centralita'));
  // ARI plays a recording as `recording:name` from here.
  await symlink(join(runFolder, 'spool/recording'), join(data, 'sounds/recordings'));
}

/** The password of ARI: made once, readable by its owner only, the same at every start. */
export async function keptPassword(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept) return kept;
  const made = randomBytes(24).toString('base64url');
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
