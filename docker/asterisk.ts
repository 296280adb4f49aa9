import { spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { makePrompts } from '../asterisk-config/install/prompts.ts';
import { installAsterisk } from '../asterisk-config/install/installation.ts';
import { renderAsterisk } from '../asterisk-config/install/render.ts';

/**
 * Asterisk in a container, from the same installer and the same files as outside of one.
 *   node docker/asterisk.ts install   while the image is built
 *   node docker/asterisk.ts           when the container starts
 */
const cache = '/opt/centralita';
const installation = await installAsterisk(`${cache}/asterisk`, (step) => process.stdout.write(`${step}\n`));
if (!installation.speechCommand) throw new Error('espeak-ng is missing');
await makePrompts(installation.speechCommand, `${cache}/prompts`);
if (process.argv[2] !== 'install') await runAsterisk();

async function runAsterisk(): Promise<void> {
  const setting = (name: string, standard: string): string => process.env[name] || standard;
  const ariPassword = process.env['ARI_PASSWORD'];
  if (!ariPassword) throw new Error('ARI_PASSWORD is not set: cti-server could not reach this Asterisk.');
  const [rtpFirst, rtpLast] = setting('RTP_PORTS', '40000-40099').split('-').map(Number);
  // Asterisk calls browsers from sip:…@<this name>, and they drop without a word what does not read as an address (RFC 3261, `toplabel`).
  if (!/^([a-z\d]([a-z\d-]*[a-z\d])?\.)*[a-z]([a-z\d-]*[a-z\d])?$/i.test(hostname()))
    throw new Error(`Browsers cannot be called from a container named ${hostname()}: give it a name that begins with a letter, for instance --hostname asterisk.`);
  const runFolder = '/var/lib/centralita';
  await renderAsterisk({
    runFolder,
    installation,
    promptsFolder: `${cache}/prompts`,
    trunksFile: `${runFolder}/pjsip_trunks.conf`,
    settings: {
      httpPort: 8088,
      sipPort: 5060,
      rtpFirst: rtpFirst ?? 40_000,
      rtpLast: rtpLast ?? 40_099,
      ariUser: setting('ARI_USER', 'centralita'),
      ariPassword,
      address: setting('MEDIA_ADDRESS', '127.0.0.1'),
      container: { own: (await lookup(hostname(), 4)).address, gateway: defaultGateway() },
      loopbackGuest: setting('LOOPBACK_GUEST', 'true') === 'true',
      trunkPeers: setting('SIP_TRUNK', '')
        .split(/[\s,]+/)
        .filter(Boolean),
    },
  });
  const [program = '', ...args] = installation.command;
  const child = spawn(program, [...args, '-C', `${runFolder}/etc/asterisk.conf`, '-f'], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill('SIGTERM'));
  child.once('exit', (code) => process.exit(code ?? 1));
}

/** Calls from the host itself arrive through the published port, and so seem to come from here. */
function defaultGateway(): string {
  const route = readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
    .find((fields) => fields[1] === '00000000');
  const bytes = route?.[2]?.match(/../g)?.reverse() ?? [];
  return bytes.length === 4 ? bytes.map((byte) => Number.parseInt(byte, 16)).join('.') : '127.0.0.1';
}
