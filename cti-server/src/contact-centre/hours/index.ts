export { isOpen, nextChange } from '../../contracts/index.ts';
export { calendarRoutes } from './hours.routes.ts';
export { calendarsStore } from './hours.store.ts';
