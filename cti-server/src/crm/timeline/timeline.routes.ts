import { noteInput, page, pageQuery, timelineEntry } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import type { Timeline } from './timeline.service.ts';

const tags = ['customers'];

export function registerTimelineRoutes(app: HttpApp, timeline: Pick<Timeline, 'list' | 'addNote'>): void {
  app.get('/api/customers/:id/timeline', {
    config: { access: ['customers.read', 'customers.manage'] },
    schema: {
      tags,
      summary: 'All that happened with a customer, the newest first',
      params: idParams,
      querystring: pageQuery,
      response: { 200: page(timelineEntry), ...refusals },
    },
    handler: (request) => timeline.list(request.params.id, request.query),
  });

  app.post('/api/customers/:id/notes', {
    config: { access: ['customers.manage'] },
    schema: { tags, summary: 'Add a note to the timeline', params: idParams, body: noteInput, response: { 201: timelineEntry, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await timeline.addNote(viewerOf(request), request.params.id, request.body.text)),
  });
}
