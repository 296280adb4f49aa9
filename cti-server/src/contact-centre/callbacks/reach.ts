import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import type { Reach } from './callback-rules.ts';

/** Whose callbacks and voicemail a viewer reaches, by the scope of the role and the set-up of the queues. */
export function reachOf(viewer: Pick<Viewer, 'userId' | 'scope' | 'teamIds' | 'rights'>, directory: Pick<Directory, 'agent' | 'agents'>): Reach {
  const { userId } = viewer;
  const queueIds = directory.agent(userId)?.queueIds ?? new Set<string>();
  const manages = viewer.rights.has('floor.manage');
  if (viewer.scope === 'all') return { userId, queueIds, others: null, manages };
  const mates = viewer.scope === 'own' ? [] : [...directory.agents()].filter((agent) => agent.teamIds.some((team) => viewer.teamIds.includes(team)));
  return { userId, queueIds, others: { agentIds: new Set(mates.map((agent) => agent.userId)), queueIds: new Set(mates.flatMap((agent) => [...agent.queueIds])) }, manages };
}
