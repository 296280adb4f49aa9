import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAsterisk, type RunningAsterisk } from './asterisk.ts';
import { freePort } from './ports.ts';

let asterisk: RunningAsterisk;
let trunkPort: number;
let complaintsAtStart: string[];
const folder = mkdtempSync(join(tmpdir(), 'centralita-asterisk-'));

beforeAll(async () => {
  trunkPort = await freePort('udp');
  asterisk = await startAsterisk({
    folder,
    rtpPorts: [43_000, 43_099],
    trunkPeers: [`127.0.0.1:${trunkPort}`],
    // Answers at once and stays, so that a test can look at what kind of channel it became.
    extraConfig: { 'extensions.conf': '[from-trunk](+)\nexten => 777,1,Answer(0,i)\n same => n,Wait(20)\n' },
  });
  complaintsAtStart = readFileSync(join(folder, 'log/messages.log'), 'utf8')
    .split('\n')
    .filter((line) => /WARNING|ERROR/.test(line));
  for (const [type, fields] of [
    ['auth', { auth_type: 'userpass', username: 'desk-101', password: 'secret' }],
    ['aor', { max_contacts: '1' }],
    ['endpoint', { context: 'from-agent', auth: 'desk-101', aors: 'desk-101', disallow: 'all', allow: 'alaw' }],
  ] as const) {
    const made = await ari('PUT', `asterisk/config/dynamic/res_pjsip/${type}/desk-101`, {
      fields: Object.entries(fields).map(([attribute, value]) => ({ attribute, value })),
    });
    expect(made.status).toBe(200);
  }
}, 120_000);

afterAll(async () => {
  await asterisk.stop();
  rmSync(folder, { recursive: true, force: true });
});

function ari(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${asterisk.ariUrl}/ari/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${asterisk.ariUser}:${asterisk.ariPassword}`)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Sends one SIP request over UDP and answers the first final response. */
async function request(
  method: string,
  from: { user: string; host?: string; port?: number },
  to: string,
): Promise<{ status: number; text: string; callId: string }> {
  const socket = createSocket('udp4');
  const host = from.host ?? '127.0.0.1';
  socket.bind(from.port ?? 0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  const callId = `${crypto.randomUUID()}@${host}`;
  const sdp = `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\nm=audio 26100 RTP/AVP 8\r\n`;
  const body = method === 'INVITE' ? sdp : '';
  const lines = [
    `${method} sip:${to}@127.0.0.1:${asterisk.sipPort} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${port};branch=z9hG4bK${crypto.randomUUID()}`,
    `From: <sip:${from.user}@${host}:${port}>;tag=1`,
    `To: <sip:${to}@127.0.0.1>`,
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${from.user}@${host}:${port}>`,
    'Max-Forwards: 70',
    ...(body ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
  ];
  const answer = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no final answer to ${method} as ${from.user}`)), 8_000);
    socket.on('message', (message) => {
      const text = message.toString();
      if (/^SIP\/2.0 1/.test(text)) return;
      clearTimeout(late);
      resolve(text);
    });
  });
  socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, asterisk.sipPort, '127.0.0.1');
  try {
    const text = await answer;
    return { status: Number(text.split(' ')[1]), text, callId };
  } finally {
    socket.close();
  }
}

async function channelOf(user: string): Promise<{ name: string } | undefined> {
  const channels = (await (await ari('GET', 'channels')).json()) as { id: string; name: string; caller: { number: string } }[];
  const found = channels.find((channel) => channel.caller.number === user);
  if (found) await ari('DELETE', `channels/${found.id}`);
  return found;
}

describe('who gets in', () => {
  test('any phone on this machine rings the hotline without an account, and its sound stays on this machine', async () => {
    const { status, text } = await request('INVITE', { user: '600111222' }, '777');
    expect(status).toBe(200);
    expect(text).toContain('c=IN IP4 127.0.0.1');
    expect((await channelOf('600111222'))?.name).toMatch(/^PJSIP\/loopback-guest-/);
  });

  test('a name of a trunk or of the guest opens nothing from another address', async () => {
    for (const user of ['trunk', 'loopback-guest', 'maria'])
      expect((await request('INVITE', { user, host: '127.0.0.2' }, '777')).status).toBe(401);
  });

  test('a desk phone is asked for its password, also on this machine', async () => {
    expect((await request('REGISTER', { user: 'desk-101' }, 'desk-101')).status).toBe(401);
    expect((await request('INVITE', { user: 'desk-101' }, '777')).status).toBe(401);
  });

  test('calls from the address of the trunk are its own, whatever name they bear', async () => {
    expect((await request('INVITE', { user: '911222333', port: trunkPort }, '777')).status).toBe(200);
    expect((await channelOf('911222333'))?.name).toMatch(/^PJSIP\/trunk-/);
  });
});

describe('the dialplan', () => {
  test('keeps a caller while cti-server is away, and hands him over with the number of tries', async () => {
    const placed = await ari('POST', 'channels', {
      endpoint: 'Local/900@from-trunk',
      context: 'demo-caller',
      extension: 'es',
      priority: 1,
      callerId: '600333444',
    });
    expect(placed.status).toBe(200);
    // Only a caller that was turned away at least once proves that he was kept.
    await expect.poll(async () => Number(await tries()), { timeout: 10_000 }).toBeGreaterThan(0);
    const events = new WebSocket(
      `${asterisk.ariUrl.replace('http', 'ws')}/ari/events?app=centralita&api_key=${asterisk.ariUser}:${asterisk.ariPassword}`,
    );
    const start = await new Promise<{ args: string[] }>((resolve) => {
      events.addEventListener('message', ({ data }) => {
        const event = JSON.parse(String(data)) as { type: string; args: string[] };
        if (event.type === 'StasisStart') resolve(event);
      });
    });
    events.close();
    expect(start.args.slice(0, 2)).toEqual(['inbound', '900']);
    expect(Number(start.args[2])).toBeGreaterThan(0);
    for (const { id } of (await (await ari('GET', 'channels')).json()) as { id: string }[]) await ari('DELETE', `channels/${id}`);
  }, 30_000);

  async function tries(): Promise<string> {
    const channels = (await (await ari('GET', 'channels')).json()) as { id: string; name: string }[];
    const waiting = channels.find(({ name }) => name.endsWith(';2'));
    if (!waiting) return '-1';
    const found = (await (await ari('GET', `channels/${waiting.id}/variable?variable=TRIES`)).json()) as { value?: string };
    return found.value ?? '-1';
  }
});

describe('the installation', () => {
  test('speaks every announcement in every language', async () => {
    const events = new WebSocket(
      `${asterisk.ariUrl.replace('http', 'ws')}/ari/events?app=listener&api_key=${asterisk.ariUser}:${asterisk.ariPassword}`,
    );
    const waiting = new Map<string, (type: string) => void>();
    events.addEventListener('message', ({ data }) => {
      const event = JSON.parse(String(data)) as { type: string; playback?: { id: string }; channel?: { id: string } };
      waiting.get(event.playback?.id ?? event.channel?.id ?? '')?.(event.type);
    });
    const told = (id: string): Promise<string> => new Promise((resolve) => waiting.set(id, resolve));
    await once(events, 'open');
    const entered = told('listener-1');
    await ari('POST', 'channels', {
      endpoint: 'Local/777@from-trunk',
      app: 'listener',
      channelId: 'listener-1',
      otherChannelId: 'listener-2',
    });
    await entered;
    for (const language of ['es', 'en', 'zh-CN', 'zh-TW'])
      for (const name of [
        'welcome',
        'all-agents-busy',
        'you-are-next',
        'your-position-is',
        'number-not-in-service',
        'closed-now',
        'demo-caller',
        'numbers/1',
        'numbers/99',
      ]) {
        const id = `${language}/${name}`.replaceAll('/', '-');
        const first = told(id);
        await ari('POST', `channels/listener-1/play/${id}`, { media: [`sound:centralita/${language}/${name}`] });
        // A sound that is not there ends at once, without having begun.
        expect(`${language}/${name} ${await first}`).toBe(`${language}/${name} PlaybackStarted`);
        const ended = told(id);
        await ari('DELETE', `playbacks/${id}`);
        await ended;
      }
    await ari('DELETE', 'channels/listener-1');
    events.close();
  });

  test('keeps its password to its owner, and the same one over restarts', async () => {
    const file = join(folder, 'ari-password');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8').trim()).toBe(asterisk.ariPassword);
    const before = asterisk.identity().pid;
    await asterisk.kill();
    await asterisk.start();
    expect(asterisk.identity().pid).not.toBe(before);
    expect((await ari('GET', 'asterisk/info')).status).toBe(200);
  });

  test('still knows the desk phone after a restart', async () => {
    expect((await request('REGISTER', { user: 'desk-101' }, 'desk-101')).status).toBe(401);
    expect(await asterisk.command('pjsip show endpoint desk-101')).toContain('desk-101');
  });

  test('starts without a warning', () => {
    expect(complaintsAtStart).toEqual([]);
  });
});
