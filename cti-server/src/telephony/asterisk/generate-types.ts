/**
 * Writes `ari-types.generated.ts` from the description of ARI that Asterisk itself brings along (Swagger 1.1, one JSON file per resource).
 *
 *     node cti-server/src/telephony/asterisk/generate-types.ts FOLDER/usr/share/asterisk/rest-api
 *
 * Run it again when the product moves to another Asterisk, and read the difference: what vanished there breaks here at compile time.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const property = z.object({ type: z.string(), required: z.boolean().optional(), description: z.string().optional() });
const parameter = z.object({
  name: z.string(),
  paramType: z.enum(['path', 'query', 'body']),
  required: z.boolean().optional(),
  allowMultiple: z.boolean().optional(),
  dataType: z.string(),
});
const operation = z.object({ httpMethod: z.string(), responseClass: z.string().optional(), parameters: z.array(parameter).default([]) });
const resource = z.object({
  apis: z.array(z.object({ path: z.string(), operations: z.array(operation) })),
  models: z
    .record(z.string(), z.object({ properties: z.record(z.string(), property).default({}), subTypes: z.array(z.string()).optional() }))
    .default({}),
});

const resources = ['applications', 'asterisk', 'bridges', 'channels', 'deviceStates', 'endpoints', 'events', 'playbacks', 'recordings'];

function typeOf(name: string): string {
  const list = /^List\[(.+)\]$/.exec(name);
  if (list?.[1] !== undefined) return `${typeOf(list[1])}[]`;
  const plain: Record<string, string> = { int: 'number', long: 'number', double: 'number', Date: 'string', object: 'Record<string, unknown>', binary: 'unknown', containers: 'unknown' };
  return plain[name] ?? name;
}

function interfaces(models: z.infer<typeof resource>['models']): string[] {
  return Object.entries(models).map(([name, model]) => {
    const lines = Object.entries(model.properties).map(([field, { type, required }]) => {
      return `  ${field}${required === true ? '' : '?'}: ${typeOf(type)};`;
    });
    return `export interface ${name} {\n${lines.join('\n')}\n}\n`;
  });
}

function operations(file: z.infer<typeof resource>): string[] {
  return file.apis.flatMap((api) =>
    api.operations.map((one) => {
      const of = (kind: string): string => {
        const fields = one.parameters
          .filter((each) => each.paramType === kind)
          .map((each) => `${each.name}${each.required === true || kind === 'path' ? '' : '?'}: ${typeOf(each.dataType)}${each.allowMultiple === true ? ' | string[]' : ''}`);
        return fields.length === 0 ? 'Record<never, never>' : `{ ${fields.join('; ')} }`;
      };
      const answer = one.responseClass === undefined || one.responseClass === 'void' ? 'undefined' : typeOf(one.responseClass);
      return `  '${one.httpMethod} ${api.path}': { path: ${of('path')}; query: ${of('query')}; body: ${of('body')}; answer: ${answer} };`;
    }),
  );
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where the folder rest-api of Asterisk is.');
const files = await Promise.all(resources.map(async (name) => resource.parse(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')))));
const models = Object.assign({}, ...files.map((file) => file.models)) as z.infer<typeof resource>['models'];
const text = [
  '// Made by generate-types.ts from the rest-api/*.json files that Asterisk 22 brings along. Do not edit: run it again.',
  '',
  ...interfaces(models),
  '/** Every request, by method and path: what goes where, and what comes back. */',
  'export interface Operations {',
  ...files.flatMap(operations),
  '}',
  '',
].join('\n');
await writeFile(new URL('./ari-types.generated.ts', import.meta.url), text);
