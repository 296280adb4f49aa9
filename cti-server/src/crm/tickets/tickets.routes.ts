import { page, ticket, ticketInput, ticketQuery, versioned } from '../../contracts/index.ts';
import { type HttpApp, viewerOf } from '../../platform/http.ts';
import { idParams, refusals } from '../refusals.ts';
import type { Tickets } from './tickets.service.ts';

const tags = ['tickets'];
const read = { access: ['tickets.read', 'tickets.manage'] } as const;
const manage = { access: ['tickets.manage'] } as const;

/** From which call a ticket came does not change. */
export const ticketChange = versioned(ticketInput.omit({ callId: true }));

export function registerTicketRoutes(app: HttpApp, tickets: Tickets): void {
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
}
