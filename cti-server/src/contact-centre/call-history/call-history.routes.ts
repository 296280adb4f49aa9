import { z } from 'zod';
import { callStory, type CallStory, errorBody, id } from '../../contracts/index.ts';
import type { Lists } from '../../crm/lists/index.ts';
import type { Database } from '../../db/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { createCallStoriesStore } from './call-stories.store.ts';

export interface CallHistoryParts {
  database: Database;
  lists: Pick<Lists, 'get'>;
}

/** One call as it went, for whoever sees it in the list of calls. */
export function registerCallHistoryRoutes(app: HttpApp, { database, lists }: CallHistoryParts): void {
  const store = createCallStoriesStore(database);

  async function storyOf(viewer: Viewer, callId: string): Promise<CallStory> {
    const call = await lists.get(viewer, 'call', callId);
    const mayReadTickets = viewer.rights.has('tickets.read') || viewer.rights.has('tickets.manage');
    return {
      call,
      events: await store.events(callId),
      wrapUps: await store.wrapUps(callId),
      tickets: mayReadTickets ? await store.tickets(callId) : [],
      returnedBy: await store.returnedBy(callId),
    };
  }

  app.get(
    '/api/call-history/:id',
    { config: { access: ['calls.read'] }, schema: { tags: ['calls'], summary: 'One call with its ledger, after-call work and tickets', params: z.object({ id }), response: { 200: callStory, '4xx': errorBody } } },
    (request) => storyOf(viewerOf(request), request.params.id),
  );
}
