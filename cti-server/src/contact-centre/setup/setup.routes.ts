import { z } from 'zod';
import { id, versioned } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { Right } from '../../contracts/index.ts';
import type { SetupRecord, SetupRecords } from './setup-records.ts';

/** The set-up is read by everyone who works with calls, and written by who may manage queues. */
export const setupReaders: readonly Right[] = ['calls.take', 'floor.read', 'queues.manage'];
export const setupWriters: readonly Right[] = ['queues.manage'];

/**
 * The same four routes for each kind of set-up record: GET and POST on the path, PATCH and DELETE on path/:id.
 * `input` is the strict schema of the whole record, `output` the schema of what is answered.
 */
export function setupRoutes<Item extends SetupRecord, Shape extends z.ZodRawShape>(
  app: HttpApp,
  options: { path: string; tag: string; input: z.ZodObject<Shape>; output: z.ZodType<Item>; records: SetupRecords<Item> },
): void {
  const { path, tag, records } = options;
  const params = z.object({ id });
  // The type provider cannot see through schemas that are type parameters, so inside they are plain. What they check stays the same, and
  // the types of `options` see to it that schema and records fit together.
  const input: z.ZodType<object> = options.input;
  const change = versioned(options.input) as unknown as z.ZodType<{ version: number }>;
  const output: z.ZodType<SetupRecord> = options.output;

  app.get(
    path,
    { config: { access: setupReaders }, schema: { tags: [tag], response: { 200: z.object({ items: z.array(output) }) } } },
    async () => ({
      items: await records.list(),
    }),
  );
  app.post(
    path,
    { config: { access: setupWriters }, schema: { tags: [tag], body: input, response: { 201: output } } },
    async (request, reply) => {
      const made = await records.create(viewerOf(request), request.body as Omit<Item, 'id' | 'version'>);
      return reply.status(201).send(made);
    },
  );
  app.patch(
    `${path}/:id`,
    { config: { access: setupWriters }, schema: { tags: [tag], params, body: change, response: { 200: output } } },
    async (request) => {
      const { version, ...fields } = request.body;
      return records.change(viewerOf(request), request.params.id, version, fields);
    },
  );
  app.delete(
    `${path}/:id`,
    { config: { access: setupWriters }, schema: { tags: [tag], params, response: { 204: z.null() } } },
    async (request, reply) => {
      await records.remove(viewerOf(request), request.params.id);
      return reply.status(204).send(null);
    },
  );
}
