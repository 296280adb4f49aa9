import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyBaseLogger, type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { Refusal } from './errors.ts';
import { type Access, isAllowed, type Viewer } from './viewer.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. Every route under /api must say. */
    access?: Access;
    /** Of a public route only: other websites' pages may call it. The route itself says which. */
    fromOtherSites?: boolean;
  }
  interface FastifyRequest {
    /** Null only on public routes. Use {@link viewerOf} elsewhere. */
    viewer: Viewer | null;
  }
}

export const sessionCookie = 'centralita_session';
export const csrfHeader = 'x-csrf-token';

export interface HttpOptions {
  logger: FastifyBaseLogger;
  trustProxy: boolean;
  /** Where browsers come from: a changing request from another origin is refused. */
  publicUrl: URL;
  /** Extra `connect-src` of the page, for the SIP websocket. */
  connectSources: readonly string[];
  /** Answers paths that no route has, such as the console's pages; null: it is truly not there. */
  otherwise?(request: FastifyRequest, reply: FastifyReply): FastifyReply | null;
  /** The session behind a cookie's token; null when there is none or it ended. */
  resolveViewer(token: string): Promise<Viewer | null>;
}

/** A JSON body larger than this is refused with 413. */
export const bodyLimitBytes = 1_048_576;

/** From the network and from Postgres itself: shutting down, starting up, out of connections, a standby that does not write yet. */
const databaseIsAway = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['57P01', '57P02', '57P03', '08000', '08001', '08003', '08004', '08006', '53300', '25006'],
]);

/**
 * The web server with what holds for every route: sessions, rights, CSRF, one error body, limits, security headers and OpenAPI at
 * /api/docs. Slices add their routes; a route under /api without `config.access` stops the start.
 */
export async function createHttp(options: HttpOptions) {
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: options.trustProxy,
    bodyLimit: bodyLimitBytes,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('viewer', null);

  app.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api') && !route.url.startsWith('/api/docs') && route.config?.access === undefined && route.method !== 'HEAD') {
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it.`);
    }
  });

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", ...options.connectSources],
        frameAncestors: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: options.publicUrl.protocol === 'https:',
    crossOriginEmbedderPolicy: false,
  });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(swagger, {
    openapi: { info: { title: 'Centralita', description: 'Contact centre and telephony CRM', version: '0.1.0' } },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/api/docs' });

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined) return;
    const token = request.cookies[sessionCookie];
    request.viewer = token ? await options.resolveViewer(token) : null;
    if (!isAllowed(access, request.viewer)) {
      throw request.viewer
        ? new Refusal(403, 'forbidden', 'Your role does not allow this.')
        : new Refusal(401, 'notSignedIn', 'Sign in first.');
    }
    const isForOthers = access === 'public' && request.routeOptions.config.fromOtherSites === true;
    if (request.method !== 'GET' && request.method !== 'HEAD' && !isForOthers) refuseForeignRequest(request, options.publicUrl);
  });

  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request, reply) => options.otherwise?.(request, reply) ?? answerRefusal(new Refusal(404, 'notFound', `There is no ${request.method} ${request.url.split('?')[0] ?? ''}.`), reply));
  return app;
}

export type HttpApp = Awaited<ReturnType<typeof createHttp>>;

/** The viewer of a route that is not public. */
export function viewerOf(request: FastifyRequest): Viewer {
  if (!request.viewer) throw new Refusal(401, 'notSignedIn', 'Sign in first.');
  return request.viewer;
}

/** CSRF: browsers always send Origin with a changing request; a session additionally has to show its own token. */
function refuseForeignRequest(request: FastifyRequest, publicUrl: URL): void {
  const origin = request.headers.origin;
  if (origin !== undefined && origin !== publicUrl.origin && origin !== `${request.protocol}://${request.headers.host ?? ''}`) {
    throw new Refusal(403, 'badCsrf', 'This request comes from another site.');
  }
  if (!request.viewer) return;
  const shown = Buffer.from(String(request.headers[csrfHeader] ?? ''));
  const expected = Buffer.from(request.viewer.csrfToken);
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected)) {
    throw new Refusal(403, 'badCsrf', `Send the session's token in the header ${csrfHeader}.`);
  }
}

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Refusal) return answerRefusal(error, reply);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map((issue) => ({ field: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'), message: issue.message ?? '' }));
    const first = issues[0];
    return answerRefusal(
      new Refusal(400, 'invalidBody', first ? `${first.field}: ${first.message}` : 'The request is not valid.', {
        ...(first?.field ? { field: first.field } : {}),
        details: { issues, part: error.validationContext ?? 'body' },
      }),
      reply,
    );
  }
  if (error.statusCode === 429) {
    const retryAfter = Number(reply.getHeader('retry-after') ?? 60);
    return answerRefusal(new Refusal(429, 'tooManyRequests', 'Too many requests: wait a little.', { details: { retryAfterSeconds: retryAfter } }), reply);
  }
  if (error.statusCode === 413) return answerRefusal(new Refusal(413, 'bodyTooLarge', `A body may have ${String(bodyLimitBytes)} bytes.`), reply);
  if (error.statusCode === 415) return answerRefusal(new Refusal(415, 'wrongContentType', 'Send application/json.'), reply);
  if (error.statusCode === 400) return answerRefusal(new Refusal(400, 'malformedJson', 'The body is not valid JSON.'), reply);
  if (isDatabaseAway(error)) {
    request.log.warn({ err: error, url: request.url }, 'database not reachable');
    return answerRefusal(new Refusal(503, 'unavailable', 'The database is not reachable just now; try again.'), reply);
  }
  request.log.error({ err: error, url: request.url, method: request.method }, 'request failed');
  return answerRefusal(new Refusal(500, 'internal', 'Something went wrong on our side; it is in the log.'), reply);
}

/** True when the database itself could not be reached, so that the same request may succeed a moment later. */
export function isDatabaseAway(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && databaseIsAway.has(at.code)) return true;
    if (/Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(at.message)) return true;
  }
  return false;
}

function answerRefusal(refusal: Refusal, reply: FastifyReply): FastifyReply {
  return reply.status(refusal.status).send({
    error: {
      code: refusal.code,
      message: refusal.message,
      ...(refusal.field === undefined ? {} : { field: refusal.field }),
      ...(refusal.details === undefined ? {} : { details: refusal.details }),
    },
  });
}
