import { queue, queueInput, skill, skillInput } from '../../contracts/index.ts';
import type { HttpApp } from '../../platform/http.ts';
import { createSetupRecords, type SetupDependencies, setupRoutes } from '../setup/index.ts';
import { queuesStore } from './queues.store.ts';
import { skillsStore } from './skills.store.ts';

/** /api/queues and /api/skills. */
export function queueRoutes(app: HttpApp, dependencies: SetupDependencies): void {
  setupRoutes(app, {
    path: '/api/queues',
    tag: 'queues',
    input: queueInput,
    output: queue,
    records: createSetupRecords(queuesStore, dependencies),
  });
  setupRoutes(app, {
    path: '/api/skills',
    tag: 'queues',
    input: skillInput,
    output: skill,
    records: createSetupRecords(skillsStore, dependencies),
  });
}
