import type { Desk } from '../cti-server/src/contracts/index.ts';
import type { Api } from './api.ts';
import { until } from './until.ts';

/** Completes what is open and makes the agent ready again, whatever the last test has left; returns once calls would be offered. */
export async function backToReady(api: Api): Promise<void> {
  const { items } = await api.get<{ items: { id: string }[] }>('/api/dispositions');
  const dispositionId = items[0]?.id ?? '';
  await until(
    'the agent is ready and can be reached',
    async () => {
      const { agent, pendingWrapUps } = await api.get<Desk>('/api/desk');
      for (const open of pendingWrapUps) await api.send('POST', `/api/calls/${open.callId}/wrap-up/complete`, { dispositionId });
      switch (agent.status.state) {
        case 'ready':
          return agent.reachable;
        case 'wrapUp':
          await api.send('POST', `/api/calls/${agent.status.callId}/wrap-up/complete`, { dispositionId });
          return false;
        case 'ringing':
        case 'onCall':
          return false;
        default:
          await api.send('POST', '/api/agent/state', { state: 'ready' });
          return false;
      }
    },
    20_000,
  );
}
