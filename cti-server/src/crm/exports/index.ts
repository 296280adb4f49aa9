import type { HttpApp } from '../../platform/http.ts';
import { registerExportRoutes } from './exports.routes.ts';
import { createExportsService, type ExportsContext } from './exports.service.ts';

/** Records as files for spreadsheets. */
export function createExports(context: ExportsContext) {
  const service = createExportsService(context);
  return {
    registerRoutes: (app: HttpApp): void => registerExportRoutes(app, service),
    resume: () => service.resume(),
    sweep: () => service.sweep(),
    idle: () => service.idle(),
    close: () => service.close(),
  };
}
export type Exports = ReturnType<typeof createExports>;
