export { numberRoutes } from './numbers.routes.ts';
