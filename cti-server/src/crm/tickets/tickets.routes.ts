import { page, ticket, ticketAssignAnswer, ticketAssignInput, ticketInput, ticketQuery, ticketRulesAnswer, ticketRulesInput, versioned } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import type { TicketAssignment } from './ticket-assignment.ts';
import type { Tickets } from './tickets.service.ts';

const tags = ['tickets'];
const read = { access: ['tickets.read', 'tickets.manage'] } as const;
const manage = { access: ['tickets.manage'] } as const;

/** From which call a ticket came does not change. */
export const ticketChange = versioned(ticketInput.omit({ callId: true }));

export function registerTicketRoutes(app: HttpApp, tickets: Tickets, assignment: TicketAssignment): void {
  app.get('/api/tickets', {
    config: read,
    schema: { tags, summary: 'Tickets, the newest first, a page at a time; search by number or subject', querystring: ticketQuery, response: { 200: page(ticket), ...refusals } },
    handler: (request) => tickets.list(request.query),
  });

  app.post('/api/tickets', {
    config: manage,
    schema: { tags, summary: 'Open a ticket', body: ticketInput, response: { 201: ticket, ...refusals } },
    handler: async (request, reply) => reply.status(201).send(await tickets.create(viewerOf(request), request.body)),
  });

  app.get('/api/tickets/:id', {
    config: read,
    schema: { tags, summary: 'One ticket', params: idParams, response: { 200: ticket, ...refusals } },
    handler: (request) => tickets.get(request.params.id),
  });

  app.patch('/api/tickets/:id', {
    config: manage,
    schema: { tags, summary: 'Change a ticket: fields left out stay', params: idParams, body: ticketChange, response: { 200: ticket, ...refusals } },
    handler: (request) => tickets.change(viewerOf(request), request.params.id, request.body),
  });

  app.post('/api/tickets/:id/grab', {
    config: manage,
    schema: { tags, summary: 'Take a ticket that nobody has; 409 taken when somebody was faster', params: idParams, response: { 200: ticket, ...refusals } },
    handler: (request) => tickets.grab(viewerOf(request), request.params.id),
  });
  app.post('/api/tickets/assign', {
    config: manage,
    schema: { tags, summary: 'Hand out tickets that nobody has as the routes say; who may change more than their own', body: ticketAssignInput, response: { 200: ticketAssignAnswer, ...refusals } },
    handler: (request) => assignment.assignMany(viewerOf(request), request.body.ids, request.body.limit),
  });
  app.get('/api/ticket-rules', {
    config: read,
    schema: { tags, summary: 'The kinds of tickets with their ways, and who gets which', response: { 200: ticketRulesAnswer, ...refusals } },
    handler: () => assignment.rules(),
  });
  app.put('/api/ticket-rules', {
    config: manage,
    schema: { tags, summary: 'Change kinds, ways and routes; needs the right to configure tickets', body: ticketRulesInput, response: { 200: ticketRulesAnswer, ...refusals } },
    handler: (request) => assignment.changeRules(viewerOf(request), request.body),
  });
}
