import type { FastifyReply, FastifyRequest } from 'fastify';
import { changePassword, preferences, publicState, session, setup as setupBody, signIn, type Session } from '../contracts/index.ts';
import { type HttpApp, sessionCookie, viewerOf } from '../platform/http.ts';
import { nothing, refusals } from './route-schemas.ts';
import { absoluteLimitMs } from './session-rules.ts';
import type { RequestOrigin, Sessions } from './sessions.service.ts';
import type { createSetup } from './setup.service.ts';

const tags = ['session'];

export function registerSessionRoutes(app: HttpApp, parts: { sessions: Sessions; setup: ReturnType<typeof createSetup>; isSecure: boolean }): void {
  const { sessions, setup, isSecure } = parts;
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure } as const;

  async function begin(reply: FastifyReply, token: string): Promise<Session> {
    const viewer = await sessions.resolveViewer(token);
    if (!viewer) throw new Error('The session that was opened just now cannot be found.');
    // the browser keeps it over restarts; when it ends is decided here
    reply.setCookie(sessionCookie, token, { ...cookie, maxAge: absoluteLimitMs / 1000 });
    return sessions.describe(viewer);
  }

  app.get('/api/public', {
    config: { access: 'public' },
    schema: { tags, summary: 'What the sign-in page needs before anyone signed in', response: { 200: publicState } },
    handler: () => setup.describePublicly(),
  });

  app.post('/api/setup', {
    config: { access: 'public' },
    schema: { tags, summary: 'Make the first administrator, with the code that the server logged', body: setupBody, response: { 200: session, ...refusals } },
    handler: async (request, reply) => begin(reply, (await setup.setUp(request.body, originOf(request))).token),
  });

  app.get('/api/session', {
    config: { access: 'signedIn' },
    schema: { tags, summary: 'Who is signed in, with the token for x-csrf-token', response: { 200: session, ...refusals } },
    handler: (request) => sessions.describe(viewerOf(request)),
  });

  app.post('/api/session', {
    config: { access: 'public' },
    schema: { tags, summary: 'Sign in', body: signIn, response: { 200: session, ...refusals } },
    handler: async (request, reply) => begin(reply, (await sessions.signIn(request.body, originOf(request), request.viewer)).token),
  });

  app.delete('/api/session', {
    config: { access: 'signedIn' },
    schema: { tags, summary: 'Sign out', response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await sessions.signOut(viewerOf(request));
      return reply.clearCookie(sessionCookie, cookie).status(204).send(null);
    },
  });

  app.patch('/api/session/preferences', {
    config: { access: 'signedIn' },
    schema: { tags, summary: 'Change one’s language or theme', body: preferences, response: { 200: session, ...refusals } },
    handler: (request) => sessions.changePreferences(viewerOf(request), request.body),
  });

  app.post('/api/session/password', {
    config: { access: 'signedIn' },
    schema: { tags, summary: 'Change one’s password; other sessions of the same user end', body: changePassword, response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await sessions.changePassword(viewerOf(request), request.body);
      return reply.status(204).send(null);
    },
  });
}

const originOf = (request: FastifyRequest): RequestOrigin => ({ address: request.ip, userAgent: request.headers['user-agent'] ?? '' });
