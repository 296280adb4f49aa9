import { z } from 'zod';
import { schemaOfField } from '../../contracts/index.ts';
import type { LiveField, LiveType } from './registry.ts';

/**
 * OpenAPI 3.1 of the record types as they are now. The fixed paths are in /api/docs; here each type has its own, with its own fields, so
 * that a client can be made for it.
 */
export function openApiOf(types: readonly LiveType[]): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  for (const type of types) {
    const { name, label, plural } = type.declaration;
    const own = { $ref: `#/components/schemas/${name}` };
    const json = (schema: unknown) => ({ 'application/json': { schema } });
    const fields = [...type.fields.values()];
    schemas[name] = {
      type: 'object',
      properties: {
        ...{ id: { type: 'string', format: 'uuid' }, title: { type: 'string' }, version: { type: 'integer' }, ownerId: { type: ['string', 'null'], format: 'uuid' } },
        fields: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field.key, schemaOf(field)])) },
      },
    };
    schemas[`${name}Input`] = {
      type: 'object',
      required: ['fields'],
      properties: {
        fields: {
          type: 'object',
          additionalProperties: false,
          required: fields.filter((field) => field.required && !field.readOnly).map((field) => field.key),
          properties: Object.fromEntries(fields.filter((field) => !field.readOnly).map((field) => [field.key, schemaOf(field)])),
        },
        ownerId: { type: ['string', 'null'], format: 'uuid' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    };
    const byId = [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }];
    const tags = [plural.en];
    paths[`/api/records/${name}`] = {
      get: { tags, summary: `${plural.en}, a page at a time`, responses: { 200: { description: 'A page', content: json({ type: 'object', properties: { items: { type: 'array', items: own }, nextCursor: { type: ['string', 'null'] } } }) } } },
      post: { tags, summary: `Make: ${label.en}`, requestBody: { required: true, content: json({ $ref: `#/components/schemas/${name}Input` }) }, responses: { 201: { description: 'Made', content: json(own) } } },
    };
    paths[`/api/records/${name}/{id}`] = {
      get: { tags, summary: `One: ${label.en}`, parameters: byId, responses: { 200: { description: 'The record', content: json(own) } } },
      patch: {
        ...{ tags, summary: `Change: ${label.en}`, parameters: byId },
        requestBody: { required: true, content: json({ allOf: [{ $ref: `#/components/schemas/${name}Input` }, { type: 'object', required: ['version'], properties: { version: { type: 'integer' } } }] }) },
        responses: { 200: { description: 'The record', content: json(own) }, 409: { description: 'Somebody else changed it meanwhile' } },
      },
      delete: { tags, summary: `Into the trash: ${label.en}`, parameters: byId, responses: { 204: { description: 'Done' } } },
    };
  }
  return { openapi: '3.1.0', info: { title: 'Centralita records', version: '1' }, paths, components: { schemas } };
}

function schemaOf(field: LiveField): unknown {
  const schema = z.toJSONSchema(schemaOfField({ kind: field.kind, required: field.required, options: [...field.options], max: field.max }), { io: 'output', unrepresentable: 'any' });
  const { $schema: _draft, ...plain } = schema;
  return { ...plain, title: field.label.en, ...(field.readOnly ? { readOnly: true } : {}) };
}
