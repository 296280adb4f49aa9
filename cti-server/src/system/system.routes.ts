import { timingSafeEqual } from 'node:crypto';
import { systemStatus } from '../contracts/index.ts';
import { Refusal } from '../platform/errors.ts';
import type { HttpApp } from '../platform/http.ts';
import type { Metrics } from './metrics.ts';
import type { SystemService } from './system.service.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

export function registerSystemRoutes(app: HttpApp, system: SystemService, metrics: Metrics, metricsToken: string | undefined): void {
  app.get(
    '/api/system',
    { config: { access: ['system.read'] }, schema: { tags: ['system'], summary: 'How each part does', response: { 200: systemStatus } } },
    () => system.status(),
  );
  // no names or numbers of people in here: it may be read by whoever watches the machine
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    const status = await system.status();
    const serves = status.parts.every((part) => part.kind !== 'database' || part.state === 'ok');
    return reply.status(serves ? 200 : 503).send(status);
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const isHere = metricsToken === undefined && loopback.has(request.ip);
    if (!isHere && !hasToken(request.headers.authorization, metricsToken)) {
      throw new Refusal(403, 'forbidden', 'Metrics need the token METRICS_TOKEN, or a request from this machine.');
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function hasToken(header: string | undefined, token: string | undefined): boolean {
  if (token === undefined || header === undefined) return false;
  const shown = Buffer.from(header.replace(/^Bearer /, ''));
  const expected = Buffer.from(token);
  return shown.length === expected.length && timingSafeEqual(shown, expected);
}
