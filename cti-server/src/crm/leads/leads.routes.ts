import { z } from 'zod';
import {
  assignAnswer, assignInput, convertInput, followUp, followUpInput, leadCirculation, leadConversion, leadLimits, leadQuery, leadRow, leadRulesAnswer, leadRulesInput, page, pageQuery, record,
} from '../../contracts/index.ts';
import { forbidden } from '../../platform/errors.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { RecordsService } from '../records/index.ts';
import { idParams, refusals } from '../refusals.ts';
import type { Assignment } from './assignment.service.ts';
import type { Conversion } from './conversion.service.ts';
import type { LeadsService } from './leads.service.ts';

const tags = ['leads'];
/** Which leads, and what may be done with them, the rights on records say. */
const config = { access: 'signedIn' } as const;

export function registerLeadRoutes(app: HttpApp, parts: { leads: LeadsService; assignment: Assignment; conversion: Conversion; records: RecordsService }): void {
  const { leads, assignment, conversion, records } = parts;

  app.get('/api/leads', {
    config,
    schema: { tags, summary: 'Open leads: one’s own, the pool, or everybody’s one may see, each with what the rules say of it', querystring: leadQuery, response: { 200: page(leadRow), ...refusals } },
    handler: (request) => leads.list(viewerOf(request), request.query),
  });
  app.get('/api/leads/limits', {
    config,
    schema: { tags, summary: 'How far one has used one’s limits', response: { 200: leadLimits, ...refusals } },
    handler: (request) => leads.limits(viewerOf(request)),
  });
  app.get('/api/leads/:id/circulation', {
    config,
    schema: { tags, summary: 'When and why it goes to the pool, or whether one may take it', params: idParams, response: { 200: leadCirculation, ...refusals } },
    handler: (request) => leads.circulation(viewerOf(request), request.params.id),
  });
  app.post('/api/leads/:id/grab', {
    config,
    schema: { tags, summary: 'Take a lead from the pool; 409 taken, maximumHeld, lockedOut or grabsUsedUp says why not', params: idParams, response: { 200: record, ...refusals } },
    handler: (request) => leads.grab(viewerOf(request), request.params.id),
  });
  app.post('/api/leads/:id/release', {
    config,
    schema: { tags, summary: 'Give a lead back to the pool', params: idParams, response: { 204: z.null(), ...refusals } },
    handler: async (request, reply) => {
      await leads.release(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });
  app.get('/api/leads/:id/follow-ups', {
    config,
    schema: { tags, summary: 'What was done with a lead, the newest first', params: idParams, querystring: pageQuery, response: { 200: page(followUp), ...refusals } },
    handler: (request) => leads.followUps(viewerOf(request), request.params.id, request.query),
  });
  app.post('/api/leads/:id/follow-ups', {
    config,
    schema: { tags, summary: 'Write down what was done, and the next step', params: idParams, body: followUpInput, response: { 201: record, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await leads.followUp(viewerOf(request), request.params.id, request.body)),
  });
  app.get('/api/leads/:id/conversion', {
    config,
    schema: { tags, summary: 'The customer that a lead became, and whether that can be taken back', params: idParams, response: { 200: leadConversion, ...refusals } },
    handler: (request) => conversion.get(viewerOf(request), request.params.id),
  });
  app.post('/api/leads/:id/convert', {
    config,
    schema: { tags, summary: 'Make a lead a customer, new or one that is there, with its number and history', params: idParams, body: convertInput, response: { 201: leadConversion, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await conversion.convert(viewerOf(request), request.params.id, request.body)),
  });
  app.post('/api/leads/:id/convert/undo', {
    config,
    schema: { tags, summary: 'Take a conversion back; 409 customerUsed once something happened with the new customer', params: idParams, response: { 204: z.null(), ...refusals } },
    handler: async (request, reply) => {
      await conversion.undo(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });
  app.post('/api/leads/assign', {
    config,
    schema: { tags, summary: 'Hand leads of the pool out as the routes say; who may change more than their own leads', body: assignInput, response: { 200: assignAnswer, ...refusals } },
    handler: (request) => {
      const viewer = viewerOf(request);
      const scope = records.scopeOf(viewer, records.typeFor(viewer, 'lead'), 'change');
      if (scope === 'none' || scope === 'own') throw forbidden('assign leads');
      return assignment.assignMany(viewer, request.body.ids, request.body.limit);
    },
  });
  app.get('/api/lead-rules', {
    config,
    schema: { tags, summary: 'How leads go round, and who gets which', response: { 200: leadRulesAnswer, ...refusals } },
    handler: (request) => leads.rules(viewerOf(request)),
  });
  app.put('/api/lead-rules', {
    config,
    schema: { tags, summary: 'Change how leads go round; needs the right to configure leads', body: leadRulesInput, response: { 200: leadRulesAnswer, ...refusals } },
    handler: (request) => leads.changeRules(viewerOf(request), request.body),
  });
}
