import { exportInput, recordExport } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import type { ExportsService } from './exports.service.ts';

const tags = ['exports'];
/** What may be exported says the right `export` of each record type. */
const config = { access: 'signedIn' } as const;
const mediaTypes = { csv: 'text/csv; charset=utf-8', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } as const;

export function registerExportRoutes(app: HttpApp, exports: ExportsService): void {
  app.post('/api/exports', {
    config,
    schema: { tags, summary: 'Write the records of a list into a file, as far as the right to export reaches', body: exportInput, response: { 202: recordExport, ...refusals } },
    handler: async (request, reply) => reply.status(202).send(await exports.begin(viewerOf(request), request.body)),
  });
  app.get('/api/exports/:id', {
    config,
    schema: { tags, summary: 'How far one’s own export is', params: idParams, response: { 200: recordExport, ...refusals } },
    handler: (request) => exports.get(viewerOf(request), request.params.id),
  });
  app.get('/api/exports/:id/file', {
    config,
    schema: { tags, summary: 'The finished file, for a day', params: idParams },
    handler: async (request, reply) => {
      const { name, format, stream } = await exports.file(viewerOf(request), request.params.id);
      return reply
        .header('content-type', mediaTypes[format])
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .header('x-content-type-options', 'nosniff')
        .send(stream);
    },
  });
}
