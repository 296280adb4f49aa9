import { z } from 'zod';
import { duplicate, duplicateGroup, duplicateGroupQuery, duplicateQuery, handOverAnswer, handOverInput, id, line, mergeAnswer, mergeInput, page, record } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { refusals } from '../refusals.ts';
import type { RecordsParts } from './index.ts';

const tags = ['records'];
const config = { access: 'signedIn' } as const;
const ofType = z.object({ type: line(50) });

/** Records that are there twice, and records that change hands. */
export function registerJoiningRoutes(app: HttpApp, { duplicates, merging, handOver }: RecordsParts): void {
  app.get('/api/records/:type/duplicates', {
    config,
    schema: { tags, summary: 'Records that may be the one that is being typed', params: ofType, querystring: duplicateQuery, response: { 200: z.object({ items: z.array(duplicate) }), ...refusals } },
    handler: async (request) => ({ items: await duplicates.find(viewerOf(request), request.params.type, request.query) }),
  });
  app.get('/api/records/:type/duplicate-groups', {
    config,
    schema: { tags, summary: 'Records that share a number, an e-mail or a name; a page may be short', params: ofType, querystring: duplicateGroupQuery, response: { 200: page(duplicateGroup), ...refusals } },
    handler: (request) => duplicates.groups(viewerOf(request), request.params.type, request.query),
  });
  app.post('/api/records/:type/:id/merge', {
    config,
    schema: { tags, summary: 'Make two records one; this one stays', params: z.object({ type: line(50), id }), body: mergeInput, response: { 200: mergeAnswer, ...refusals } },
    handler: (request) => merging.merge(viewerOf(request), request.params.type, request.params.id, request.body),
  });
  app.post('/api/records/merges/:id/undo', {
    config,
    schema: { tags, summary: 'Make them two again', params: z.object({ id }), response: { 200: record, ...refusals } },
    handler: (request) => merging.undo(viewerOf(request), request.params.id),
  });
  app.post('/api/records/:type/hand-over', {
    config,
    schema: { tags, summary: 'Give all that somebody owns to others in turn', params: ofType, body: handOverInput, response: { 200: handOverAnswer, ...refusals } },
    handler: (request) => handOver(viewerOf(request), request.params.type, request.body),
  });
}
