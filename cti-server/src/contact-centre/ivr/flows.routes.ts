import { z } from 'zod';
import { flow, flowChange, flowInput, flowPublish, flowRestore, flowSummary, flowVersion, flowVersionSummary, id } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { setupReaders, setupWriters } from '../setup/index.ts';
import type { FlowsService } from './flows.service.ts';

/** /api/flows: drafts, what is published, and its versions. */
export function flowRoutes(app: HttpApp, flows: FlowsService): void {
  const tags = ['flows'];
  const params = z.object({ id });
  const readers = { access: setupReaders };
  const writers = { access: setupWriters };

  app.get('/api/flows', { config: readers, schema: { tags, response: { 200: z.object({ items: z.array(flowSummary) }) } } }, async () => ({ items: await flows.list() }));
  app.post('/api/flows', { config: writers, schema: { tags, body: flowInput, response: { 201: flow } } }, async (request, reply) =>
    reply.status(201).send(await flows.create(viewerOf(request), request.body)),
  );
  app.get('/api/flows/:id', { config: readers, schema: { tags, params, response: { 200: flow } } }, (request) => flows.get(request.params.id));
  app.patch('/api/flows/:id', { config: writers, schema: { tags, params, body: flowChange, response: { 200: flow } } }, (request) => {
    const { version, ...fields } = request.body;
    return flows.change(viewerOf(request), request.params.id, version, fields);
  });
  app.delete('/api/flows/:id', { config: writers, schema: { tags, params, response: { 204: z.null() } } }, async (request, reply) => {
    await flows.remove(viewerOf(request), request.params.id);
    return reply.status(204).send(null);
  });
  app.post('/api/flows/:id/publish', { config: writers, schema: { tags, params, body: flowPublish, response: { 200: flow } } }, (request) =>
    flows.publish(viewerOf(request), request.params.id, request.body.version, request.body.note),
  );
  app.post('/api/flows/:id/restore', { config: writers, schema: { tags, params, body: flowRestore, response: { 200: flow } } }, (request) =>
    flows.restore(viewerOf(request), request.params.id, request.body.version, request.body.versionId),
  );
  app.get('/api/flows/:id/versions', { config: readers, schema: { tags, params, response: { 200: z.object({ items: z.array(flowVersionSummary) }) } } }, async (request) => ({
    items: await flows.versions(request.params.id),
  }));
  app.get('/api/flows/:id/versions/:versionId', { config: readers, schema: { tags, params: params.extend({ versionId: id }), response: { 200: flowVersion } } }, (request) =>
    flows.version(request.params.id, request.params.versionId),
  );
}
