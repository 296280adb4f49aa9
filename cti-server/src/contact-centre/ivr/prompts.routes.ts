import { z } from 'zod';
import { flowSound, id, libraryPrompt, line, locale, promptInput, requiredLine, speechInput } from '../../contracts/index.ts';
import { notFound, Refusal } from '../../platform/errors.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { Database } from '../../db/index.ts';
import { createSetupRecords, type SetupDependencies, setupReaders, setupRoutes, setupWriters } from '../setup/index.ts';
import { promptsStore } from './prompts.store.ts';
import type { Sounds } from './sounds.service.ts';

/** Five minutes of 16-bit stereo at 48 kHz, and room for what else lies in such files. */
const largestUploadBytes = 64 * 1_048_576;

/** /api/prompts: the library of prompts; /api/sounds: what is heard; /api/speech: words to listen to before they are saved. */
export async function promptRoutes(app: HttpApp, dependencies: SetupDependencies & { database: Database; sounds: Sounds }): Promise<void> {
  const { database, sounds } = dependencies;
  const records = createSetupRecords(promptsStore, dependencies);
  setupRoutes(app, {
    path: '/api/prompts',
    tag: 'flows',
    input: promptInput,
    output: libraryPrompt,
    records: { ...records, create: (viewer, fields) => records.create(viewer, { ...fields, recordings: {} }) },
  });

  const promptOf = async (promptId: string) => {
    const found = (await promptsStore.list(database)).find((prompt) => prompt.id === promptId);
    if (!found) throw notFound('prompt');
    return found;
  };
  const params = z.object({ id, language: locale });
  await app.register((scope, _options, done) => {
    const files = scope as unknown as HttpApp;
    files.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: largestUploadBytes }, (_request, body, parsed) => parsed(null, body));
    files.post('/api/prompts/:id/recordings/:language', {
      config: { access: setupWriters },
      bodyLimit: largestUploadBytes,
      schema: {
        tags: ['flows'],
        summary: 'Upload a recording: a WAV file, PCM, mono or stereo, of up to five minutes',
        params,
        querystring: z.object({ version: z.coerce.number().int().min(0), name: requiredLine(200) }),
        response: { 200: libraryPrompt },
      },
      handler: async (request) => {
        if (!Buffer.isBuffer(request.body)) throw new Refusal(400, 'invalidBody', 'send the file as application/octet-stream', { field: 'file' });
        const prompt = await promptOf(request.params.id);
        const made = await sounds.uploaded(request.body);
        const recordings = { ...prompt.recordings, [request.params.language]: { ...made, fileName: request.query.name } };
        return records.change(viewerOf(request), prompt.id, request.query.version, { recordings });
      },
    });
    done();
  });
  app.delete(
    '/api/prompts/:id/recordings/:language',
    {
      config: { access: setupWriters },
      schema: { tags: ['flows'], summary: 'Speak the words again', params, querystring: z.object({ version: z.coerce.number().int().min(0) }), response: { 200: libraryPrompt } },
    },
    async (request) => {
      const { [request.params.language]: _gone, ...recordings } = (await promptOf(request.params.id)).recordings;
      return records.change(viewerOf(request), request.params.id, request.query.version, { recordings });
    },
  );

  app.post('/api/speech', { config: { access: setupWriters }, schema: { tags: ['flows'], summary: 'Speak words, to listen to them', body: speechInput, response: { 200: flowSound } } }, (request) =>
    sounds.spoken(request.body.language, request.body.words),
  );
  app.get('/api/sounds/:soundId', { config: { access: setupReaders }, schema: { tags: ['flows'], summary: 'A sound as a WAV file', params: z.object({ soundId: line(64) }) } }, async (request, reply) => {
    const wav = await sounds.wav(request.params.soundId);
    if (!wav) throw notFound('sound');
    // its name says what it was made of, so it never changes
    return reply.header('content-type', 'audio/wav').header('x-content-type-options', 'nosniff').header('cache-control', 'private, max-age=31536000, immutable').send(wav);
  });
}
