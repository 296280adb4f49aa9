export { Floor } from './floor.ts';
export { registerFloorRoutes } from './floor.routes.ts';
