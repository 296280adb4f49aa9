import { readFileSync } from 'node:fs';
import { ServerResponse, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { createProxyServer } from 'httpxy';

/**
 * The door for other machines: HTTPS and WSS outside, plain HTTP to cti-server and Asterisk inside. A process of its own, so that SIP
 * and the browsers' calls live on while cti-server is being restarted. Settings: EDGE_HOST, EDGE_PORT, EDGE_CERTIFICATE, EDGE_KEY,
 * EDGE_CONSOLE (address of cti-server), EDGE_SIP (address of Asterisk's websocket).
 */
const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
};
const consoleTarget = setting('EDGE_CONSOLE');
const sipTarget = setting('EDGE_SIP');
const proxy = createProxyServer({ xfwd: true, secure: false });

/** What a browser says about itself here would be believed by cti-server as if this edge had said it. */
function forgetClaims(request: IncomingMessage): void {
  for (const name of Object.keys(request.headers))
    if (name.startsWith('x-forwarded-') || name === 'forwarded') delete request.headers[name];
}

// Only the event tells of broken connections once somebody listens to it; the promises then merely end.
proxy.on('error', (_error, _request, target) => {
  if (!(target instanceof ServerResponse)) return target?.destroy();
  if (target.headersSent) return target.destroy();
  target.writeHead(502, { 'content-type': 'application/json', 'retry-after': '1' });
  return target.end(
    JSON.stringify({ error: { code: 'serverRestarting', message: 'The server is being restarted; try again in a moment.' } }),
  );
});

const server = createServer(
  { cert: readFileSync(setting('EDGE_CERTIFICATE')), key: readFileSync(setting('EDGE_KEY')) },
  (request, response) => {
    forgetClaims(request);
    proxy.web(request, response, { target: consoleTarget }).catch(() => response.destroy());
  },
);
server.on('upgrade', (request, socket, head) => {
  forgetClaims(request);
  const isSip = new URL(request.url ?? '/', 'http://edge').pathname === '/sip';
  socket.on('error', () => socket.destroy());
  // Only SIP over websocket leads to Asterisk; its REST interface is not reachable from here.
  proxy
    .ws(request, socket as Socket, isSip ? { target: sipTarget, ignorePath: true } : { target: consoleTarget }, head)
    .catch(() => socket.destroy());
});
server.listen(Number(setting('EDGE_PORT')), setting('EDGE_HOST'));
process.once('SIGTERM', () => process.exit(0));
