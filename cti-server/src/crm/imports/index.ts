import type { HttpApp } from '../../platform/http.ts';
import type { ImportsContext } from './imports.context.ts';
import { registerImportRoutes } from './imports.routes.ts';
import { createImportsService } from './imports.service.ts';
import { createWorker } from './import-worker.ts';
import { createUploads } from './uploads.ts';

export type ImportsOptions = Omit<ImportsContext, 'uploads'> & {
  /** Where files lie while they are imported, and until they are forgotten. Shared by all servers, or each goes on only with its own. */
  folder: string;
};

/** Files of records: CSV and XLSX, tried out before, taken back afterwards. */
export function createImports({ folder, ...options }: ImportsOptions) {
  const context: ImportsContext = { ...options, uploads: createUploads(folder) };
  const worker = createWorker(context);
  const service = createImportsService(context, worker);
  return {
    registerRoutes: (app: HttpApp): Promise<void> => registerImportRoutes(app, service),
    /** Goes on with what was at work when a server ended. Call it when this one starts, and now and then. */
    resume: () => worker.resume(),
    sweep: () => worker.sweep(),
    idle: () => worker.idle(),
    close: () => worker.close(),
  };
}
export type Imports = ReturnType<typeof createImports>;
