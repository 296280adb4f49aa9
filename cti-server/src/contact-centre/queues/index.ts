export { queueRoutes } from './queues.routes.ts';
export { queuesStore, refuseUnknownQueues, refuseUnknownSkills } from './queues.store.ts';
export { skillsStore } from './skills.store.ts';
