import { z } from 'zod';
import { line, listDescription, listLine, listQuery, page, savedView, savedViewInput } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { refusals } from '../refusals.ts';
import type { ListsService } from './lists.service.ts';

const tags = ['lists'];
/** Each list's declaration says which right opens it. */
const config = { access: 'signedIn' } as const;
const ofList = z.object({ list: line(50) });

/** Every list under the same paths; views are changed and deleted as those of records are, under /api/record-views. */
export function registerListRoutes(app: HttpApp, lists: ListsService): void {
  app.get('/api/lists', {
    config,
    schema: { tags, summary: 'The lists that one may read, with fields and labels', response: { 200: z.object({ items: z.array(listDescription) }), ...refusals } },
    handler: async (request) => ({ items: await lists.describeAll(viewerOf(request)) }),
  });
  app.get('/api/lists/:list', {
    config,
    schema: { tags, summary: 'A page of a list', params: ofList, querystring: listQuery, response: { 200: page(listLine), ...refusals } },
    handler: (request) => lists.page(viewerOf(request), request.params.list, request.query),
  });
  app.get('/api/lists/:list/count', {
    config,
    schema: { tags, summary: 'How many lines fit, counted up to 10,000', params: ofList, querystring: listQuery.pick({ filter: true, search: true }), response: { 200: z.object({ count: z.int(), exact: z.boolean() }), ...refusals } },
    handler: (request) => lists.count(viewerOf(request), request.params.list, request.query),
  });
  app.get('/api/lists/:list/views', {
    config,
    schema: { tags, summary: 'One’s own views of a list and shared ones', params: ofList, response: { 200: z.object({ items: z.array(savedView) }), ...refusals } },
    handler: async (request) => ({ items: await lists.listViews(viewerOf(request), request.params.list) }),
  });
  app.post('/api/lists/:list/views', {
    config,
    schema: { tags, summary: 'Keep how a list is looked at', params: ofList, body: savedViewInput, response: { 201: savedView, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await lists.createView(viewerOf(request), request.params.list, request.body)),
  });
}
