import { z } from 'zod';
import { id, page, voicemail, voicemailChange, voicemailCounts, voicemailQuery } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { partOf } from './voicemail-rules.ts';
import type { VoicemailService } from './voicemail.service.ts';

const tags = ['voicemail'];
const params = z.object({ id });
const config = { access: ['calls.take', 'floor.read', 'floor.manage'] as const };

export function registerVoicemailRoutes(app: HttpApp, voicemails: VoicemailService): void {
  app.get('/api/voicemails', { config, schema: { tags, summary: 'Voicemails of one’s queues, the newest first', querystring: voicemailQuery, response: { 200: page(voicemail) } } }, (request) =>
    voicemails.list(viewerOf(request), request.query),
  );
  app.get('/api/voicemails/counts', { config, schema: { tags, summary: 'How many lie in each of one’s queues', response: { 200: voicemailCounts } } }, (request) => voicemails.counts(viewerOf(request)));
  app.get('/api/voicemails/:id', { config, schema: { tags, summary: 'One voicemail', params, response: { 200: voicemail } } }, (request) => voicemails.get(viewerOf(request), request.params.id));
  app.get('/api/voicemails/:id/sound', { config, schema: { tags, summary: 'What was said; players may ask for parts', params } }, async (request, reply) => {
    const { mediaType, content } = await voicemails.sound(viewerOf(request), request.params.id);
    reply.header('content-type', mediaType).header('accept-ranges', 'bytes').header('cache-control', 'private, max-age=3600').header('x-content-type-options', 'nosniff');
    const part = partOf(request.headers.range, content.length);
    if (part === null) return reply.send(content);
    if (part === 'none') return reply.status(416).header('content-range', `bytes */${String(content.length)}`).send();
    return reply.status(206).header('content-range', `bytes ${String(part.from)}-${String(part.to)}/${String(content.length)}`).send(content.subarray(part.from, part.to + 1));
  });
  app.post('/api/voicemails/:id/heard', { config, schema: { tags, summary: 'Say that one has listened', params, response: { 200: voicemail } } }, (request) => voicemails.heard(viewerOf(request), request.params.id));
  app.patch('/api/voicemails/:id', { config, schema: { tags, summary: 'Take, link, write down, finish', params, body: voicemailChange, response: { 200: voicemail } } }, (request) =>
    voicemails.change(viewerOf(request), request.params.id, request.body),
  );
}
