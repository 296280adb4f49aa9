import type { HttpApp } from '../../platform/http.ts';
import { registerListRoutes } from './lists.routes.ts';
import { createListsService, type ListsContext } from './lists.service.ts';

export { matches } from '../text-search.store.ts';
export { auditList } from './audit-list.store.ts';
export type { ListDeclaration, ListField, ListReach } from './list-types.ts';
export { withinPeople } from './reach-of-people.store.ts';
export type { ListsService } from './lists.service.ts';

/** Lists that are only read, with the machinery of the records. */
export function createLists(context: ListsContext) {
  const service = createListsService(context);
  return { ...service, registerRoutes: (app: HttpApp): void => registerListRoutes(app, service) };
}
export type Lists = ReturnType<typeof createLists>;
