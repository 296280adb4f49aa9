import { z } from 'zod';
import { id, line, recordFile, requiredLine } from '../../contracts/index.ts';
import { Refusal } from '../../platform/errors.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { refusals, wrongField } from '../refusals.ts';
import type { RecordsParts } from './index.ts';

export const largestFileBytes = 20 * 1_048_576;

/** Files travel as they are, not as JSON; in a scope of their own, so that no other route takes such bodies. */
export async function registerFileRoutes(app: HttpApp, { history }: RecordsParts): Promise<void> {
  await app.register((scope, _options, done) => {
    const files = scope as unknown as HttpApp;
    files.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: largestFileBytes }, (_request, body, parsed) => parsed(null, body));
    files.post('/api/records/:type/:id/files', {
      config: { access: 'signedIn' },
      bodyLimit: largestFileBytes,
      schema: {
        tags: ['records'],
        summary: 'Attach a file of up to 20 MB; the body is the file itself',
        params: z.object({ type: line(50), id }),
        querystring: z.object({ name: requiredLine(200), mediaType: z.string().regex(/^[\w.+-]{1,60}\/[\w.+-]{1,80}$/).default('application/octet-stream') }),
        response: { 201: recordFile, ...refusals },
      },
      handler: async (request, reply) => {
        if (!Buffer.isBuffer(request.body) || request.body.length === 0) throw wrongField('body', 'send the file as application/octet-stream');
        return reply.status(201).send(await history.attach(viewerOf(request), request.params.type, request.params.id, { ...request.query, content: request.body }));
      },
    });
    files.get('/api/records/:type/:id/files/:fileId', {
      config: { access: 'signedIn' },
      schema: { tags: ['records'], summary: 'A file', params: z.object({ type: line(50), id, fileId: id }) },
      handler: async (request, reply) => {
        const { type, id: recordId, fileId } = request.params;
        const found = await history.readFile(viewerOf(request), type, recordId, fileId);
        if (!found) throw new Refusal(404, 'notFound', 'There is no such file.');
        // always as a download and never as what it says it is: a page or a script in it must not run as ours
        return reply
          .header('content-type', 'application/octet-stream')
          .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(found.file.name)}`)
          .header('x-content-type-options', 'nosniff')
          .send(found.content);
      },
    });
    done();
  });
}
