export { createMetrics, type Metrics } from './metrics.ts';
export { createProcessesStore } from './processes.store.ts';
export { SystemService } from './system.service.ts';
export { registerSystemRoutes } from './system.routes.ts';
