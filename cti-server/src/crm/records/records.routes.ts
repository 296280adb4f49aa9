import { z } from 'zod';
import {
  bulkAnswer, bulkChange, commentInput, customField, customFieldInput, historyEntry, id, layoutInput, line, page, pageQuery, record, recordChange, recordFile,
  recordInput, recordQuery, recordType, savedView, savedViewInput, searchAnswer, shareInput, undoAnswer, versioned,
} from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { refusals } from '../refusals.ts';
import type { RecordsParts } from './index.ts';

const tags = ['records'];
/** Who may do what with which type is the engine's to say: it knows the type and the record. */
const config = { access: 'signedIn' } as const;
const ofType = z.object({ type: line(50) });
const ofRecord = z.object({ type: line(50), id });
const nothing = z.null();
const versionQuery = z.object({ version: z.coerce.number().int().min(0).optional() });

/** Every type under the same paths; what its fields are is in GET /api/record-types and in /api/records/openapi.json. */
export function registerRecordRoutes(app: HttpApp, parts: RecordsParts): void {
  const { records, bulk, views, fields, history, search } = parts;

  app.get('/api/record-types', {
    config,
    schema: { tags, summary: 'The types that one may read, with fields, labels and rights', response: { 200: z.object({ items: z.array(recordType) }), ...refusals } },
    handler: (request) => ({ items: records.listTypes(viewerOf(request)) }),
  });
  app.get('/api/records/openapi.json', {
    config,
    schema: { tags, summary: 'OpenAPI of every type as it is now, fields of one’s own included', response: { 200: z.record(z.string(), z.unknown()), ...refusals } },
    handler: (request) => parts.openApi(viewerOf(request)),
  });
  app.get('/api/search', {
    config,
    schema: { tags, summary: 'Any record, the best match first, with the reason it was found', querystring: z.object({ q: line(100), limit: z.coerce.number().int().min(1).max(50).default(20) }), response: { 200: searchAnswer, ...refusals } },
    handler: async (request) => ({ hits: await search.find(viewerOf(request), request.query.q, request.query.limit) }),
  });

  app.get('/api/records/:type', {
    config,
    schema: { tags, summary: 'A page of a type, filtered and in order', params: ofType, querystring: recordQuery, response: { 200: page(record), ...refusals } },
    handler: (request) => records.list(viewerOf(request), request.params.type, request.query),
  });
  app.get('/api/records/:type/count', {
    config,
    schema: {
      ...{ tags, summary: 'How many there are; not exact beyond ten thousand', params: ofType },
      querystring: recordQuery.pick({ filter: true, search: true, state: true }),
      response: { 200: z.object({ count: z.int(), exact: z.boolean() }), ...refusals },
    },
    handler: (request) => records.count(viewerOf(request), request.params.type, request.query),
  });
  app.post('/api/records/:type', {
    config,
    schema: { tags, summary: 'Make a record', params: ofType, body: recordInput, response: { 201: record, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await records.create(viewerOf(request), request.params.type, request.body)),
  });
  app.get('/api/records/:type/:id', {
    config,
    schema: { tags, summary: 'One record', params: ofRecord, response: { 200: record, ...refusals } },
    handler: (request) => records.get(viewerOf(request), request.params.type, request.params.id),
  });
  app.patch('/api/records/:type/:id', {
    config,
    schema: { tags, summary: 'Change a record: fields left out stay', params: ofRecord, body: recordChange, response: { 200: record, ...refusals } },
    handler: (request) => records.change(viewerOf(request), request.params.type, request.params.id, request.body),
  });
  app.delete('/api/records/:type/:id', {
    config,
    schema: { tags, summary: 'Put a record into the trash', params: ofRecord, querystring: versionQuery, response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await records.remove(viewerOf(request), request.params.type, request.params.id, request.query.version ?? null);
      return reply.status(204).send(null);
    },
  });
  app.post('/api/records/:type/:id/restore', {
    config,
    schema: { tags, summary: 'Take a record out of the trash', params: ofRecord, response: { 200: record, ...refusals } },
    handler: (request) => records.restore(viewerOf(request), request.params.type, request.params.id),
  });
  app.put('/api/records/:type/:id/shares', {
    config,
    schema: { tags, summary: 'Share a record with these users, and with nobody else', params: ofRecord, body: shareInput, response: { 200: record, ...refusals } },
    handler: (request) => records.share(viewerOf(request), request.params.type, request.params.id, request.body.userIds),
  });
  app.post('/api/records/:type/bulk', {
    config,
    schema: { tags, summary: 'Change many records alike, or see first what that would do', params: ofType, body: bulkChange, response: { 200: bulkAnswer, ...refusals } },
    handler: (request) => bulk.change(viewerOf(request), request.params.type, request.body),
  });
  app.post('/api/records/undo/:id', {
    config,
    schema: { tags, summary: 'Take a change of many records back', params: z.object({ id }), response: { 200: undoAnswer, ...refusals } },
    handler: (request) => bulk.undo(viewerOf(request), request.params.id),
  });

  app.get('/api/records/:type/:id/history', {
    config,
    schema: { tags, summary: 'All that happened with a record, the newest first', params: ofRecord, querystring: pageQuery, response: { 200: page(historyEntry), ...refusals } },
    handler: (request) => history.list(viewerOf(request), request.params.type, request.params.id, request.query),
  });
  app.post('/api/records/:type/:id/comments', {
    config,
    schema: { tags, summary: 'Write a comment', params: ofRecord, body: commentInput, response: { 201: historyEntry, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await history.comment(viewerOf(request), request.params.type, request.params.id, request.body)),
  });
  app.get('/api/records/:type/:id/files', {
    config,
    schema: { tags, summary: 'Files of a record', params: ofRecord, response: { 200: z.object({ items: z.array(recordFile) }), ...refusals } },
    handler: async (request) => ({ items: await history.files(viewerOf(request), request.params.type, request.params.id) }),
  });

  app.get('/api/records/:type/views', {
    config,
    schema: { tags, summary: 'One’s saved lists and those that others share', params: ofType, response: { 200: z.object({ items: z.array(savedView) }), ...refusals } },
    handler: async (request) => ({ items: await views.list(viewerOf(request), request.params.type) }),
  });
  app.post('/api/records/:type/views', {
    config,
    schema: { tags, summary: 'Save a list', params: ofType, body: savedViewInput, response: { 201: savedView, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await views.create(viewerOf(request), request.params.type, request.body)),
  });
  app.patch('/api/record-views/:id', {
    config,
    schema: { tags, summary: 'Change a saved list', params: z.object({ id }), body: versioned(savedViewInput), response: { 200: savedView, ...refusals } },
    handler: (request) => views.change(viewerOf(request), request.params.id, request.body),
  });
  app.delete('/api/record-views/:id', {
    config,
    schema: { tags, summary: 'Delete a saved list', params: z.object({ id }), response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await views.remove(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });

  app.get('/api/records/:type/fields', {
    config,
    schema: { tags, summary: 'Fields that were added', params: ofType, response: { 200: z.object({ items: z.array(customField) }), ...refusals } },
    handler: async (request) => ({ items: await fields.list(viewerOf(request), request.params.type) }),
  });
  app.post('/api/records/:type/fields', {
    config,
    schema: { tags, summary: 'Add a field; it is there at once', params: ofType, body: customFieldInput, response: { 201: customField, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await fields.add(viewerOf(request), request.params.type, request.body)),
  });
  app.patch('/api/record-fields/:id', {
    config,
    schema: { tags, summary: 'Change an added field; key and kind stay', params: z.object({ id }), body: versioned(customFieldInput.omit({ key: true, kind: true, encrypted: true, linkTo: true })), response: { 200: customField, ...refusals } },
    handler: (request) => fields.change(viewerOf(request), request.params.id, request.body),
  });
  app.delete('/api/record-fields/:id', {
    config,
    schema: { tags, summary: 'Take an added field away', params: z.object({ id }), querystring: z.object({ version: z.coerce.number().int().min(0) }), response: { 204: nothing, ...refusals } },
    handler: async (request, reply) => {
      await fields.remove(viewerOf(request), request.params.id, request.query.version);
      return reply.status(204).send(null);
    },
  });
  app.put('/api/records/:type/layout', {
    config,
    schema: { tags, summary: 'Arrange list and card of a type', params: ofType, body: layoutInput, response: { 200: recordType, ...refusals } },
    handler: async (request) => {
      await fields.arrange(viewerOf(request), request.params.type, request.body);
      return records.describe(viewerOf(request), request.params.type);
    },
  });

  app.get('/api/people', {
    config,
    schema: { tags, summary: 'Users to choose from: owners, those mentioned, those one shares with', querystring: z.object({ search: line(100).optional() }), response: { 200: z.object({ items: z.array(z.object({ id, name: z.string() })) }), ...refusals } },
    handler: async (request) => ({ items: await parts.people(request.query.search) }),
  });
}

