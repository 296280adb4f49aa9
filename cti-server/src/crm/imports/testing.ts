import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportReject, ImportSettings, Page, RecordImport, RecordImportDetails } from '../../contracts/index.ts';
import { createHttp, csrfHeader, sessionCookie } from '../../platform/http.ts';
import { createLogger } from '../../platform/logger.ts';
import { createExports } from '../exports/index.ts';
import { type Answer, startCrm } from '../testing.ts';
import { createImports, type ImportsOptions } from './index.ts';

/** The CRM with imports and exports over a database of its own. */
export async function startImports() {
  const crm = await startCrm();
  const folder = await mkdtemp(join(tmpdir(), 'imports-'));
  const { records, types, cipher } = crm.engine;
  const logger = createLogger('silent');
  const options: ImportsOptions = {
    ...{ database: crm.database, clock: crm.clock, logger, records, types, cipher, folder },
    audit: { record: (_connection, _viewer, action, recordType, recordId, changes) => Promise.resolve(void crm.audited.push({ action, recordType, recordId, changes })) },
    config: { defaultCountry: 'ES', timeZone: 'Europe/Madrid' },
    loadedInSets: new Set(['customer', 'contact']),
  };
  const imports = createImports(options);
  const exports = createExports({ ...options, folder });
  const app = await createHttp({
    logger,
    trustProxy: false,
    publicUrl: new URL('http://localhost'),
    connectSources: [],
    resolveViewer: (token) => Promise.resolve(crm.viewers.get(token) ?? null),
  });
  await imports.registerRoutes(app);
  exports.registerRoutes(app);
  await app.ready();

  async function ask<T>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown, as = 'Ana'): Promise<Answer<T>> {
    const isFile = Buffer.isBuffer(body);
    const answer = await app.inject({
      method,
      url,
      headers: { cookie: `${sessionCookie}=${as}`, [csrfHeader]: 'csrf', ...(body === undefined ? {} : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }) },
      ...(body === undefined ? {} : { payload: isFile ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, body: (isJson ? answer.json() : answer.rawPayload) as T };
  }
  const house = {
    ...crm,
    folder,
    options,
    imports,
    exports,
    app,
    ask,
    upload: async (file: Buffer | string, how: { type?: string; name?: string; as?: string } = {}): Promise<RecordImportDetails> => {
      const { status, body } = await ask<RecordImportDetails>('POST', `/api/imports?type=${how.type ?? 'customer'}&name=${encodeURIComponent(how.name ?? 'file.csv')}`, Buffer.from(file as string), how.as);
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body;
    },
    /** Begins a dry run, the run or an undo, and answers when it is over. */
    act: async (id: string, what: 'preview' | 'run' | 'undo', settings?: Partial<ImportSettings>, as?: string): Promise<RecordImportDetails> => {
      const known = (await ask<RecordImportDetails>('GET', `/api/imports/${id}`, undefined, as)).body;
      const begun = await ask<RecordImport>('POST', `/api/imports/${id}/${what}`, what === 'undo' ? undefined : settings ? { ...known.suggested, ...settings } : what === 'preview' || known.settings === null ? known.suggested : null, as);
      if (begun.status !== 202) throw new Error(JSON.stringify(begun.body));
      await imports.idle();
      return (await ask<RecordImportDetails>('GET', `/api/imports/${id}`, undefined, as)).body;
    },
    rejects: async (id: string): Promise<ImportReject[]> => (await ask<Page<ImportReject>>('GET', `/api/imports/${id}/rejects?limit=200`)).body.items,
    rejectedFile: async (id: string): Promise<string> => (await ask<Buffer>('GET', `/api/imports/${id}/rejected.csv`)).body.toString(),
    rows: async <T extends Record<string, unknown>>(query: string, values: unknown[] = []): Promise<T[]> => (await crm.database.$client.query<T>(query, values)).rows,
    async stop() {
      await imports.close();
      await exports.close();
      await app.close();
      await crm.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return house;
}
export type ImportHouse = Awaited<ReturnType<typeof startImports>>;
