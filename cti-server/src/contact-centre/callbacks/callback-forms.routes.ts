import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callbackForm, callbackFormInput, id, publicCallbackForm, publicCallbackInput } from '../../contracts/index.ts';
import { forbidden } from '../../platform/errors.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { callbackFormScript } from './callback-form-script.ts';
import type { CallbackForms } from './callback-forms.service.ts';

const tags = ['callbacks'];
const config = { access: ['queues.manage'] as const };
/** From one address: a person who types, and an office behind one address. */
const rateLimit = { max: 30, timeWindow: 60_000 };
const open = { access: 'public', fromOtherSites: true, rateLimit } as const;
const idParams = z.object({ id });
const tokenParams = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{20,64}$/) });

export function registerCallbackFormRoutes(app: HttpApp, forms: CallbackForms): void {
  app.get('/api/callback-forms', { config, schema: { tags, summary: 'Forms for websites by which people ask to be called', response: { 200: z.object({ items: z.array(callbackForm) }) } } }, async () => ({
    items: await forms.list(),
  }));
  app.post('/api/callback-forms', { config, schema: { tags, summary: 'Make a form', body: callbackFormInput, response: { 201: callbackForm } } }, async (request, reply) =>
    reply.status(201).send(await forms.create(viewerOf(request), request.body)),
  );
  app.put('/api/callback-forms/:id', { config, schema: { tags, summary: 'Change a form', params: idParams, body: callbackFormInput.extend({ version: z.int().min(0) }), response: { 200: callbackForm } } }, (request) =>
    forms.change(viewerOf(request), request.params.id, request.body),
  );
  app.delete('/api/callback-forms/:id', { config, schema: { tags, summary: 'Take a form away; callbacks and consents that came in stay', params: idParams, response: { 204: z.null() } } }, async (request, reply) => {
    await forms.remove(viewerOf(request), request.params.id);
    return reply.status(204).send(null);
  });

  /** Before anything else, so that a page may read a refusal too. */
  const letPageIn = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const params = tokenParams.safeParse(request.params);
    if (!params.success) return;
    const form = await forms.publicForm(params.data.token);
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (forms.isAllowed(form, origin)) {
      reply.header('access-control-allow-origin', origin).header('access-control-allow-headers', 'content-type').header('access-control-allow-methods', 'GET, POST').header('access-control-max-age', '600');
    } else if (request.method === 'POST') throw forbidden('send this form from here');
  };
  app.options('/api/public/callback-forms/:token', { config: open, onRequest: letPageIn, schema: { hide: true, params: tokenParams, response: { 204: z.null() } } }, async (_request, reply) => reply.status(204).send(null));
  app.get(
    '/api/public/callback-forms/:token',
    { config: open, onRequest: letPageIn, schema: { tags, summary: 'What a website needs to draw a form', params: tokenParams, response: { 200: publicCallbackForm } } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return forms.draw(await forms.publicForm(request.params.token));
    },
  );
  app.post(
    '/api/public/callback-forms/:token',
    { config: open, onRequest: letPageIn, schema: { tags, summary: 'An answer from a website becomes a callback', params: tokenParams, body: publicCallbackInput, response: { 201: z.object({ ok: z.literal(true) }) } } },
    async (request, reply) => {
      await forms.ask(await forms.publicForm(request.params.token), request.body, request.ip);
      return reply.status(201).send({ ok: true });
    },
  );
  app.get(
    '/api/public/callback-forms/:token/form.js',
    { config: open, schema: { tags, summary: 'The line that a website puts where its form should stand', params: tokenParams, response: { 200: z.string() } } },
    async (request, reply) => {
      await forms.publicForm(request.params.token);
      return reply
        .header('content-type', 'text/javascript; charset=utf-8')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300')
        .send(callbackFormScript(forms.addressOf(request.params.token)));
    },
  );
}
