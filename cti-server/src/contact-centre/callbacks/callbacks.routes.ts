import { z } from 'zod';
import {
  callback, callbackComplete, callbackInput, callbackPeople, callbackQuery, callbackReassign, callbackReschedule, callbackSnooze, callbackWithAttempts, id, numberZones, numberZonesQuery, page,
} from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { CallbacksService } from './callbacks.service.ts';

const tags = ['callbacks'];
const ofCallback = z.object({ id });
const seen = { access: ['calls.take', 'floor.read', 'floor.manage'] as const };
const arranged = { access: ['calls.take', 'floor.manage'] as const };
const taken = { access: ['calls.take'] as const };

export function registerCallbackRoutes(app: HttpApp, callbacks: CallbacksService): void {
  app.get('/api/callbacks', { config: seen, schema: { tags, summary: 'Callbacks of one’s scope: those due first, ended ones the newest first', querystring: callbackQuery, response: { 200: page(callback) } } }, (request) =>
    callbacks.list(viewerOf(request), request.query),
  );
  app.post('/api/callbacks', { config: arranged, schema: { tags, summary: 'Promise to call somebody back', body: callbackInput, response: { 201: callback } } }, async (request, reply) =>
    reply.status(201).send(await callbacks.create(viewerOf(request), request.body)),
  );
  app.get('/api/callbacks/zones', { config: seen, schema: { tags, summary: 'The time zones a number may be at home in', querystring: numberZonesQuery, response: { 200: numberZones } } }, async (request) =>
    callbacks.zonesFor(request.query.number),
  );
  app.get('/api/callbacks/people', { config: seen, schema: { tags, summary: 'Whom one may give a callback to', response: { 200: callbackPeople } } }, async (request) => callbacks.people(viewerOf(request)));
  app.get('/api/callbacks/:id', { config: seen, schema: { tags, summary: 'One callback with its attempts', params: ofCallback, response: { 200: callbackWithAttempts } } }, (request) =>
    callbacks.get(viewerOf(request), request.params.id),
  );
  app.put('/api/callbacks/:id/time', { config: arranged, schema: { tags, summary: 'Call at another time', params: ofCallback, body: callbackReschedule, response: { 200: callback } } }, (request) =>
    callbacks.reschedule(viewerOf(request), request.params.id, request.body),
  );
  app.put('/api/callbacks/:id/owner', { config: arranged, schema: { tags, summary: 'Give it to an agent, or to a queue', params: ofCallback, body: callbackReassign, response: { 200: callback } } }, (request) =>
    callbacks.reassign(viewerOf(request), request.params.id, request.body),
  );
  app.post('/api/callbacks/:id/cancel', { config: arranged, schema: { tags, summary: 'Call it off', params: ofCallback, response: { 200: callback } } }, (request) => callbacks.cancel(viewerOf(request), request.params.id));
  app.post('/api/callbacks/:id/claim', { config: taken, schema: { tags, summary: 'Take it on; one of many who try has it', params: ofCallback, response: { 200: callback } } }, (request) =>
    callbacks.claim(viewerOf(request), request.params.id),
  );
  app.post('/api/callbacks/:id/release', { config: taken, schema: { tags, summary: 'Give it back without having called', params: ofCallback, response: { 200: callback } } }, (request) =>
    callbacks.release(viewerOf(request), request.params.id),
  );
  app.post('/api/callbacks/:id/complete', { config: arranged, schema: { tags, summary: 'Say that it is settled', params: ofCallback, body: callbackComplete, response: { 200: callback } } }, (request) =>
    callbacks.complete(viewerOf(request), request.params.id, request.body.note),
  );
  app.post('/api/callbacks/:id/snooze', { config: taken, schema: { tags, summary: 'Be reminded again later; it stays due', params: ofCallback, body: callbackSnooze, response: { 200: callback } } }, (request) =>
    callbacks.snooze(viewerOf(request), request.params.id, request.body.minutes),
  );
}
