export { pickRoutes } from './picks.routes.ts';
