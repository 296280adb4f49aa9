export { numberRoutes } from './numbers.routes.ts';
export { numbersStore } from './numbers.store.ts';
