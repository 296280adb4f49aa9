export { Floor } from './floor.ts';
export { registerFloorRoutes } from './floor.routes.ts';
export { dayStartMs } from './day-rules.ts';
