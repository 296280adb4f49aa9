import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownAddresses } from '../asterisk-config/install/render.ts';
import { ownCertificate } from './certificate.ts';
import { startNodePart, type Part } from './part.ts';
import { freePort } from './ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'centralita-edge-'));
let edge: Part;
let port: number;
let seen: IncomingHttpHeaders;
/** Stands for cti-server and for Asterisk: answers pages, and says which of its websockets was asked for. */
const inside = createServer((incoming, response) => {
  seen = incoming.headers;
  response.end(`page ${incoming.url}`);
});
inside.on('upgrade', (incoming, socket) =>
  socket.end(`HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nx-asked-for: ${incoming.url}\r\n\r\n`),
);

beforeAll(async () => {
  const files = await ownCertificate(folder, '192.0.2.7');
  inside.listen(0, '127.0.0.1');
  await once(inside, 'listening');
  const address = inside.address();
  const insidePort = typeof address === 'object' && address ? address.port : 0;
  port = await freePort();
  edge = await startNodePart({
    name: 'edge',
    script: ['launcher/edge.ts'],
    logFile: join(folder, 'edge.log'),
    readyPort: port,
    env: {
      EDGE_HOST: '127.0.0.1',
      EDGE_PORT: String(port),
      EDGE_CERTIFICATE: files.certificateFile,
      EDGE_KEY: files.keyFile,
      EDGE_CONSOLE: `http://127.0.0.1:${insidePort}`,
      EDGE_SIP: `http://127.0.0.1:${insidePort}/ws`,
    },
  });
});
afterAll(async () => {
  await edge.stop();
  inside.close();
  rmSync(folder, { recursive: true, force: true });
});

function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .once('error', reject)
      .end();
  });
}

/** Asks for a websocket and answers the first lines that come back. */
async function upgrade(path: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return first.toString();
}

describe('the edge', () => {
  test('brings pages of cti-server', async () => {
    expect(await get('/desk?x=1')).toEqual({ status: 200, body: 'page /desk?x=1' });
  });

  test('tells who asks, and believes nobody who tells it himself', async () => {
    await get('/', { 'x-forwarded-for': '10.9.9.9', 'x-forwarded-proto': 'http', forwarded: 'for=10.9.9.9' });
    expect(seen['x-forwarded-for']).not.toContain('10.9.9.9');
    expect(seen['x-forwarded-for']).toContain('127.0.0.1');
    expect(seen['x-forwarded-proto']).toBe('https');
    expect(seen.forwarded).toBeUndefined();
  });

  test('leads /sip to Asterisk’s websocket and every other one to cti-server', async () => {
    expect(await upgrade('/sip')).toContain('x-asked-for: /ws');
    expect(await upgrade('/socket.io/?EIO=4')).toContain('x-asked-for: /socket.io/?EIO=4');
    expect(await upgrade('/ari/events')).toContain('x-asked-for: /ari/events');
  });

  test('says that the server is being restarted while it is away, and lives on', async () => {
    inside.closeAllConnections();
    const address = inside.address();
    inside.close();
    await once(inside, 'close');
    expect((await get('/api/me')).status).toBe(502);
    inside.listen(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
    await once(inside, 'listening');
    expect((await get('/')).status).toBe(200);
  });
});

describe('the certificate', () => {
  test('names every address of this machine, is kept, and its key is the owner’s alone', async () => {
    const files = await ownCertificate(folder, '192.0.2.7');
    const certificate = new X509Certificate(readFileSync(files.certificateFile));
    for (const address of ['192.0.2.7', '127.0.0.1', ...ownAddresses()]) expect(certificate.checkIP(address)).toBeDefined();
    expect(certificate.checkHost('localhost')).toBeDefined();
    expect(statSync(files.keyFile).mode & 0o077).toBe(0);
    expect(new X509Certificate(readFileSync((await ownCertificate(folder, '192.0.2.7')).certificateFile)).serialNumber).toBe(
      certificate.serialNumber,
    );
  });

  test('is made anew when this machine got another address', async () => {
    const before = new X509Certificate(readFileSync(join(folder, 'certificate.pem'))).serialNumber;
    await ownCertificate(folder, '192.0.2.8');
    expect(new X509Certificate(readFileSync(join(folder, 'certificate.pem'))).serialNumber).not.toBe(before);
  });
});
