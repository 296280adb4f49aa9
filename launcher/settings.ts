import { createSocket } from 'node:dgram';
import { parseArgs } from 'node:util';
import { ownAddresses } from '../asterisk-config/install/render.ts';

/** Everything about a run that options or the environment can change. */
export interface Settings {
  /** Where the console and the API listen. */
  httpHost: string;
  httpPort: number;
  postgresPort: number;
  ariPort: number;
  sipPort: number;
  rtpPorts: readonly [number, number];
  /** A Postgres that is already there; without it one is started. */
  databaseUrl: string | undefined;
  /** An Asterisk that is already there; without it one is started. */
  ariUrl: string | undefined;
  /** Given from outside, or computed from the rest. */
  publicUrl: string;
  demo: boolean;
  trunkPeers: readonly string[];
  /** Address for SIP and sound. */
  address: string;
  /** Serving other machines over HTTPS; null for this machine alone. */
  lan: { host: string; port: number; certificateFile: string | undefined; keyFile: string | undefined } | null;
}

/** An option or setting that cannot be used; the message says which and why. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting';
}

export const usage = `Usage: npm start [-- OPTIONS]

  --port N        port of the console (8080; or HTTP_PORT)
  --lan           serve the other machines of the office too, over HTTPS on port 8443 (EDGE_PORT)
  --cert FILE     certificate for --lan, PEM; without it one is made and kept
  --key FILE      its private key, PEM
  --no-demo       no demo data and no demo logins; the first visit sets up the administrator
  --help          this text

Settings from the environment, the usual ones:
  DATABASE_URL             a Postgres 18 of your own in place of the built-in one
  ARI_URL, ARI_PASSWORD    an Asterisk 22 that already runs, SIP_WS_URL where browsers reach its SIP websocket
  ASTERISK_PROGRAM         an Asterisk 22 that is installed but does not run yet
  SIP_TRUNK                your provider's address or addresses, separated by commas
  CENTRALITA_HOME          folder of the data (.centralita)
  CENTRALITA_PORT_OFFSET   added to every port, to run a second copy beside the first
  HTTP_PORT 8080, POSTGRES_PORT 54330, ARI_PORT 8088, SIP_PORT 5060, RTP_PORTS 40000-40999, EDGE_PORT 8443
  CENTRALITA_LAN_ADDRESS   this machine's address in the office, when it has several
`;

/** Reads options and environment. Throws {@link WrongSetting}. Answers null when only help was asked for. */
export async function readSettings(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Settings | null> {
  const options = parse(args);
  if (options.help) return null;
  const env = (name: string): string | undefined => environment[name] || undefined;
  const offset = number('CENTRALITA_PORT_OFFSET', env('CENTRALITA_PORT_OFFSET') ?? '0', -1_024, 20_000);
  const port = (name: string, standard: number, given = env(name)): number =>
    given === undefined ? standard + offset : number(name, given, 1, 65_535);
  const rtp = env('RTP_PORTS')?.split('-') ?? [String(40_000 + offset), String(40_999 + offset)];
  const rtpPorts = [number('RTP_PORTS', rtp[0] ?? '', 1_024, 65_535), number('RTP_PORTS', rtp[1] ?? '', 1_024, 65_535)] as const;
  if (rtpPorts[1] - rtpPorts[0] < 9) throw new WrongSetting('RTP_PORTS must be a range such as 40000-40999, with ten ports at least.');
  if (Boolean(options.cert) !== Boolean(options.key)) throw new WrongSetting('--cert and --key belong together.');
  if (options.cert && !options.lan) throw new WrongSetting('--cert and --key only mean something with --lan.');

  const httpPort = port('HTTP_PORT', 8080, options.port ?? env('HTTP_PORT'));
  const lan = options.lan ? { host: '0.0.0.0', port: port('EDGE_PORT', 8443), certificateFile: options.cert, keyFile: options.key } : null;
  const address = lan ? (env('CENTRALITA_LAN_ADDRESS') ?? (await lanAddress())) : '127.0.0.1';
  const databaseUrl = env('DATABASE_URL');
  const demoWish = options.demo === false ? 'false' : env('DEMO_MODE');
  if (demoWish !== undefined && demoWish !== 'true' && demoWish !== 'false') throw new WrongSetting('DEMO_MODE must be true or false.');
  return {
    httpHost: env('HTTP_HOST') ?? '127.0.0.1',
    httpPort,
    postgresPort: port('POSTGRES_PORT', 54_330),
    ariPort: port('ARI_PORT', 8088),
    sipPort: port('SIP_PORT', 5060),
    rtpPorts,
    databaseUrl,
    ariUrl: env('ARI_URL'),
    publicUrl: env('PUBLIC_URL') ?? (lan ? `https://${address}:${lan.port}` : `http://127.0.0.1:${httpPort}`),
    // Demo logins have known passwords: on a database of the operator's own they come only when he asks for them.
    demo: demoWish === undefined ? databaseUrl === undefined : demoWish === 'true',
    trunkPeers: (env('SIP_TRUNK') ?? '').split(/[\s,]+/).filter(Boolean),
    address,
    lan,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        lan: { type: 'boolean', default: false },
        cert: { type: 'string' },
        key: { type: 'string' },
        demo: { type: 'boolean' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowNegative: true,
    }).values;
  } catch (error) {
    throw new WrongSetting(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}

function number(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (!/^-?\d+$/.test(given) || value < least || value > most)
    throw new WrongSetting(`${name} must be a whole number from ${least} to ${most}, not "${given}".`);
  return value;
}

/** The address that the office sees: the one this machine would use to reach a far network. Nothing is sent. */
async function lanAddress(): Promise<string> {
  const addresses = ownAddresses();
  const [first] = addresses;
  if (!first) throw new WrongSetting('--lan needs a network: this machine has no address but the loopback.');
  const chosen = await new Promise<string | null>((resolve) => {
    const socket = createSocket('udp4');
    const finish = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => finish(null));
    // 192.0.2.0/24 is set aside for documentation; connecting a UDP socket only asks the routing table.
    socket.connect(9, '192.0.2.1', () => finish(socket.address().address));
  });
  return chosen && addresses.includes(chosen) ? chosen : first;
}
