export { queueRoutes } from './queues.routes.ts';
export { refuseUnknownQueues, refuseUnknownSkills } from './queues.store.ts';
