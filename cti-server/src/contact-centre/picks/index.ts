export { dispositionsStore } from './dispositions.store.ts';
export { pickRoutes } from './picks.routes.ts';
export { reasonCodesStore } from './reason-codes.store.ts';
