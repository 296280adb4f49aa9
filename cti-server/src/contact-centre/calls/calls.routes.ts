import { z } from 'zod';
import {
  callQuery,
  callTargets,
  callTargetsQuery,
  callView,
  chosenState,
  claimDevice,
  desk,
  dialInput,
  id,
  instant,
  linkCustomer,
  page,
  agentView,
  transferTarget,
  wrapUp,
  wrapUpComplete,
  wrapUpSave,
} from '../../contracts/index.ts';
import { toInstant } from '../../platform/clock.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import type { CallCommand, CallsService } from './calls.service.ts';
import type { Outgoing } from './outgoing.service.ts';

const ofCall = z.object({ id });
const tags = ['calls'];
const takesCalls = { access: ['calls.take'] as const };
const managesFloor = { access: ['floor.manage'] as const };

const commands: [path: string, command: CallCommand, summary: string][] = [
  ['refuse', 'refuse', 'Refuse the call that rings: it goes back to the head of its queue'],
  ['hang-up', 'hangUp', 'End the conversation'],
  ['hold', 'hold', 'Let the customer hear music'],
  ['resume', 'resume', 'Take the customer back from hold'],
  ['consult/cancel', 'cancelConsult', 'Let the third party go, and be with the customer again'],
  ['consult/swap', 'swap', 'Talk with the one, the other hears music'],
  ['consult/join', 'join', 'Let all three talk'],
  ['rejoin', 'rejoin', 'Bring the sound of the running call to the device claimed last'],
];

export function registerCallRoutes(app: HttpApp, calls: CallsService, outgoing: Outgoing, viewOfAgent: (agentId: string) => z.infer<typeof agentView>): void {
  app.get('/api/desk', { config: takesCalls, schema: { tags, summary: 'Everything the agent’s desk shows', response: { 200: desk } } }, (request) => calls.desk(viewerOf(request)));

  app.post(
    '/api/agent/state',
    { config: takesCalls, schema: { tags, summary: 'Choose a state; during a call it is kept and applied afterwards', body: chosenState, response: { 200: desk } } },
    async (request) => {
      const viewer = viewerOf(request);
      await calls.chooseState(viewer.userId, request.body);
      return calls.desk(viewer);
    },
  );
  app.delete('/api/agent/next-state', { config: takesCalls, schema: { tags, summary: 'Drop the state chosen for after the call', response: { 200: desk } } }, (request) =>
    calls.cancelNextState(viewerOf(request)),
  );
  app.post(
    '/api/agent/device',
    { config: takesCalls, schema: { tags, summary: 'Say which device and tab has the microphone; the last claim wins', body: claimDevice, response: { 200: desk } } },
    (request) => calls.claimDevice(viewerOf(request), request.body),
  );

  for (const [path, command, summary] of commands) {
    app.post(`/api/calls/:id/${path}`, { config: takesCalls, schema: { tags, summary, params: ofCall, response: { 200: desk } } }, (request) =>
      calls.command(viewerOf(request), request.params.id, command),
    );
  }
  const toTarget = z.strictObject({ to: transferTarget });
  app.post('/api/calls', { config: takesCalls, schema: { tags, summary: 'Call a number or a colleague; the same id asked again is the same call', body: dialInput, response: { 200: desk } } }, (request) =>
    outgoing.dial(viewerOf(request), request.body),
  );
  app.get('/api/call-targets', { config: takesCalls, schema: { tags, summary: 'Whom one may call or hand a customer on to, and who is free', querystring: callTargetsQuery, response: { 200: callTargets } } }, (request) =>
    outgoing.targets(viewerOf(request), request.query.search ?? ''),
  );
  app.post('/api/calls/:id/transfer', { config: takesCalls, schema: { tags, summary: 'Hand the customer on without a word', params: ofCall, body: toTarget, response: { 200: desk } } }, (request) =>
    outgoing.transfer(viewerOf(request), request.params.id, request.body.to),
  );
  app.post('/api/calls/:id/consult', { config: takesCalls, schema: { tags, summary: 'Ask a third party while the customer hears music', params: ofCall, body: toTarget, response: { 200: desk } } }, (request) =>
    outgoing.consult(viewerOf(request), request.params.id, request.body.to),
  );
  app.post('/api/calls/:id/consult/complete', { config: takesCalls, schema: { tags, summary: 'Leave: customer and third party go on', params: ofCall, response: { 200: desk } } }, (request) =>
    outgoing.complete(viewerOf(request), request.params.id),
  );
  app.post('/api/calls/:id/switch', { config: takesCalls, schema: { tags, summary: 'Back to a call on hold; the present one waits', params: ofCall, response: { 200: desk } } }, (request) =>
    calls.switchTo(viewerOf(request), request.params.id),
  );
  app.post(
    '/api/calls/:id/customer',
    { config: takesCalls, schema: { tags, summary: 'Say which customer called', params: ofCall, body: linkCustomer, response: { 200: desk } } },
    (request) => calls.linkCustomer(viewerOf(request), request.params.id, request.body.customerId),
  );
  app.put(
    '/api/calls/:id/wrap-up',
    { config: takesCalls, schema: { tags, summary: 'Save notes and disposition as they are made', params: ofCall, body: wrapUpSave, response: { 200: wrapUp } } },
    (request) => calls.saveWrapUp(viewerOf(request), request.params.id, request.body),
  );
  app.post(
    '/api/calls/:id/wrap-up/complete',
    { config: takesCalls, schema: { tags, summary: 'End after-call work', params: ofCall, body: wrapUpComplete, response: { 200: desk } } },
    (request) => calls.completeWrapUp(viewerOf(request), request.params.id, request.body),
  );
  app.post('/api/calls/:id/wrap-up/extend', { config: takesCalls, schema: { tags, summary: 'Take more time for after-call work', params: ofCall, response: { 200: desk } } }, (request) =>
    calls.extendWrapUp(viewerOf(request), request.params.id),
  );

  app.get(
    '/api/calls',
    { config: { access: ['calls.read'] }, schema: { tags, summary: 'Calls of one’s scope, newest first', querystring: callQuery, response: { 200: page(callView) } } },
    (request) => calls.list(viewerOf(request), request.query),
  );
  const callWithEvents = z.object({
    call: callView,
    events: z.array(z.object({ seq: z.int(), at: instant, kind: z.string(), queueId: id.nullable(), agentId: id.nullable(), data: z.record(z.string(), z.unknown()) })),
  });
  app.get(
    '/api/calls/:id',
    { config: { access: ['calls.read'] }, schema: { tags, summary: 'One call with its ledger', params: ofCall, response: { 200: callWithEvents } } },
    async (request) => {
      const { call, events } = await calls.find(viewerOf(request), request.params.id);
      return { call, events: events.map((event) => ({ ...event, at: toInstant(event.atMs) })) };
    },
  );

  app.post('/api/agents/:id/free', { config: managesFloor, schema: { tags: ['floor'], summary: 'Free an agent who is stuck', params: ofCall, response: { 200: agentView } } }, async (request) => {
    await calls.free(viewerOf(request), request.params.id);
    return viewOfAgent(request.params.id);
  });
  app.post(
    '/api/agents/:id/state',
    { config: managesFloor, schema: { tags: ['floor'], summary: 'Change an agent’s state', params: ofCall, body: chosenState, response: { 200: agentView } } },
    async (request) => {
      await calls.chooseStateFor(viewerOf(request), request.params.id, request.body);
      return viewOfAgent(request.params.id);
    },
  );
}
