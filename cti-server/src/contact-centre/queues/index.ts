export { queueRoutes } from './queues.routes.ts';
export { queuesStore, refuseUnknownFlow, refuseUnknownQueues, refuseUnknownSkills } from './queues.store.ts';
export { skillsStore } from './skills.store.ts';
