import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  importRejectPage, importRejectQuery, importSample, importSampleQuery, importSettings, importUploadQuery, pageQuery, recordImport, recordImportDetails, recordImportPage,
} from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals, wrongField } from '../refusals.ts';
import type { ImportsService } from './imports.service.ts';
import { largestUploadBytes } from './uploads.ts';

const tags = ['imports'];
/** What may be imported says the right `import` of each record type. */
const config = { access: 'signedIn' } as const;

export async function registerImportRoutes(app: HttpApp, imports: ImportsService): Promise<void> {
  app.get('/api/imports', {
    config,
    schema: { tags, summary: 'Imports, the newest first: one’s own, and all of the types that one may import for everybody', querystring: pageQuery, response: { 200: recordImportPage, ...refusals } },
    handler: (request) => imports.list(viewerOf(request), request.query),
  });
  app.get('/api/imports/:id', {
    config,
    schema: { tags, summary: 'An import: how far it is, what came of it, what its file looks like', params: idParams, response: { 200: recordImportDetails, ...refusals } },
    handler: (request) => imports.get(viewerOf(request), request.params.id),
  });
  app.post('/api/imports/:id/sample', {
    config,
    schema: { tags, summary: 'The beginning of the file, read with another encoding or delimiter', params: idParams, body: importSampleQuery, response: { 200: importSample, ...refusals } },
    handler: (request) => imports.sample(viewerOf(request), request.params.id, request.body),
  });
  app.post('/api/imports/:id/preview', {
    config,
    schema: { tags, summary: 'Try the whole file without changing anything', params: idParams, body: importSettings, response: { 202: recordImport, ...refusals } },
    handler: async (request, reply) => reply.status(202).send(await imports.preview(viewerOf(request), request.params.id, request.body)),
  });
  app.post('/api/imports/:id/run', {
    config,
    schema: { tags, summary: 'Import for real, with the settings of the dry run or with others', params: idParams, body: importSettings.nullish(), response: { 202: recordImport, ...refusals } },
    handler: async (request, reply) => reply.status(202).send(await imports.run(viewerOf(request), request.params.id, request.body ?? undefined)),
  });
  app.post('/api/imports/:id/undo', {
    config,
    schema: { tags, summary: 'Take the import back: what somebody changed since is left alone', params: idParams, response: { 202: recordImport, ...refusals } },
    handler: async (request, reply) => reply.status(202).send(await imports.undo(viewerOf(request), request.params.id)),
  });
  app.get('/api/imports/:id/rejects', {
    config,
    schema: { tags, summary: 'Rows that were left out, with their reasons', params: idParams, querystring: importRejectQuery, response: { 200: importRejectPage, ...refusals } },
    handler: (request) => imports.rejects(viewerOf(request), request.params.id, request.query),
  });
  app.get('/api/imports/:id/rejected.csv', {
    config,
    schema: { tags, summary: 'The rows that were left out as they were, each with its reason', params: idParams },
    handler: async (request, reply) => {
      const file = await imports.rejectedFile(viewerOf(request), request.params.id);
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
        .header('x-content-type-options', 'nosniff')
        .send(Readable.from(file.lines));
    },
  });
  app.delete('/api/imports/:id', {
    config,
    schema: { tags, summary: 'Forget an import and its file; its records stay', params: idParams, response: { 204: z.null(), ...refusals } },
    handler: async (request, reply) => {
      await imports.forget(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  });

  // in a scope of its own: no other route takes bodies as they come
  await app.register((scope, _options, done) => {
    const files = scope as unknown as HttpApp;
    files.addContentTypeParser('application/octet-stream', (_request, body, parsed) => parsed(null, body));
    files.post('/api/imports', {
      config,
      bodyLimit: largestUploadBytes,
      schema: { tags, summary: 'Bring in a CSV or XLSX file of up to 200 MB; the body is the file itself', querystring: importUploadQuery, response: { 201: recordImportDetails, ...refusals } },
      handler: async (request, reply) => {
        if (!(request.body instanceof Readable)) throw wrongField('body', 'send the file as application/octet-stream');
        return reply.status(201).send(await imports.upload(viewerOf(request), request.query.type, request.query.name, request.body));
      },
    });
    done();
  });
}
