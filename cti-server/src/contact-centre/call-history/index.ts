export { registerCallHistoryRoutes } from './call-history.routes.ts';
export { callList } from './call-list.store.ts';
export { stateList } from './state-list.store.ts';
