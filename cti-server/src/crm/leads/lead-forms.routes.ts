import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { id, instant, leadForm, leadFormInput, publicLeadForm, publicLeadInput } from '../../contracts/index.ts';
import type { Config } from '../../platform/config.ts';
import { forbidden } from '../../platform/errors.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import { formScript } from './form-script.ts';
import type { LeadForms } from './lead-forms.service.ts';

const tags = ['leads'];
const config = { access: 'signedIn' } as const;
/** From one address: a person who types, and an office behind one address. */
const rateLimit = { max: 30, timeWindow: 60_000 };
const open = { access: 'public', fromOtherSites: true, rateLimit } as const;
const tokenParams = z.object({ token: z.string().regex(/^[A-Za-z0-9_-]{20,64}$/) });
const consent = z.object({ id, at: instant, text: z.string(), agreed: z.boolean(), address: z.string(), page: z.string(), formName: z.string() });

export function registerLeadFormRoutes(app: HttpApp, forms: LeadForms, settings: Pick<Config, 'publicUrl'>): void {
  app.get('/api/lead-forms', {
    config,
    schema: { tags, summary: 'Forms for websites; needs the right to configure leads', response: { 200: z.object({ items: z.array(leadForm) }), ...refusals } },
    handler: async (request) => ({ items: await forms.list(viewerOf(request)) }),
  });
  app.post('/api/lead-forms', {
    config,
    schema: { tags, summary: 'Make a form', body: leadFormInput, response: { 201: leadForm, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await forms.create(viewerOf(request), request.body)),
  });
  app.put('/api/lead-forms/:id', {
    config,
    schema: { tags, summary: 'Change a form', params: idParams, body: leadFormInput.extend({ version: z.int().min(0) }), response: { 200: leadForm, ...refusals } },
    handler: (request) => forms.change(viewerOf(request), request.params.id, request.body),
  });
  app.delete('/api/lead-forms/:id', {
    config,
    schema: { tags, summary: 'Take a form away; leads and consents that came in stay', params: idParams, response: { 204: z.null(), ...refusals } },
    handler: async (request, reply) => {
      await forms.remove(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });
  app.get('/api/leads/:id/consents', {
    config,
    schema: { tags, summary: 'What a lead’s person agreed to, word for word, when and where', params: idParams, response: { 200: z.object({ items: z.array(consent) }), ...refusals } },
    handler: async (request) => ({ items: await forms.consents(viewerOf(request), request.params.id) }),
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
  app.options('/api/public/lead-forms/:token', {
    config: open,
    onRequest: letPageIn,
    schema: { hide: true, params: tokenParams, response: { 204: z.null(), ...refusals } },
    handler: async (_request, reply) => reply.status(204).send(null),
  });
  app.get('/api/public/lead-forms/:token', {
    config: open,
    onRequest: letPageIn,
    schema: { tags, summary: 'What a website needs to draw a form', params: tokenParams, response: { 200: publicLeadForm, ...refusals } },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return forms.draw(await forms.publicForm(request.params.token));
    },
  });
  app.post('/api/public/lead-forms/:token', {
    config: open,
    onRequest: letPageIn,
    schema: { tags, summary: 'An answer from a website becomes a lead', params: tokenParams, body: publicLeadInput, response: { 201: z.object({ ok: z.literal(true) }), ...refusals } },
    handler: async (request, reply) => {
      await forms.capture(await forms.publicForm(request.params.token), request.body, request.ip);
      return reply.status(201).send({ ok: true });
    },
  });
  app.get('/api/public/lead-forms/:token/form.js', {
    config: open,
    schema: { tags, summary: 'The line that a website puts where its form should stand', params: tokenParams, response: { 200: z.string(), ...refusals } },
    handler: async (request, reply) => {
      await forms.publicForm(request.params.token);
      return reply
        .header('content-type', 'text/javascript; charset=utf-8')
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', 'public, max-age=300')
        .send(formScript(new URL(`/api/public/lead-forms/${request.params.token}`, settings.publicUrl).href));
    },
  });
}
